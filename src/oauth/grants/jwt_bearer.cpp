// RFC 7523 §2.1: a JWT that a trusted issuer signed is the authorization grant. Of a workload
// identity provider it says who the workload is; of an enterprise's identity provider (an
// "identity assertion authorization grant", typ oauth-id-jag+jwt, as MCP's enterprise-managed
// authorization uses it) which user may be served by which client.
#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "oauth/client_auth/assertion.hpp"
#include "oauth/client_auth/remote_keys.hpp"
#include "oauth/clients/client_document.hpp"
#include "oauth/grants/grants.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/policy.hpp"
#include "oauth/model/requested_scope.hpp"
#include "oauth/model/resource_indicator.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

constexpr std::string_view id_jag_type = "oauth-id-jag+jwt";

problem refused_assertion(std::string sentence) {
    return errors::invalid_grant.because(sentence).log("assertion: " + sentence);
}

trusted_issuer const* issuer_of(assertion_claims const& seen, policy const& p) {
    auto const name = seen.text("iss");
    if (!name) return nullptr;
    auto const found = std::ranges::find(p.trusted_issuers, *name, &trusted_issuer::issuer);
    return found == p.trusted_issuers.end() ? nullptr : &*found;
}

assertion_rules rules_for(trusted_issuer const& from, bool id_jag) {
    assertion_rules rules;
    rules.refusal = errors::invalid_grant;
    rules.issuer = from.issuer;
    rules.types = {"JWT", "authorization-grant+jwt"};
    if (id_jag) {
        // The type sets it apart from other JWTs of that issuer, which other clients hold as well.
        rules.types = {id_jag_type};
        rules.typ_required = true;
        rules.issuer_audience_only = true;
    }
    return rules;
}

// A claim that is a text or a list of texts. Nothing for anything else.
std::optional<std::vector<std::string>> texts_in(json::value const& v) {
    std::vector<std::string> texts;
    if (v.is_string()) {
        texts.emplace_back(v.get_string());
        return texts;
    }
    if (!v.is_array()) return std::nullopt;
    for (auto const& one : v.get_array()) {
        if (!one.is_string()) return std::nullopt;
        texts.emplace_back(one.get_string());
    }
    return texts;
}

// What the assertion may be turned into, before the request narrows it.
struct entitlement {
    scope_list scopes;                  // at most
    scope_list standard;                // for a request that names none
    std::vector<std::string> audience;  // empty: what the policy serves
};

outcome<void> take_claims(json::object const& claims, http::context const& c, policy const& p,
                          entitlement& may) {
    if (auto const* scope = claims.if_contains("scope")) {
        auto const granted = scope->is_string() ? parse_scope(scope->get_string()) : std::nullopt;
        if (!granted) return refused_assertion("scope of the assertion is malformed");
        may.scopes = intersection(may.scopes, *granted);
        may.standard = *granted;
    }
    auto const* resource = claims.if_contains("resource");
    if (!resource) return {};
    auto named = texts_in(*resource);
    if (!named || named->empty())
        return refused_assertion("resource of the assertion is malformed");
    for (auto const& uri : *named) {
        if (!is_served(uri, c.place(), p))
            return refused_assertion("resource of the assertion is not served here");
    }
    may.audience = std::move(*named);
    return {};
}

outcome<entitlement> entitled(json::object const& claims, http::context const& c, policy const& p,
                              trusted_issuer const& from, client const& who, bool id_jag) {
    entitlement may;
    may.scopes = grantable_scopes(p, who.scope_limit);
    if (!from.scopes.empty()) may.scopes = intersection(may.scopes, from.scopes);
    may.standard = default_scopes(p);
    if (!id_jag) return may;
    // The grant is for the client that the identity provider had in mind and for no other.
    auto const* id = claims.if_contains("client_id");
    if (!id || !id->is_string() || std::string_view(id->get_string()) != who.id)
        return refused_assertion("client_id of the assertion is not the client that presents it");
    auto const taken = take_claims(claims, c, p, may);
    if (!taken) return taken.error();
    return may;
}

struct keys_of_issuer {
    server& s;
    http::context& c;
    trusted_issuer const& from;

    task<outcome<std::vector<verification_key>>> operator()(bool anew) const {
        return trusted_keys(s, c, from, anew);
    }
};

// When the person logged in at the issuer; 0 where it does not say.
std::int64_t login_time(json::object const& claims) {
    auto const* at = claims.if_contains("auth_time");
    return at && at->is_int64() && at->get_int64() > 0 ? at->get_int64() : 0;
}

// The order for an assertion that has been verified.
outcome<token_order> ordered(json::object const& claims, http::context const& c,
                             http::form const& f, policy const& p, entitlement const& may) {
    auto scopes = requested_scopes(f, may.scopes, may.standard);
    if (!scopes) return scopes.error();
    auto audience = may.audience.empty() ? requested_resources(f, c.place(), p)
                                         : narrowed_resources(f, c.place(), may.audience);
    if (!audience) return audience.error();
    token_order order;
    order.grant.family = random_token(16);
    order.grant.subject = std::string(claims.at("sub").get_string());
    order.grant.issuer = c.place().issuer_here();
    order.grant.scopes = *scopes;
    order.grant.audience = *audience;
    order.grant.authenticated_at = login_time(claims);
    order.scopes = std::move(*scopes);
    order.audience = std::move(*audience);
    return order;
}

// RFC 7521 §4.1: the client need not say who it is. A workload that does not is its own client;
// it must not pass for one that is known here.
task<outcome<std::string>> client_of(token_request const& r, client const& who,
                                     std::string_view subject) {
    if (!who.id.empty()) co_return who.id;
    std::string id(subject);
    // A URL may be a client's by the document that stands there; nobody is sent to look.
    if (is_document_id(id) && r.rules.client_documents)
        co_return refused_assertion(
            "sub is a URL, which only a client with a document there can be");
    auto const known = co_await r.as.find_client_of_realm(r.http, id);
    if (known)
        co_return refused_assertion("sub is the client_id of a client that must say who it is");
    if (known.error().status() != 404) co_return known.error();
    co_return id;
}

}  // namespace

task<outcome<issued_tokens>> issue_for_assertion(token_request const& r) {
    auto const assertion = r.form.one("assertion");
    if (!assertion) co_return errors::invalid_request.because("assertion is missing");
    // What it says is used to find the keys and nothing else until the signature is verified.
    auto const seen = look_into(*assertion);
    if (!seen) co_return refused_assertion("the assertion is not a signed JWT");
    auto const* from = issuer_of(*seen, r.rules);
    if (!from) co_return refused_assertion("the issuer of the assertion is not trusted here");
    bool const id_jag = seen->is_typ(id_jag_type);
    if (id_jag ? !from->id_jag : !from->workloads)
        co_return refused_assertion("assertions of this kind are not accepted of this issuer");
    if (id_jag && (r.who.id.empty() || r.who.is_public())) {
        co_return errors::unauthorized_client.because(
            "an identity assertion is only taken from a client that authenticates");
    }
    // All that needs no key has been checked: keys may have to be fetched.
    assertion_keys keys = keys_of_issuer{r.as, r.http, *from};
    auto rules = rules_for(*from, id_jag);
    std::string token(*assertion);
    auto const claims = co_await verify_assertion(r.as, r.http, std::move(token), std::move(keys),
                                                  std::move(rules));
    if (!claims) co_return claims.error();
    auto const may = entitled(*claims, r.http, r.rules, *from, r.who, id_jag);
    if (!may) co_return may.error();
    auto order = ordered(*claims, r.http, r.form, r.rules, *may);
    if (!order) co_return order.error();
    // After the signature, or anybody could ask this way which clients there are.
    auto id = co_await client_of(r, r.who, order->grant.subject);
    if (!id) co_return id.error();
    order->grant.client_id = std::move(*id);
    order->first_of_client = r.who.unused;
    co_return co_await issue_tokens(r.as, r.http, std::move(*order));
}

}  // namespace tollgate::oauth
