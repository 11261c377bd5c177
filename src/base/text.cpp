#include "base/text.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace tollgate {

namespace {

constexpr std::array<bool, 256> make_token_table() {
    std::array<bool, 256> table{};
    for (unsigned char c = '0'; c <= '9'; ++c)
        table[c] = true;
    for (unsigned char c = 'a'; c <= 'z'; ++c)
        table[c] = true;
    for (unsigned char c = 'A'; c <= 'Z'; ++c)
        table[c] = true;
    for (unsigned char c :
         {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~'})
        table[c] = true;
    return table;
}
constexpr auto token_table = make_token_table();

}  // namespace

bool is_token_char(char c) noexcept {
    return token_table[static_cast<unsigned char>(c)];
}

bool is_token_text(std::string_view text) noexcept {
    for (char const c : text)
        if (!token_table[static_cast<unsigned char>(c)]) return false;
    return true;
}

std::string to_lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        c = to_lower(c);
    return out;
}

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::string_view next_part(std::string_view& rest, char separator) noexcept {
    auto const at = rest.find(separator);
    auto const part = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
    return trim(part);
}

namespace {

// It begins with eight bytes of ASCII, which most texts are.
bool is_ascii_word(std::string_view text) noexcept {
    std::uint64_t word = 0;
    if (text.size() < sizeof word) return false;
    std::memcpy(&word, text.data(), sizeof word);
    return (word & 0x8080808080808080u) == 0;
}

// The number of continuation bytes after `lead`, or -1.
int continuation(unsigned char lead) noexcept {
    if (lead < 0x80) return 0;
    if (lead >= 0xc2 && lead <= 0xdf) return 1;
    if (lead >= 0xe0 && lead <= 0xef) return 2;
    if (lead >= 0xf0 && lead <= 0xf4) return 3;
    return -1;
}

// RFC 3629 §4: after these leads the second byte is limited further.
bool second_fits(unsigned char lead, unsigned char second) noexcept {
    switch (lead) {
        case 0xe0:
            return second >= 0xa0;
        case 0xed:
            return second <= 0x9f;
        case 0xf0:
            return second >= 0x90;
        case 0xf4:
            return second <= 0x8f;
        default:
            return true;
    }
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        if (is_ascii_word(text.substr(i))) {
            i += sizeof(std::uint64_t);
            continue;
        }
        auto const lead = static_cast<unsigned char>(text[i]);
        auto const more = continuation(lead);
        if (more < 0 || text.size() - i <= static_cast<std::size_t>(more)) return false;
        for (int k = 1; k <= more; ++k) {
            auto const byte = static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]);
            if ((byte & 0xc0) != 0x80) return false;
            if (k == 1 && !second_fits(lead, byte)) return false;
        }
        i += static_cast<std::size_t>(more) + 1;
    }
    return true;
}

namespace {

struct code_points {
    char32_t first;
    char32_t last;
};

// Default_Ignorable_Code_Point but for the variation selectors (which choose how a sign looks), the
// separators of lines and paragraphs, and the interlinear annotations. In order.
constexpr std::array<code_points, 16> invisible{{{0xad, 0xad},
                                                 {0x34f, 0x34f},
                                                 {0x61c, 0x61c},
                                                 {0x115f, 0x1160},
                                                 {0x17b4, 0x17b5},
                                                 {0x180e, 0x180e},
                                                 {0x200b, 0x200f},
                                                 {0x2028, 0x202e},
                                                 {0x2060, 0x206f},
                                                 {0x3164, 0x3164},
                                                 {0xfeff, 0xfeff},
                                                 {0xffa0, 0xffa0},
                                                 {0xfff0, 0xfffb},
                                                 {0x1bca0, 0x1bca3},
                                                 {0x1d173, 0x1d17a},
                                                 {0xe0000, 0xe00ff}}};

bool is_invisible(char32_t c) noexcept {
    for (auto const& range : invisible)
        if (c >= range.first && c <= range.last) return true;
    return false;
}

// Of a character that is well-formed: `length` bytes.
char32_t code_point(std::string_view character) noexcept {
    auto const lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return lead;
    // 110xxxxx, 1110xxxx, 11110xxx: the lead keeps what stands behind its zero.
    auto c = static_cast<char32_t>(lead & (0x7f >> character.size()));
    for (char const byte : character.substr(1))
        c = (c << 6) | (static_cast<unsigned char>(byte) & 0x3f);
    return c;
}

}  // namespace

std::string without_invisible(std::string_view text) {
    if (!is_utf8(text)) return std::string(text);
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const more = continuation(static_cast<unsigned char>(text.front()));
        auto const character = text.substr(0, static_cast<std::size_t>(more) + 1);
        if (!is_invisible(code_point(character))) out += character;
        text.remove_prefix(character.size());
    }
    return out;
}

std::string html_escape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string printable(std::string_view text, std::size_t limit) {
    std::string out(text.substr(0, limit));
    for (auto& c : out) {
        if (c < ' ' || c > '~') c = '?';
    }
    if (text.size() > limit) out += "...";
    return out;
}

std::string quoted_string_escape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c >= ' ' && c <= '~' ? c : '?';
    }
    return out;
}

}  // namespace tollgate
