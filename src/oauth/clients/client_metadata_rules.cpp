#include "oauth/clients/client_metadata_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "oauth/clients/client_document.hpp"
#include "oauth/jose/key_ring.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/id_token_algorithm.hpp"
#include "oauth/model/redirect_uri.hpp"
#include "oauth/model/scope.hpp"
#include "oauth/model/supported.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

constexpr std::size_t most_redirects = 50;

bool holds(json::array const& a, std::string_view text) {
    return std::ranges::any_of(a, [&](auto const& e) { return e.as_string() == text; });
}

// `name` with what we do not offer left out, in our order.
template <class Texts>
void keep_offered(json::object& o, std::string_view name, Texts const& offered) {
    json::array kept;
    for (std::string_view const text : offered) {
        if (holds(o.at(name).as_array(), text)) kept.emplace_back(text);
    }
    o[name] = std::move(kept);
}

template <class Texts>
std::string spoken_list(Texts const& texts) {
    std::string all;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i != 0) all += i + 1 == texts.size() ? " or " : ", ";
        all += texts[i];
    }
    return all;
}

template <class Texts>
bool is_among(Texts const& texts, std::string_view one) {
    return std::ranges::find(texts, one) != texts.end();
}

bool is(json::object const& o, std::string_view name, std::string_view wanted) {
    auto const* v = o.if_contains(name);
    return v && v->as_string() == wanted;
}

// RFC 8252 §7: what only an application on the user's machine can receive.
bool is_native_redirect(std::string_view uri) {
    constexpr std::string_view claimed = "https:";  // RFC 8252 §7.2
    return !http::iequals(uri.substr(0, claimed.size()), claimed);
}

// RFC 7591 §2: "The jwks_uri and jwks parameters MUST NOT both be present".
registration_flaw check_keys(json::object const& o, policy const& p) {
    auto const* set = o.if_contains("jwks");
    auto const* uri = o.if_contains("jwks_uri");
    if (set && uri)
        return bad_metadata("jwks and jwks_uri must not both be there (RFC 7591 section 2)");
    if (set) {
        auto const flaw = flaw_of_jwks(set->as_object());
        if (!flaw.empty()) return bad_metadata("jwks " + flaw);
    }
    if (uri && !reach_of(std::string_view(uri->as_string()), p))
        return bad_metadata("jwks_uri must be an https URL");
    bool const needs_keys = is(o, "token_endpoint_auth_method", "private_key_jwt");
    if (needs_keys && !set && !uri) return bad_metadata("private_key_jwt needs jwks or jwks_uri");
    return std::nullopt;
}

// RFC 6749 §4.4: "The client credentials grant type MUST only be used by confidential clients."
registration_flaw check_confidential_grants(json::object const& o) {
    if (!is(o, "token_endpoint_auth_method", "none")) return std::nullopt;
    for (auto const& one : o.at("grant_types").as_array()) {
        if (needs_confidential_client(std::string_view(one.as_string())))
            return bad_metadata(std::string(one.as_string()) +
                                " is only for clients that authenticate (RFC 6749 section 4.4)");
    }
    return std::nullopt;
}

}  // namespace

problem bad_metadata(std::string sentence) {
    return errors::invalid_client_metadata.because(std::move(sentence));
}

// RFC 7591 §2.1: authorization_code and code belong together.
registration_flaw apply_grants_rules(json::object& o, policy const& p) {
    auto const offered = registrable_grants(p);
    if (!o.contains("grant_types"))
        o["grant_types"] = json::array(p.default_grant_types.begin(), p.default_grant_types.end());
    keep_offered(o, "grant_types", offered);
    auto const& grants = o.at("grant_types").as_array();
    if (grants.empty()) {
        return bad_metadata(
            "grant_types must hold " + spoken_list(offered) +
            "; another grant takes an entry in [[clients]], or registration.grant_types");
    }
    bool const codes = holds(grants, grant_code);
    if (!o.contains("response_types"))
        o["response_types"] = codes ? json::array{"code"} : json::array{};
    keep_offered(o, "response_types", supported::response_types);
    if (holds(o.at("response_types").as_array(), "code") != codes) {
        return bad_metadata(
            "response_types must hold code exactly when grant_types holds "
            "authorization_code (RFC 7591 section 2.1)");
    }
    return std::nullopt;
}

namespace {

// Good, but for leading somewhere that registration.redirect_hosts does not list.
bool is_only_elsewhere(std::string_view uri) {
    return check_redirect_uri(uri, {"*"}).has_value();
}

// RFC 7591 §2, §3.2.1: the server may register less than was asked for, and its answer says what it
// registered. Editors send the addresses of all their editions at once: those that are not listed
// here are left out as long as one is. A URI that is wrong in itself is refused.
registration_flaw keep_allowed_redirects(json::object& o, policy const& p) {
    json::array kept;
    registration_flaw elsewhere;
    for (auto const& one : o.at("redirect_uris").as_array()) {
        std::string_view const uri = one.as_string();
        auto const fine = check_redirect_uri(uri, p.redirect_hosts);
        if (fine) {
            kept.push_back(one);
            continue;
        }
        if (!is_only_elsewhere(uri)) return fine.error();
        if (!elsewhere) elsewhere = fine.error();
    }
    if (kept.empty()) return elsewhere;
    o["redirect_uris"] = std::move(kept);
    return std::nullopt;
}

}  // namespace

// OpenID Connect Registration §2, application_type: its default there, web, would forbid the
// loopback redirects that RFC 8252 §7.3 wants. A client that does not say what it is, is what its
// redirects show.
registration_flaw apply_redirects_rules(json::object& o, policy const& p) {
    auto const* type = o.if_contains("application_type");
    if (type && type->as_string() != "web" && type->as_string() != "native")
        return bad_metadata("application_type must be web or native");
    auto const* uris = o.if_contains("redirect_uris");
    bool const none = !uris || uris->as_array().empty();
    if (none && holds(o.at("grant_types").as_array(), grant_code))
        return errors::invalid_redirect_uri.because("redirect_uris is missing or empty");
    if (none) return std::nullopt;
    if (uris->as_array().size() > most_redirects)
        return errors::invalid_redirect_uri.because("redirect_uris holds more than 50 URIs");
    if (auto wrong = keep_allowed_redirects(o, p)) return wrong;
    // Looked up anew: the object was written to meanwhile.
    type = o.if_contains("application_type");
    bool native = false;
    for (auto const& one : o.at("redirect_uris").as_array()) {
        std::string_view const uri = one.as_string();
        auto const fine = check_application_type(
            uri, type ? std::string_view(type->as_string()) : std::string_view("native"));
        if (!fine) return fine.error();
        native = native || is_native_redirect(uri);
    }
    if (!type) o["application_type"] = native ? "native" : "web";
    return std::nullopt;
}

registration_flaw apply_authentication_rules(json::object& o, policy const& p) {
    auto& method = o["token_endpoint_auth_method"];
    if (method.is_null()) method = p.default_auth_method;
    bool const offered = is_among(p.auth_methods, std::string_view(method.as_string()));
    if (!offered && p.replaces_auth_method) method = p.auth_methods.front();
    if (!is_among(p.auth_methods, std::string_view(method.as_string())))
        return bad_metadata("token_endpoint_auth_method must be " + spoken_list(p.auth_methods));
    if (auto flaw = check_keys(o, p)) return flaw;
    return check_confidential_grants(o);
}

registration_flaw apply_scope_rules(json::object& o, policy const& p) {
    auto const* text = o.if_contains("scope");
    if (!text) return std::nullopt;
    auto const asked = parse_scope(std::string_view(text->as_string()));
    if (!asked) return bad_metadata("scope must be scope tokens separated by single spaces");
    auto const kept = intersection(*asked, p.scopes);
    if (kept.empty())
        o.erase("scope");
    else
        o["scope"] = scope_text(kept);
    return std::nullopt;
}

// OpenID Connect Registration §2.
registration_flaw apply_identity_rules(json::object& o, policy const& p) {
    auto const* algorithm = o.if_contains("id_token_signed_response_alg");
    if (!algorithm) return std::nullopt;
    auto const wanted = algorithm_named(std::string_view(algorithm->as_string()));
    auto const offered = id_token_algorithms(p);
    // "Ed25519" is a name that we verify under and do not sign as (algorithm.hpp).
    bool const named_as_ours =
        wanted && to_text(*wanted) == std::string_view(algorithm->as_string());
    if (named_as_ours && std::ranges::find(offered, *wanted) != offered.end()) return std::nullopt;
    std::vector<std::string_view> names;
    for (auto const alg : offered)
        names.push_back(to_text(alg));
    return bad_metadata("id_token_signed_response_alg must be " + spoken_list(names));
}

}  // namespace tollgate::oauth
