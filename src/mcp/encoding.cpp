#include "mcp/encoding.hpp"

#include <array>
#include <stdexcept>

#include <openssl/rand.h>

namespace tollgate::mcp {

namespace {

constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int sextet(char c) noexcept {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    if (c == '/') return 63;
    return -1;
}

// Strict: padded to a multiple of four, no other characters, unused bits zero.
std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    auto const padding = text.ends_with("==") ? 2u : text.ends_with("=") ? 1u : 0u;
    text.remove_suffix(padding);
    std::string out;
    unsigned held = 0;
    unsigned bits = 0;
    for (auto const c : text) {
        auto const value = sextet(c);
        if (value < 0) return std::nullopt;
        held = (held << 6 | static_cast<unsigned>(value)) & 0xFFFFu;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out += static_cast<char>(held >> bits & 0xFFu);
    }
    if ((held & ((1u << bits) - 1)) != 0) return std::nullopt;
    return out;
}

}  // namespace

std::string random_session_id() {
    std::array<unsigned char, 32> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw std::runtime_error("the random number generator failed");
    }
    std::string out;
    out.reserve(43);
    unsigned held = 0;
    unsigned bits = 0;
    for (auto const b : bytes) {
        held = (held << 8 | b) & 0xFFFFu;
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            out += url_alphabet[held >> bits & 0x3Fu];
        }
    }
    out += url_alphabet[held << (6 - bits) & 0x3Fu];
    return out;
}

std::optional<std::string> decode_header_value(std::string_view value) {
    constexpr std::string_view prefix = "=?base64?";
    constexpr std::string_view suffix = "?=";
    if (!value.starts_with(prefix) || !value.ends_with(suffix) ||
        value.size() < prefix.size() + suffix.size()) {
        return std::string(value);
    }
    value.remove_prefix(prefix.size());
    value.remove_suffix(suffix.size());
    return decode_base64(value);
}

}  // namespace tollgate::mcp
