#include "http/message/secret_names.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace tollgate::http {

namespace {

// Names as letters_of() writes them. Whoever reads what is written down must not be able to go on
// with what is under way: so state and what a login form holds are among them.
constexpr std::array<std::string_view, 19> random_secrets{"accesstoken",
                                                          "actortoken",
                                                          "assertion",
                                                          "clientassertion",
                                                          "code",
                                                          "codeverifier",
                                                          "devicecode",
                                                          "formrequest",
                                                          "formseal",
                                                          "idtoken",
                                                          "idtokenhint",
                                                          "initialaccesstoken",
                                                          "logouttoken",
                                                          "refreshtoken",
                                                          "registrationaccesstoken",
                                                          "request",
                                                          "state",
                                                          "subjecttoken",
                                                          "token"};
constexpr std::array<std::string_view, 3> guessable_secrets{"clientsecret", "password", "usercode"};
// RFC 7636 §4.2, RFC 9449 §10, RFC 7800 §3.1, RFC 7638: digests that are there to be seen.
constexpr std::array<std::string_view, 4> open_values{"codechallenge", "dpopjkt", "jkt", "kid"};

std::string letters_of(std::string_view name) {
    auto plain = to_lower(name);
    std::erase_if(plain, [](char c) { return c == '_' || c == '-' || c == '[' || c == ']'; });
    return plain;
}

// Three parts with dots between them, the first of which begins with "{\"" (RFC 7519 §3).
bool looks_like_a_jwt(std::string_view word) noexcept {
    return word.starts_with("eyJ") && std::ranges::count(word, '.') >= 2;
}

// By chance one letter of random_token() is nearly always upper and one lower case.
bool is_mixed(std::string_view word) noexcept {
    auto const among = [&](char least, char most) {
        return std::ranges::any_of(word, [&](char c) { return c >= least && c <= most; });
    };
    return word.find('.') == word.npos && among('a', 'z') && among('A', 'Z');
}

bool looks_like_a_token(std::string_view word) noexcept {
    constexpr std::size_t shortest = 40;
    return looks_like_a_jwt(word) || (word.size() >= shortest && is_mixed(word));
}

// 32 bytes as base64url.
bool looks_like_our_token(std::string_view word) noexcept {
    constexpr std::size_t length = 43;
    return looks_like_a_jwt(word) || (word.size() == length && is_mixed(word));
}

bool is_hex(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string replace_words(std::string_view text, bool (*wanted)(std::string_view) noexcept,
                          replacement const& replaced) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    std::string out;
    while (!text.empty()) {
        auto const begin = std::min(text.find_first_of(letters), text.size());
        out += text.substr(0, begin);
        text.remove_prefix(begin);
        // An escaped character is no part of the word behind it.
        if (out.ends_with('%') && text.size() >= 2 && is_hex(text[0]) && is_hex(text[1])) {
            out += text.substr(0, 2);
            text.remove_prefix(2);
            continue;
        }
        auto const end = std::min(text.find_first_not_of(letters), text.size());
        auto word = text.substr(0, end);
        while (word.ends_with('.'))
            word.remove_suffix(1);  // of a sentence
        out += wanted(word) ? replaced(word) : std::string(word);
        out += text.substr(word.size(), end - word.size());
        text.remove_prefix(end);
    }
    return out;
}

}  // namespace

secrecy secrecy_of(std::string_view name) {
    auto const plain = letters_of(name);
    if (plain == "sessionid") return secrecy::session;
    if (std::ranges::find(guessable_secrets, plain) != guessable_secrets.end())
        return secrecy::guessable;
    if (std::ranges::find(random_secrets, plain) != random_secrets.end()) return secrecy::random;
    bool const open = std::ranges::find(open_values, plain) != open_values.end();
    return open ? secrecy::open : secrecy::none;
}

secrecy secrecy_of_field(std::string_view name) {
    auto const plain = letters_of(name);
    if (plain.ends_with("secret") || plain.ends_with("password")) return secrecy::guessable;
    bool const random = plain.ends_with("token") || plain.ends_with("apikey");
    return random ? secrecy::random : secrecy::none;
}

std::string replace_tokens(std::string_view text, replacement const& replaced) {
    return replace_words(text, &looks_like_a_token, replaced);
}

std::string replace_own_tokens(std::string_view text, replacement const& replaced) {
    return replace_words(text, &looks_like_our_token, replaced);
}

}  // namespace tollgate::http
