// Maps of strings that are asked with views, and with texts whose hash is known already.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tollgate::oauth {

// A view and its hash: a record is looked up several times on its way into the store, by the same
// realm, key and groups.
class hashed_text {
public:
    template <std::convertible_to<std::string_view> Text>
    hashed_text(Text const& text) noexcept  // NOLINT(google-explicit-constructor)
        : text_(text), hash_(std::hash<std::string_view>{}(text_)) {}

    operator std::string_view() const noexcept { return text_; }
    std::string_view text() const noexcept { return text_; }
    std::size_t hash() const noexcept { return hash_; }

private:
    std::string_view text_;
    std::size_t hash_;
};

// Not noexcept, though it throws nothing: so the library keeps the hash with each key, where it
// would hash again whoever stands in the same bucket.
struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
    std::size_t operator()(std::string const& s) const { return (*this)(std::string_view(s)); }
    std::size_t operator()(hashed_text const& s) const { return s.hash(); }
};
struct text_equal {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const noexcept { return a == b; }
};
template <class T>
using text_map = std::unordered_map<std::string, T, text_hash, text_equal>;

}  // namespace tollgate::oauth
