#include "oauth/authorize/checks.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/crypto.hpp"
#include "http/message/url.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/pkce.hpp"
#include "oauth/model/policy.hpp"
#include "oauth/model/redirect_uri.hpp"
#include "oauth/model/requested_scope.hpp"
#include "oauth/model/resource_indicator.hpp"

namespace tollgate::oauth {

namespace {

using verdict = std::optional<problem>;
constexpr std::nullopt_t passed = std::nullopt;

// `state` and `nonce` come back in a Location header.
constexpr std::size_t longest_parameter = 4096;

verdict short_parameters(authorize_request& r) {
    for (auto const& [name, value] : r.parameters) {
        if (name.size() + value.size() > longest_parameter)
            return errors::invalid_request.because("a parameter is longer than 4096 bytes");
    }
    return passed;
}

// RFC 6749 §3.1.2.3: exact comparison; may be left out when only one is registered.
verdict registered_redirect(authorize_request& r) {
    if (r.parameters.all("redirect_uri").size() > 1)
        return errors::invalid_request.because("redirect_uri is there more than once");
    auto const sent = r.parameters.one("redirect_uri");
    if (!sent) {
        if (r.who.redirect_uris.size() != 1) {
            return errors::invalid_request.because(
                "redirect_uri is missing and the client has not registered exactly one");
        }
        r.redirect_uri = r.who.redirect_uris.front();
        return passed;
    }
    auto const& own = r.who.redirect_uris;
    // The port of a loopback redirect is the one thing that may differ (RFC 8252 §7.3).
    bool const here = r.rules.any_loopback_redirect && is_loopback_redirect(*sent);
    bool const exact = r.who.exact_redirects || r.rules.exact_redirects;
    bool const known = here    ? true
                       : exact ? std::ranges::find(own, *sent) != own.end()
                               : is_registered_redirect(own, *sent);
    if (!known) {
        return errors::invalid_request.because(
            "redirect_uri " + errors::told_value(*sent) +
            " is not one that this client has registered. Registered: " +
            (own.empty() ? "none" : errors::told_values(own, ", ", 10)));
    }
    r.redirect_uri = std::string(*sent);
    r.redirect_sent = true;
    return passed;
}

// RFC 6749 §3.1: "Request and response parameters MUST NOT be included more than once."
verdict nothing_twice(authorize_request& r) {
    if (r.parameters.repeated())
        return errors::invalid_request.because("a parameter is there more than once");
    return passed;
}

// OpenID Connect Core §6.1, §6.2, §7.2.1: refused by name, or the client would believe that what
// it put there had been heard.
verdict no_request_object(authorize_request& r) {
    if (r.parameters.has("request")) return errors::request_not_supported;
    if (r.parameters.has("request_uri")) return errors::request_uri_not_supported;
    if (r.parameters.has("registration")) return errors::registration_not_supported;
    return passed;
}

// RFC 9700 §2.1.2, OAuth 2.1: no token travels by way of the browser, so there is no other type.
verdict code_response_only(authorize_request& r) {
    auto const type = r.parameters.one("response_type");
    if (!type) return errors::invalid_request.because("response_type is missing");
    if (*type != "code") return errors::unsupported_response_type;
    return passed;
}

// OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2. A browser posts forms to
// websites, not to other programs. Where the mode is not to be had, its refusal goes by query.
bool can_post(authorize_request const& r) {
    return http::split_url(r.redirect_uri).has_value();
}

// Refuses nothing, but the refusals of the second column travel by it.
verdict way_of_the_answer(authorize_request& r) {
    r.form_post = r.parameters.one("response_mode") == "form_post" && can_post(r);
    return passed;
}

verdict known_response_mode(authorize_request& r) {
    auto const mode = r.parameters.one("response_mode");
    if (!mode || *mode == "query" || r.form_post) return passed;
    if (*mode != "form_post")
        return errors::invalid_request.because("response_mode must be query or form_post");
    return errors::invalid_request.because(
        "response_mode form_post needs an http or https redirect_uri");
}

// RFC 6749 §4.1.2.1, unauthorized_client.
verdict client_uses_codes(authorize_request& r) {
    if (!r.who.may_use(grant_code)) {
        return errors::unauthorized_client.because(
            "this client has not registered the grant type authorization_code");
    }
    return passed;
}

// RFC 7636 §4.3, §4.4.1. A missing method means plain there; OAuth 2.1 leaves S256 alone.
verdict pkce_s256(authorize_request& r) {
    auto const challenge = r.parameters.one("code_challenge");
    if (!challenge) return errors::invalid_request.because("code challenge required");
    auto const method = r.parameters.one("code_challenge_method");
    if (!method || *method != "S256")
        return errors::invalid_request.because("code_challenge_method must be S256");
    if (!is_s256_challenge(*challenge)) {
        return errors::invalid_request.because(
            "code_challenge must be the SHA-256 digest of the code_verifier in base64url, which "
            "has 43 characters (RFC 7636 section 4.2)");
    }
    return passed;
}

// RFC 8707 §2.1.
verdict known_resource(authorize_request& r) {
    auto resources = requested_resources(r.parameters, r.where, r.rules);
    if (!resources) return resources.error();
    r.resources = std::move(*resources);
    return passed;
}

// What this client may be granted. The scope that a client registers for itself is no limit to
// it: it may ask for more later (step-up). One that the configuration gives it is.
scope_list grantable(authorize_request const& r) {
    if (r.who.scope_limit.empty()) return r.rules.scopes;
    return intersection(r.who.scope_limit, r.rules.scopes);
}

// RFC 6749 §3.3: what may not be granted is refused by name and not left out in silence.
verdict allowed_scope(authorize_request& r) {
    auto const text = r.parameters.one("scope");
    if (!text) {
        // There are clients, the official suite among them, that never send one.
        r.scopes = default_scopes(r.rules);
        if (r.scopes.empty() || r.who.scope_limit.empty()) return passed;
        r.scopes = intersection(r.scopes, r.who.scope_limit);
        // RFC 6749 §3.3: either a default "or fail the request indicating an invalid scope".
        if (r.scopes.empty())
            return errors::invalid_scope.because(
                "scope is missing and none of the default scopes may be granted to this client");
        return passed;
    }
    auto asked = parse_scope(*text);
    if (!asked) return malformed_scope(*text);
    auto const limit = grantable(r);
    if (!is_subset(*asked, limit)) return refused_scope(*asked, limit);
    r.scopes = std::move(*asked);
    return passed;
}

// OpenID Connect Core §3.1.2.1. Unknown values are for others.
verdict sensible_prompt(authorize_request& r) {
    auto const prompt = r.parameters.one("prompt");
    if (!prompt) return passed;
    auto values = parse_scope(*prompt);
    if (!values) return errors::invalid_request.because("prompt is malformed");
    if (values->size() > 1 && has_scope(*values, "none"))
        return errors::invalid_request.because("prompt=none must stand alone");
    r.prompt = std::move(*values);
    return passed;
}

// OpenID Connect Registration §2: what a client registered holds where its request says nothing.
std::optional<std::int64_t> registered_max_age(client const& who) {
    auto const* const age = who.metadata.if_contains("default_max_age");
    if (!age || !age->is_number()) return std::nullopt;
    return age->to_number<std::int64_t>();
}

// OpenID Connect Core §3.1.2.1.
verdict sensible_max_age(authorize_request& r) {
    auto const text = r.parameters.one("max_age");
    if (!text) {
        r.max_age = registered_max_age(r.who);
        return passed;
    }
    std::int64_t age = 0;
    auto const* end = text->data() + text->size();
    auto const read = std::from_chars(text->data(), end, age);
    if (read.ec != std::errc() || read.ptr != end || age < 0)
        return errors::invalid_request.because("max_age must be a number of seconds");
    r.max_age = age;
    return passed;
}

// RFC 9449 §10: dpop_jkt is the RFC 7638 thumbprint of the key, in base64url.
verdict sensible_key(authorize_request& r) {
    auto const key = r.parameters.one("dpop_jkt");
    // RFC 6749 §3.1: without DPoP it is one of the parameters that nobody knows, and ignored.
    if (!key || r.rules.dpop == dpop_mode::off) return passed;
    auto const bytes = from_base64url(*key);
    if (!bytes || bytes->size() != 32)
        return errors::invalid_request.because("dpop_jkt is no base64url SHA-256 thumbprint");
    return passed;
}

// A switch of the control plane (deny-consent): as if the person had said no.
verdict consent_given(authorize_request& r) {
    if (r.rules.deny_consent) return errors::access_denied;
    return passed;
}

// The order is the security argument: first whose request it is, then what it asks for, then
// whether the owner agrees. `known_client` stands before the first row: it asks the store.
constexpr std::array shown_checks{
    check{"short_parameters", &short_parameters},
    check{"registered_redirect", &registered_redirect},
    check{"way_of_the_answer", &way_of_the_answer},
};

constexpr std::array redirected_checks{
    // First, because form::one() finds nothing where a parameter is there twice.
    check{"nothing_twice", &nothing_twice},
    check{"no_request_object", &no_request_object},
    check{"code_response_only", &code_response_only},
    check{"known_response_mode", &known_response_mode},
    check{"client_uses_codes", &client_uses_codes},
    check{"pkce_s256", &pkce_s256},
    check{"known_resource", &known_resource},
    check{"allowed_scope", &allowed_scope},
    check{"sensible_prompt", &sensible_prompt},
    check{"sensible_max_age", &sensible_max_age},
    check{"sensible_key", &sensible_key},
    // Last: access_denied is for a request that could have been granted (RFC 6749 §4.1.2.1).
    check{"consent_given", &consent_given},
};

}  // namespace

std::span<check const> checks_that_are_shown() noexcept {
    return shown_checks;
}

std::span<check const> checks_that_redirect() noexcept {
    return redirected_checks;
}

std::optional<failed_check> first_failure(std::span<check const> column, authorize_request& r) {
    for (auto const& c : column) {
        if (auto why = c.run(r)) return failed_check{c.name, std::move(*why)};
    }
    return std::nullopt;
}

}  // namespace tollgate::oauth
