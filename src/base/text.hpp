// Small helpers over text that several units need.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tollgate {

constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string to_lower(std::string_view text);
// Without the spaces and tabs around it (RFC 9110 §5.6.3, OWS).
std::string_view trim(std::string_view text) noexcept;
// Takes what stands before `separator` off the front of `rest`, trimmed.
std::string_view next_part(std::string_view& rest, char separator) noexcept;
// May stand in a field name or a method (RFC 9110 §5.6.2).
bool is_token_char(char c) noexcept;
// All of its characters may; so do those of an empty text.
bool is_token_text(std::string_view text) noexcept;
// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates.
bool is_utf8(std::string_view text) noexcept;
// Without the characters that cannot be seen and change how others are: of format and direction
// (Unicode TR36, "Bidirectional Text Spoofing"), and those that are ignored where a font lacks
// them. UTF-8; what is none is left as it is.
std::string without_invisible(std::string_view text);
// Safe as HTML text and inside a double-quoted attribute.
std::string html_escape(std::string_view text);
// At most `limit` characters, with everything but printable ASCII replaced by '?': what a peer
// sent, fit to be shown in a sentence.
std::string printable(std::string_view text, std::size_t limit = 200);
// The inside of an HTTP quoted-string (RFC 9110 §5.6.4): quotes and backslashes escaped, control
// and non-ASCII characters replaced by '?', so that it can stand in a header.
std::string quoted_string_escape(std::string_view text);

}  // namespace tollgate
