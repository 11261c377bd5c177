// Mixed: a well-mixed function of a seed and an index, so that no generator has to be shared.
#pragma once

#include <cstdint>

namespace tollgate {

// From 0 on and below 1 (splitmix64).
constexpr double uniform(std::uint64_t seed, std::uint64_t index) noexcept {
    auto z = seed + index * 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z ^= z >> 31;
    return static_cast<double>(z >> 11) * 0x1.0p-53;
}

}  // namespace tollgate
