// Header fields: owned on the way out, views on the way in.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::http {

// The same text but for ASCII case; both have that length.
bool same_but_for_case(char const* a, char const* b, std::size_t length) noexcept;

// Field names compare without regard to ASCII case (RFC 9110 §5.1). Most are told apart by their
// length or first letter: a request is looked through for a field some thirty times.
inline bool iequals(std::string_view a, std::string_view b) noexcept {
    constexpr unsigned case_bit = 0x20;
    if (a.size() != b.size()) return false;
    if (a.empty()) return true;
    auto const differ = static_cast<unsigned char>(a.front() ^ b.front());
    return (differ & ~case_bit) == 0 && same_but_for_case(a.data(), b.data(), a.size());
}

struct header {
    std::string name;
    std::string value;
    header(std::string n, std::string v) : name(std::move(n)), value(std::move(v)) {}
};

// The header fields of a message that we build. Small: looked through from the front.
class header_list {
public:
    // Appends a line even when the name is there already (Set-Cookie, WWW-Authenticate).
    void add(std::string name, std::string value);
    // Makes `value` the only line of that name.
    void set(std::string_view name, std::string value);
    void erase(std::string_view name);
    // The first value, or an empty view.
    std::string_view get(std::string_view name) const noexcept;
    bool has(std::string_view name) const noexcept;

    auto begin() const noexcept { return lines_.begin(); }
    auto end() const noexcept { return lines_.end(); }
    std::size_t size() const noexcept { return lines_.size(); }

private:
    std::vector<header> lines_;
};

// One received header line; points into the connection's buffer.
struct header_view {
    std::string_view name;
    std::string_view value;
};

}  // namespace tollgate::http
