// Forms: application/x-www-form-urlencoded, strictly, for bodies and for query strings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message/problem.hpp"

namespace tollgate::http {

class form {
public:
    // RFC 6749 §3.1 and §3.2: parameters sent without a value are treated as if they were omitted.
    // That is done here and nowhere else: no reader sees them, and they are no repetition either.
    // Refuses bad percent-encoding, NUL, CR and LF, invalid UTF-8, more than 100 parameters and one
    // of more than 64 KiB, each with a sentence (400 invalid_request).
    static outcome<form> parse(std::string_view encoded);

    // The value of a parameter that is there exactly once, else nothing.
    std::optional<std::string_view> one(std::string_view name) const;
    std::vector<std::string_view> all(std::string_view name) const;
    bool has(std::string_view name) const;
    // RFC 6749 §3.1: parameters must not be included more than once. The first name that is
    // there twice; `may_repeat` (RFC 8707: resource) does not count.
    std::optional<std::string_view> repeated(std::string_view may_repeat = "resource") const;

    // The names that came without a value, for who passes on or shows what was sent.
    std::vector<std::string> const& without_value() const noexcept { return empty_; }
    // Encoded again: what was read, and nothing else.
    std::string text() const;

    auto begin() const noexcept { return pairs_.begin(); }
    auto end() const noexcept { return pairs_.end(); }

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
    std::vector<std::string> empty_;
};

std::string percent_encode(std::string_view text);  // everything but RFC 3986 unreserved
outcome<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
// `url` with parameters appended to its query, encoded.
std::string with_query(std::string url,
                       std::vector<std::pair<std::string, std::string>> const& parameters);

}  // namespace tollgate::http
