// Copy around caches: writing much that nobody reads soon, so that it pushes nothing out of them.
#pragma once

#include <cstddef>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tollgate::control {

// `to` and `from` are aligned to sixteen bytes, `size` is a multiple of it. Whoever sees what the
// caller stores afterwards sees the bytes. An ordinary copy where the processor knows no other.
inline void copy_around_caches(std::byte* to, std::byte const* from, std::size_t size) noexcept {
#if defined(__SSE2__)
    auto* into = reinterpret_cast<__m128i*>(to);
    auto const* out_of = reinterpret_cast<__m128i const*>(from);
    for (std::size_t i = 0; i < size / sizeof(__m128i); ++i)
        _mm_stream_si128(into + i, _mm_load_si128(out_of + i));
    _mm_sfence();
#else
    std::memcpy(to, from, size);
#endif
}

}  // namespace tollgate::control
