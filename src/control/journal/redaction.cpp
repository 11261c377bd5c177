#include "control/journal/redaction.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "http/message/form.hpp"
#include "http/message/headers.hpp"
#include "http/message/secret_names.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

constexpr std::size_t pseudonym_length = 8;  // as in GET state

using http::secrecy;
using http::secrecy_of;

std::string own_tokens_redacted(std::string_view text) {
    return http::replace_own_tokens(text, pseudonym);
}

std::string replaced(secrecy how, std::string_view value) {
    if (how == secrecy::none) return own_tokens_redacted(value);
    if (how == secrecy::open || value.empty()) return std::string(value);
    if (how == secrecy::session) return session_label(value);
    return how == secrecy::guessable ? "***" : pseudonym(value);
}

// Whether nothing but a token in the wrong place has to be hidden, which no encoding changes.
bool is_shown(secrecy how) noexcept {
    return how == secrecy::none || how == secrecy::open;
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
        out += own_tokens_redacted(pair.substr(0, equals));
        if (equals != pair.npos) {
            auto const encoded = pair.substr(equals + 1);
            auto const value = http::percent_decode(encoded, true);
            out += '=';
            out += replaced(how, is_shown(how) ? encoded : value ? *value : std::string());
        }
        if (end == pairs.npos) return out;
        out += '&';
        pairs.remove_prefix(end + 1);
    }
}

// Where tokens are told as what they are not, a sentence of ours may repeat them.
constexpr std::string_view of_sentences = "error_description";

// Of a key: RFC 7518 §6.2.2, §6.3.2, §6.4.1.
bool is_private(std::string_view member) noexcept {
    constexpr std::string_view all[] = {"d", "p", "q", "dp", "dq", "qi", "k", "oth"};
    return std::ranges::find(all, member) != std::end(all);
}

void redact(json::value& v, secrecy how = secrecy::none) {
    if (auto* text = v.if_string()) {
        bool const url = text->starts_with("http://") || text->starts_with("https://");
        // verification_uri_complete has the user code
        *text = url && is_shown(how) ? redact_target(*text) : replaced(how, *text);
    } else if (auto* list = v.if_array()) {
        for (auto& one : *list)
            redact(one, how);
    } else if (auto* object = v.if_object()) {
        bool const is_key = object->contains("kty");  // RFC 7517 §4
        for (auto& member : *object) {
            auto inside = secrecy_of(member.key());
            if (is_key && inside == secrecy::none)
                inside = is_private(member.key()) ? secrecy::random : secrecy::open;
            redact(member.value(), inside);
            auto* sentence = member.value().if_string();
            if (sentence && member.key() == of_sentences) *sentence = redact_tokens(*sentence);
        }
    }
}

// What a client sent need not be UTF-8; JSON must be (RFC 8259 §8.1).
std::string as_utf8(std::string text) {
    if (is_utf8(text)) return text;
    std::ranges::replace_if(
        text, [](unsigned char c) { return c >= 0x80; }, '?');
    return text;
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
    return as_utf8(std::string(id.substr(0, 8))) + "…";
}

namespace {

std::string field_redacted(std::string_view name, std::string_view value) {
    auto const is = [&](std::string_view other) { return http::iequals(name, other); };
    if (is("Authorization") || is("Proxy-Authorization")) return redact_credentials(value);
    // The last one is how our MCP server shows our authorization server who is asking.
    if (is("DPoP") || is("Tollgate-Internal")) return pseudonym(value);
    if (is("Mcp-Session-Id")) return session_label(value);
    if (is("Cookie")) return redact_cookies(value, false);
    if (is("Set-Cookie")) return redact_cookies(value, true);
    if (is("Location") || is("Referer") || is("Content-Location")) return redact_target(value);
    return replaced(http::secrecy_of_field(name), value);
}

}  // namespace

std::string redact_field(std::string_view name, std::string_view value) {
    return as_utf8(field_redacted(name, value));
}

std::string redact_target(std::string_view target) {
    auto const fragment = target.find('#');
    auto const before = target.substr(0, fragment);
    auto const question = before.find('?');
    auto out = redact_tokens(before.substr(0, question));
    if (question != before.npos) out += '?' + redact_pairs(before.substr(question + 1));
    if (fragment != target.npos) out += '#' + redact_pairs(target.substr(fragment + 1));
    return as_utf8(std::move(out));
}

std::string redact_tokens(std::string_view text) {
    return as_utf8(http::replace_tokens(text, pseudonym));
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
    if (media_type == "application/x-www-form-urlencoded") return as_utf8(redact_pairs(kept));
    bool const is_json = media_type == "application/json" || media_type.ends_with("+json");
    return is_json ? redact_json(kept) : size_alone(size);
}

}  // namespace tollgate::control
