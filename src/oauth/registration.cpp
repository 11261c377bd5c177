#include "oauth/registration.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <boost/json/serialize.hpp>

#include "http/text.hpp"
#include "http/web_address.hpp"
#include "oauth/errors.hpp"
#include "oauth/model.hpp"
#include "oauth/redirect.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_metadata = 16 << 10;
constexpr std::size_t most_redirects = 50;

enum class shape { text, url, texts, object };

struct member {
    std::string_view name;
    shape what;
    bool per_language = false;  // RFC 7591 §2.2: "client_name#ja"
};

constexpr std::array members{
    member{"redirect_uris", shape::texts},
    member{"token_endpoint_auth_method", shape::text},
    member{"grant_types", shape::texts},
    member{"response_types", shape::texts},
    member{"client_name", shape::text, true},
    member{"client_uri", shape::url, true},
    member{"logo_uri", shape::url, true},
    member{"tos_uri", shape::url, true},
    member{"policy_uri", shape::url, true},
    member{"jwks_uri", shape::url},
    member{"jwks", shape::object},
    member{"scope", shape::text},
    member{"contacts", shape::texts},
    member{"software_id", shape::text},
    member{"software_version", shape::text},
    member{"application_type", shape::text},
};

problem bad(std::string sentence) {
    return errors::invalid_client_metadata.because(std::move(sentence));
}

member const* known(std::string_view name) {
    auto const base = name.substr(0, name.find('#'));
    for (auto const& m : members) {
        if (m.name == base && (base.size() == name.size() || m.per_language)) return &m;
    }
    return nullptr;
}

// An absent member in disguise.
bool says_nothing(json::value const& v) {
    return v.is_null() || (v.is_string() && v.as_string().empty());
}

bool are_texts(json::value const& v) {
    return v.is_array() && std::ranges::all_of(v.as_array(), [](auto const& e) {
               return e.is_string() && !e.as_string().empty();
           });
}

// These are shown to people as links: no javascript: and the like.
bool is_web_url(json::value const& v) {
    if (!v.is_string()) return false;
    std::string_view const url = v.as_string();
    return is_absolute_without_fragment(url.substr(0, url.find('#'))) &&
           http::split_url(url).has_value();
}

std::string_view mismatch(shape wanted, json::value const& v) {
    switch (wanted) {
        case shape::text:
            return v.is_string() ? "" : "must be a string";
        case shape::url:
            return is_web_url(v) ? "" : "must be an http or https URL";
        case shape::texts:
            return are_texts(v) ? "" : "must be an array of strings that are not empty";
        case shape::object:
            break;
    }
    return v.is_object() ? "" : "must be an object";
}

// The members that are known, each of its type.
outcome<json::object> known_members(json::object const& sent) {
    json::object taken;
    for (auto const& [name, value] : sent) {
        auto const* m = known(name);
        if (!m || says_nothing(value)) continue;
        if (auto const wrong = mismatch(m->what, value); !wrong.empty())
            return bad(http::printable(name, 60) + ' ' + std::string(wrong));
        taken[name] = value;
    }
    if (json::serialize(taken).size() > longest_metadata)
        return bad("the client metadata is larger than 16 KiB");
    return taken;
}

bool holds(json::array const& a, std::string_view text) {
    return std::ranges::any_of(a, [&](auto const& e) { return e.as_string() == text; });
}

// `name` with what we do not offer left out.
void keep_offered(json::object& o, std::string_view name,
                  std::initializer_list<std::string_view> offered) {
    json::array kept;
    for (auto const text : offered) {
        if (holds(o.at(name).as_array(), text)) kept.emplace_back(text);
    }
    o[name] = std::move(kept);
}

// RFC 7591 §2.1: authorization_code and code belong together.
std::optional<problem> settle_grants(json::object& o) {
    if (!o.contains("grant_types")) o["grant_types"] = json::array{grant_code};
    keep_offered(o, "grant_types", {grant_code, grant_refresh});
    auto const& grants = o.at("grant_types").as_array();
    if (grants.empty()) return bad("grant_types must hold authorization_code or refresh_token");
    bool const codes = holds(grants, grant_code);
    bool const asked = o.contains("response_types");
    if (!asked) o["response_types"] = codes ? json::array{"code"} : json::array{};
    keep_offered(o, "response_types", {"code"});
    if (holds(o.at("response_types").as_array(), "code") != codes) {
        return bad(
            "response_types must hold code exactly when grant_types holds "
            "authorization_code (RFC 7591 section 2.1)");
    }
    return std::nullopt;
}

std::optional<problem> check_redirects(json::object const& o, policy const& p) {
    auto const* uris = o.if_contains("redirect_uris");
    bool const none = !uris || uris->as_array().empty();
    if (none && holds(o.at("grant_types").as_array(), grant_code))
        return errors::invalid_redirect_uri.because("redirect_uris is missing or empty");
    if (none) return std::nullopt;
    if (uris->as_array().size() > most_redirects)
        return errors::invalid_redirect_uri.because("redirect_uris holds more than 50 URIs");
    for (auto const& uri : uris->as_array()) {
        auto const fine = check_redirect_uri(std::string_view(uri.as_string()), p.redirect_hosts);
        if (!fine) return fine.error();
    }
    return std::nullopt;
}

std::optional<problem> settle_method(json::object& o, policy const& p) {
    auto& method = o["token_endpoint_auth_method"];
    if (method.is_null()) method = p.default_auth_method;
    std::string_view const m = method.as_string();
    if (m == "none" || m == "client_secret_basic" || m == "client_secret_post") return std::nullopt;
    return bad(
        "token_endpoint_auth_method must be none, client_secret_basic or "
        "client_secret_post");
}

std::optional<problem> settle_scope(json::object& o, policy const& p) {
    auto const* text = o.if_contains("scope");
    if (!text) return std::nullopt;
    auto const asked = parse_scope(std::string_view(text->as_string()));
    if (!asked) return bad("scope must be scope tokens separated by single spaces");
    auto const kept = intersection(*asked, p.scopes);
    if (kept.empty())
        o.erase("scope");
    else
        o["scope"] = scope_text(kept);
    return std::nullopt;
}

// OpenID Connect Registration §2, RFC 7591 §2.
std::optional<problem> check_rest(json::object const& o) {
    if (auto const* type = o.if_contains("application_type")) {
        if (type->as_string() != "web" && type->as_string() != "native")
            return bad("application_type must be web or native");
    }
    if (o.contains("jwks") && o.contains("jwks_uri"))
        return bad("jwks and jwks_uri must not both be there (RFC 7591 section 2)");
    return std::nullopt;
}

}  // namespace

outcome<json::object> registered_metadata(json::value const& sent, policy const& p) {
    if (!sent.is_object()) return bad("client metadata is a JSON object");
    auto o = known_members(sent.get_object());
    if (!o) return o;
    if (auto why = settle_grants(*o)) return std::move(*why);
    if (auto why = check_redirects(*o, p)) return std::move(*why);
    if (auto why = settle_method(*o, p)) return std::move(*why);
    if (auto why = settle_scope(*o, p)) return std::move(*why);
    if (auto why = check_rest(*o)) return std::move(*why);
    return o;
}

}  // namespace tollgate::oauth
