#include "control/faults/effects/presented.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "http/message/request.hpp"

namespace tollgate::control {

namespace {

std::string after_scheme(http::request const& r, std::string_view scheme) {
    auto const value = r.header("Authorization");
    if (value.size() <= scheme.size() || !http::iequals(value.substr(0, scheme.size()), scheme))
        return {};
    return std::string(trim(value.substr(scheme.size())));
}

// The user part of Basic credentials, form-decoded (RFC 6749 §2.3.1).
std::string basic_user(http::request const& r) {
    auto const decoded = from_base64(after_scheme(r, "Basic "));
    if (!decoded) return {};
    auto const user = std::string_view(*decoded).substr(0, decoded->find(':'));
    auto plain = http::percent_decode(user, true);
    return plain ? std::move(*plain) : std::string();
}

}  // namespace

std::string form_value(http::context& c, std::string_view name) {
    if (c.request().body.empty()) return {};
    auto const form = c.body_form();
    if (!form) return {};
    return std::string((*form)->one(name).value_or(""));
}

std::string query_value(http::context& c, std::string_view name) {
    if (c.request().query.empty()) return {};
    auto const query = c.query();
    if (!query) return {};
    return std::string((*query)->one(name).value_or(""));
}

std::string presented_secret(http::context& c) {
    if (auto const* who = c.who(); who != nullptr && !who->token.empty()) return who->token;
    for (std::string_view const scheme : {"Bearer ", "DPoP "}) {
        auto token = after_scheme(c.request(), scheme);
        if (!token.empty()) return token;
    }
    for (std::string_view const name : {"refresh_token", "code", "token"}) {
        auto value = form_value(c, name);
        if (!value.empty()) return value;
    }
    return {};
}

std::string presented_session(http::context& c) {
    auto id = std::string(c.request().header("Mcp-Session-Id"));
    return id.empty() ? query_value(c, "sessionId") : id;
}

std::string presented_client(http::context& c) {
    if (auto const* who = c.who()) return who->who.client_id;
    auto id = basic_user(c.request());
    if (id.empty()) id = form_value(c, "client_id");
    if (id.empty()) id = query_value(c, "client_id");
    return id;
}

}  // namespace tollgate::control
