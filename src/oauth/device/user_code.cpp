#include "oauth/device/user_code.hpp"

#include <algorithm>

#include "base/crypto.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::string_view alphabet = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t length = 8;
constexpr std::size_t longest_typed = 64;

}  // namespace

std::string random_user_code() {
    // The largest multiple of the alphabet's size below 256: every letter is equally likely.
    constexpr unsigned fair = 256 - 256 % alphabet.size();
    std::string code;
    while (code.size() < length) {
        // The text is made of 64 characters only; its digest has every byte.
        for (char const c : sha256(random_token())) {
            auto const byte = static_cast<unsigned char>(c);
            if (byte < fair && code.size() < length) code += alphabet[byte % alphabet.size()];
        }
    }
    return code;
}

std::string shown_user_code(std::string_view code) {
    std::string shown(code.substr(0, length / 2));
    shown += '-';
    shown += code.substr(length / 2);
    return shown;
}

std::string typed_user_code(std::string_view text) {
    if (text.size() > longest_typed) return {};
    std::string code;
    for (char const c : text) {
        bool const lower = c >= 'a' && c <= 'z';
        char const upper = lower ? static_cast<char>(c - 'a' + 'A') : c;
        // Punctuation is skipped. A letter or digit that no code has means something else was
        // typed.
        if (alphabet.find(upper) != alphabet.npos)
            code += upper;
        else if (lower || (upper >= 'A' && upper <= 'Z') || (upper >= '0' && upper <= '9'))
            return {};
    }
    return code.size() == length ? code : std::string();
}

}  // namespace tollgate::oauth
