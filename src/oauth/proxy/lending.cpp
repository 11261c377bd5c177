#include "oauth/proxy/lending.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "oauth/model/supported.hpp"

namespace tollgate::oauth {

namespace {

bool is_one_of(char c, std::string_view all) {
    return c != '\0' && all.find(c) != std::string_view::npos;
}

bool is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 3986 §3.4, less ";": what clients leave as it is when they encode a form, each by its own
// list.
bool is_form_character(char c) {
    return is_alnum(c) || is_one_of(c, "-._~%&=+*!$'(),:@/?");
}

// RFC 9110 §8.3: a parameter changes what the bytes mean. Only charset is known for forms.
bool is_utf8_form(std::string_view content_type) {
    auto rest = content_type;
    auto const type = next_part(rest, ';');
    if (!http::iequals(type, "application/x-www-form-urlencoded")) return false;
    auto value = trim(rest);
    if (value.empty()) return content_type.find(';') == std::string_view::npos;
    auto const name = next_part(value, '=');
    return http::iequals(name, "charset") &&
           (http::iequals(value, "utf-8") || http::iequals(value, "\"utf-8\""));
}

bool is_plain_name(std::string const& name) {
    return std::ranges::all_of(
        name, [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '-'; });
}

}  // namespace

bool holds_something(http::form const& f, bool at_token_endpoint) {
    using held = std::pair<std::string_view, std::string_view>;
    constexpr std::array things{held{grant_code, "code"}, held{grant_refresh, "refresh_token"},
                                held{grant_device, "device_code"}};
    if (!at_token_endpoint) return f.one("token").has_value();
    auto const type = f.one("grant_type");
    return type && std::ranges::any_of(things, [&](held const& one) {
               return one.first == *type && f.one(one.second);
           });
}

bool has_credentials(http::request const& r, http::form const& f) {
    return r.has("Authorization") || f.has("client_secret") || f.has("client_assertion") ||
           f.has("client_assertion_type");
}

bool reads_one_way(http::request const& r, http::form const& f) {
    return r.query.empty() && r.count("Content-Type") == 1 &&
           is_utf8_form(r.header("Content-Type")) && !r.has("Content-Encoding") && !f.repeated() &&
           std::ranges::all_of(r.body, is_form_character) &&
           std::ranges::all_of(f, [](auto const& p) { return is_plain_name(p.first); });
}

}  // namespace tollgate::oauth
