#include "control/journal/redaction.hpp"

#include <algorithm>
#include <array>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "http/message/form.hpp"
#include "http/message/headers.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

constexpr std::size_t pseudonym_length = 8;  // as in GET state

// Names as letters_of() writes them. Random enough that a digest does not give them away.
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
// Chosen by people, or short.
constexpr std::array<std::string_view, 3> guessable_secrets{"clientsecret", "password", "usercode"};

enum class secrecy { none, random, guessable, session };

// A client that spells a name wrongly sends the secret all the same: refreshToken, token[].
std::string letters_of(std::string_view name) {
    auto plain = to_lower(name);
    std::erase_if(plain, [](char c) { return c == '_' || c == '-' || c == '[' || c == ']'; });
    return plain;
}

secrecy secrecy_of(std::string_view name) {
    auto const plain = letters_of(name);
    if (plain == "sessionid") return secrecy::session;
    if (std::ranges::find(guessable_secrets, plain) != guessable_secrets.end())
        return secrecy::guessable;
    bool const random = std::ranges::find(random_secrets, plain) != random_secrets.end();
    return random ? secrecy::random : secrecy::none;
}

// Of a header field that no standard knows.
bool names_a_secret(std::string_view field) {
    auto const plain = letters_of(field);
    return plain.ends_with("token") || plain.ends_with("secret") || plain.ends_with("apikey");
}

std::string replaced(secrecy how, std::string_view value) {
    if (how == secrecy::none || value.empty()) return std::string(value);
    if (how == secrecy::session) return session_label(value);
    return how == secrecy::guessable ? "***" : pseudonym(value);
}

// name=value&name=value, as it was encoded.
std::string redact_pairs(std::string_view pairs) {
    std::string out;
    while (true) {
        auto const end = pairs.find('&');
        auto const pair = pairs.substr(0, end);
        auto const equals = pair.find('=');
        auto const name = http::percent_decode(pair.substr(0, equals), true);
        auto const how = name ? secrecy_of(*name) : secrecy::none;
        out += pair.substr(0, equals == pair.npos ? pair.size() : equals + 1);
        if (equals != pair.npos) {
            auto const value = http::percent_decode(pair.substr(equals + 1), true);
            out += how == secrecy::none ? std::string(pair.substr(equals + 1))
                                        : replaced(how, value ? *value : std::string());
        }
        if (end == pairs.npos) return out;
        out += '&';
        pairs.remove_prefix(end + 1);
    }
}

// Of random_token(): 43 letters of base64url, and by chance one of them nearly always upper and one
// lower case. A JWT has two dots, or more, and begins with "{\"" (RFC 7519 §3).
bool looks_like_a_token(std::string_view word) noexcept {
    constexpr std::size_t shortest = 40;
    if (word.starts_with("eyJ") && std::ranges::count(word, '.') >= 2) return true;
    auto const among = [&](char least, char most) {
        return std::ranges::any_of(word, [&](char c) { return c >= least && c <= most; });
    };
    return word.size() >= shortest && word.find('.') == word.npos && among('a', 'z') &&
           among('A', 'Z');
}

// Where tokens are told as what they are not, a sentence of ours may repeat them.
constexpr std::string_view of_sentences = "error_description";

void redact(json::value& v, secrecy how = secrecy::none) {
    if (auto* text = v.if_string()) {
        if (how != secrecy::none)
            *text = replaced(how, *text);
        else if (text->starts_with("http://") || text->starts_with("https://"))
            *text = redact_target(*text);  // verification_uri_complete has the user code
    } else if (auto* list = v.if_array()) {
        for (auto& one : *list)
            redact(one, how);
    } else if (auto* object = v.if_object()) {
        for (auto& member : *object) {
            redact(member.value(), secrecy_of(member.key()));
            auto* sentence = member.value().if_string();
            if (sentence && member.key() == of_sentences) *sentence = redact_tokens(*sentence);
        }
    }
}

std::string size_alone(std::size_t size) {
    return "(" + std::to_string(size) + " bytes)";
}

// Basic holds a secret that a person may have chosen; the others a token.
std::string redact_credentials(std::string_view value) {
    auto const space = value.find(' ');
    if (space == value.npos) return "***";
    auto const scheme = value.substr(0, space);
    auto const rest = value.substr(space + 1);
    bool const basic = http::iequals(scheme, "Basic");
    return std::string(scheme) + ' ' + (basic ? "***" : pseudonym(rest));
}

// a=b; c=d: every cookie, and the first pair alone of a Set-Cookie.
std::string redact_cookies(std::string_view value, bool set) {
    std::string out;
    bool first = true;
    while (!value.empty()) {
        auto const end = value.find(';');
        auto const pair = value.substr(0, end);
        value = end == value.npos ? std::string_view() : value.substr(end + 1);
        auto const equals = pair.find('=');
        if (!first) out += ';';
        if (set && !first)
            out += pair;
        else if (equals == pair.npos)
            out += "***";
        else
            out += std::string(pair.substr(0, equals + 1)) + pseudonym(pair.substr(equals + 1));
        first = false;
    }
    return out;
}

}  // namespace

std::string pseudonym(std::string_view secret) {
    constexpr std::size_t shortest = 16;
    if (secret.size() < shortest) return "***";
    return '~' + digest_of(secret).substr(0, pseudonym_length);
}

std::string session_label(std::string_view id) {
    return std::string(id.substr(0, 8)) + "…";
}

bool is_secret_name(std::string_view name) {
    return secrecy_of(name) != secrecy::none;
}

std::string redact_field(std::string_view name, std::string_view value) {
    auto const is = [&](std::string_view other) { return http::iequals(name, other); };
    if (is("Authorization") || is("Proxy-Authorization")) return redact_credentials(value);
    // The last one is how our MCP server shows our authorization server who is asking.
    if (is("DPoP") || is("Tollgate-Internal") || names_a_secret(name)) return pseudonym(value);
    if (is("Mcp-Session-Id")) return session_label(value);
    if (is("Cookie")) return redact_cookies(value, false);
    if (is("Set-Cookie")) return redact_cookies(value, true);
    if (is("Location") || is("Referer") || is("Content-Location")) return redact_target(value);
    return std::string(value);
}

std::string redact_target(std::string_view target) {
    auto const fragment = target.find('#');
    auto const before = target.substr(0, fragment);
    auto const question = before.find('?');
    auto out = redact_tokens(before.substr(0, question));
    if (question != before.npos) out += '?' + redact_pairs(before.substr(question + 1));
    if (fragment != target.npos) out += '#' + redact_pairs(target.substr(fragment + 1));
    return out;
}

std::string redact_tokens(std::string_view text) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    std::string out;
    while (!text.empty()) {
        auto const begin = std::min(text.find_first_of(letters), text.size());
        out += text.substr(0, begin);
        text.remove_prefix(begin);
        auto const end = std::min(text.find_first_not_of(letters), text.size());
        auto word = text.substr(0, end);
        while (word.ends_with('.'))
            word.remove_suffix(1);  // of a sentence
        out += looks_like_a_token(word) ? pseudonym(word) : std::string(word);
        out += text.substr(word.size(), end - word.size());
        text.remove_prefix(end);
    }
    return out;
}

std::string redact_json(std::string_view text) {
    json::error_code wrong;
    auto value = json::parse(text, wrong);
    if (wrong) return size_alone(text.size());
    redact(value);
    return json::serialize(value);
}

std::string redact_body(std::string_view media_type, std::string_view kept, std::size_t size) {
    if (size == 0) return {};
    if (kept.size() != size) return size_alone(size);
    if (media_type == "application/x-www-form-urlencoded") return redact_pairs(kept);
    bool const is_json = media_type == "application/json" || media_type.ends_with("+json");
    return is_json ? redact_json(kept) : size_alone(size);
}

}  // namespace tollgate::control
