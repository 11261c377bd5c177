#include "oauth/client_auth/client_authentication.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "http/limits/guess_limit.hpp"
#include "http/realm/peer.hpp"
#include "oauth/client_auth/assertion.hpp"
#include "oauth/client_auth/remote_keys.hpp"
#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::string_view jwt_assertion =  // RFC 7523 §2.2
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

problem refused(std::string sentence, std::string why_for_log) {
    return errors::invalid_client.because(std::move(sentence)).log(std::move(why_for_log));
}

// RFC 6749 §2.3.1: both halves are form-encoded before they become user-id and password.
outcome<presented_client> from_basic(std::string_view header) {
    auto rest = header;
    auto const scheme = next_part(rest, ' ');
    if (!http::iequals(scheme, "Basic"))
        return refused("the Authorization header must be of scheme Basic here", "other scheme");
    auto const text = from_base64(trim(rest));
    auto const colon = text ? text->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return refused("the Basic credentials are malformed", "malformed Basic credentials");
    auto id = http::percent_decode(std::string_view(*text).substr(0, colon), true);
    auto secret = http::percent_decode(std::string_view(*text).substr(colon + 1), true);
    if (!id || !secret || id->empty()) {
        return refused("the Basic credentials are not form-encoded (RFC 6749 section 2.3.1)",
                       "badly encoded Basic credentials");
    }
    // RFC 6749 §2.3.1: the secret may be left out where it is the empty string, and who has none
    // and says so this way is a public client.
    if (secret->empty()) return presented_client{"none", std::move(*id), {}};
    return presented_client{"client_secret_basic", std::move(*id), std::move(*secret)};
}

outcome<presented_client> from_body(http::form const& f) {
    auto const id = f.one("client_id");
    auto const secret = f.one("client_secret");
    if (!id) return refused("no client_id and no client authentication was sent", "no client_id");
    if (!secret) return presented_client{"none", std::string(*id), {}};
    return presented_client{"client_secret_post", std::string(*id), std::string(*secret)};
}

// RFC 7521 §4.2, RFC 7523 §3: iss and sub are the client_id; a parameter client_id is
// unnecessary, but one that is there must say the same.
outcome<presented_client> from_assertion(http::form const& f) {
    auto const assertion = f.one("client_assertion");
    if (!assertion) return refused("client_assertion is missing", "no client_assertion");
    if (f.one("client_assertion_type") != jwt_assertion) {
        return refused("client_assertion_type must be " + std::string(jwt_assertion),
                       "client_assertion_type");
    }
    auto const seen = look_into(*assertion);
    if (!seen) return refused("client_assertion is not a signed JWT", seen.error().log_text());
    auto const issuer = seen->text("iss");
    if (!issuer || issuer != seen->text("sub")) {
        return refused("iss and sub of the client_assertion must both be the client_id",
                       "iss and sub differ");
    }
    auto const id = f.one("client_id");
    if (id && *id != *issuer)
        return refused("client_id differs from the one in client_assertion", "client_id differs");
    return presented_client{"private_key_jwt", std::string(*issuer), std::string(*assertion)};
}

// Why `shown` is not what `c` has to show, as far as that can be told without looking at a secret
// or a key; an empty text when it is.
std::string mistake(client const& c, presented_client const& shown) {
    if (c.is_public()) return shown.method == "none" ? "" : "this client has no secret";
    if (!c.auth_method.empty() && c.auth_method != shown.method)
        return "this client is registered to authenticate with " + c.auth_method;
    if (shown.method == "none") return "this client must authenticate with its secret";
    if (shown.method == "private_key_jwt")
        return c.auth_method == shown.method ? "" : "this client has no keys";
    return {};
}

// One sentence for both, so that nobody learns which clients there are. The log tells them apart.
constexpr std::string_view not_this_client = "the client is unknown here, or its secret is wrong";

// RFC 6749 §2.3.1: "MUST protect any endpoint utilizing it against brute force attacks". A secret
// that a person wrote into the configuration may be short; a long one, as we make them, cannot be
// found by trying, and is never refused unseen.
std::optional<problem> wrong_secret(server& s, http::context& c, client const& who,
                                    presented_client const& shown) {
    http::guess g{};
    if (who.short_secret) {
        g = http::guess_by_peer(c.request(), c.place(), http::secret_kind::client, who.id);
        // Before the comparison: while it is shut a right secret looks like a wrong one.
        if (!s.guesses().open(g, c.real_now())) {
            return refused("too many wrong secrets were sent for this client; wait a minute",
                           "too many wrong secrets")
                .with("Retry-After", std::to_string(http::guess_limit::length.count()));
        }
    }
    // Digests have one length: neither that of the secret nor its beginning can be measured.
    if (equal_in_constant_time(digest_of(shown.secret), who.secret_digest)) {
        if (who.short_secret) s.guesses().right(g, c.real_now());
        return std::nullopt;
    }
    if (who.short_secret)
        s.guesses().wrong(g, c.real_now());
    else
        http::count_wrong(http::secret_kind::client);
    return refused(std::string(not_this_client), "the client secret is wrong");
}

std::optional<problem> unproven(server& s, http::context& c, client const& who,
                                presented_client const& shown) {
    auto const wrong = mistake(who, shown);
    if (!wrong.empty()) return refused(wrong, wrong);
    if (!shown.method.starts_with("client_secret_")) return std::nullopt;
    return wrong_secret(s, c, who, shown);
}

// The keys of a client as a source of them: what a verification asks, perhaps twice.
struct keys_of_client {
    server& s;
    http::context& c;
    client const& who;

    task<outcome<std::vector<verification_key>>> operator()(bool anew) const {
        return client_keys(s, c, who, anew);
    }
};

task<outcome<void>> check_assertion(server& s, http::context& c, client const& who,
                                    std::string assertion) {
    assertion_rules rules;
    rules.refusal = errors::invalid_client;
    rules.issuer = who.id;
    rules.types = {"JWT", "client-authentication+jwt"};
    assertion_keys keys = keys_of_client{s, c, who};
    auto const claims =
        co_await verify_assertion(s, c, std::move(assertion), std::move(keys), std::move(rules));
    if (!claims) co_return claims.error();
    co_return outcome<void>();
}

}  // namespace

bool presents_client(http::request const& r, http::form const& f) noexcept {
    constexpr std::array<std::string_view, 4> names{"client_id", "client_secret",
                                                    "client_assertion", "client_assertion_type"};
    return r.has("Authorization") ||
           std::ranges::any_of(names, [&](std::string_view name) { return f.has(name); });
}

outcome<presented_client> presented_by(http::request const& r, http::form const& f) {
    bool const header = r.has("Authorization");
    bool const secret = f.has("client_secret");
    bool const assertion = f.has("client_assertion") || f.has("client_assertion_type");
    if (int(header) + int(secret) + int(assertion) > 1) {
        return errors::invalid_request.because(
            "a client must not use more than one authentication method (RFC 6749 section 2.3)");
    }
    if (assertion) return from_assertion(f);
    if (!header) return from_body(f);
    if (r.count("Authorization") != 1)
        return errors::invalid_request.because("there is more than one Authorization header");
    auto shown = from_basic(r.header("Authorization"));
    if (!shown) return shown;
    auto const id = f.one("client_id");
    if (id && *id != shown->id) {
        return errors::invalid_request.because(
            "client_id differs from the one in the Authorization header");
    }
    return shown;
}

task<outcome<client_ptr>> authenticate_client(server& s, http::context& c, http::form const& f) {
    auto shown = presented_by(c.request(), f);
    if (!shown) co_return shown.error();
    auto found = co_await s.find_client(c, shown->id);
    if (!found) {
        if (found.error().status() != 404) co_return found.error();
        co_return refused(std::string(not_this_client), "unknown client");
    }
    auto const& p = s.rules(c);
    if (std::ranges::find(p.auth_methods, shown->method) == p.auth_methods.end())
        co_return refused("this authorization server takes no " + shown->method,
                          "auth method " + shown->method);
    client const& who = **found;
    auto const wrong = unproven(s, c, who, *shown);
    if (wrong) co_return *wrong;
    // Last, because keys may have to be fetched and the jti is used up.
    if (shown->method == "private_key_jwt") {
        auto const proven = co_await check_assertion(s, c, who, std::move(shown->secret));
        if (!proven) co_return proven.error();
    }
    c.facts().client_id = who.id;
    co_return found;
}

}  // namespace tollgate::oauth
