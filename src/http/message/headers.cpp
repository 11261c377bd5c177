#include "http/message/headers.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/text.hpp"

namespace tollgate::http {

namespace {

constexpr std::size_t word_size = sizeof(std::uint64_t);

std::uint64_t word_at(char const* text) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, text, word_size);
    return word;
}

// to_lower() of eight characters: the sums reach the highest bit of a byte from 'A' on and beyond
// 'Z' on.
std::uint64_t lower(std::uint64_t word) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101u;
    auto const low_bits = word & (ones * 0x7f);
    auto const from_a = low_bits + ones * (0x80 - 'A');
    auto const beyond_z = low_bits + ones * (0x7f - 'Z');
    auto const capital = (from_a ^ beyond_z) & ~word & (ones * 0x80);
    return word | (capital >> 2);
}

// Most are spelled as we spell them.
bool same_word(char const* a, char const* b) noexcept {
    auto const x = word_at(a);
    auto const y = word_at(b);
    return x == y || lower(x) == lower(y);
}

}  // namespace

bool same_but_for_case(char const* a, char const* b, std::size_t length) noexcept {
    if (length < word_size) {
        for (std::size_t i = 0; i < length; ++i)
            if (to_lower(a[i]) != to_lower(b[i])) return false;
        return true;
    }
    std::size_t at = 0;
    for (; at + word_size <= length; at += word_size)
        if (!same_word(a + at, b + at)) return false;
    // The last word overlaps the one before.
    auto const last = length - word_size;
    return at == length || same_word(a + last, b + last);
}

void header_list::add(std::string name, std::string value) {
    // Most answers have no more: one piece of memory in place of four that grow.
    constexpr std::size_t usual = 8;
    if (lines_.capacity() == 0) lines_.reserve(usual);
    lines_.emplace_back(std::move(name), std::move(value));
}

void header_list::set(std::string_view name, std::string value) {
    erase(name);
    lines_.emplace_back(std::string(name), std::move(value));
}

void header_list::erase(std::string_view name) {
    std::erase_if(lines_, [name](header const& h) { return iequals(h.name, name); });
}

std::string_view header_list::get(std::string_view name) const noexcept {
    for (auto const& h : lines_) {
        if (iequals(h.name, name)) return h.value;
    }
    return {};
}

bool header_list::has(std::string_view name) const noexcept {
    return std::any_of(lines_.begin(), lines_.end(),
                       [name](header const& h) { return iequals(h.name, name); });
}

}  // namespace tollgate::http
