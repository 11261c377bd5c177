#include "oauth/client_authentication.hpp"

#include <utility>

#include "http/text.hpp"
#include "oauth/crypto.hpp"
#include "oauth/errors.hpp"

namespace tollgate::oauth {

namespace {

problem refused(std::string sentence, std::string why_for_log) {
    return errors::invalid_client.because(std::move(sentence)).log(std::move(why_for_log));
}

// RFC 6749 §2.3.1: both halves are form-encoded before they become user-id and password.
outcome<presented_client> from_basic(std::string_view header) {
    auto rest = header;
    auto const scheme = http::next_part(rest, ' ');
    if (!http::iequals(scheme, "Basic"))
        return refused("the Authorization header must be of scheme Basic here", "other scheme");
    auto const text = from_base64(http::trim(rest));
    auto const colon = text ? text->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return refused("the Basic credentials are malformed", "malformed Basic credentials");
    auto id = http::percent_decode(std::string_view(*text).substr(0, colon), true);
    auto secret = http::percent_decode(std::string_view(*text).substr(colon + 1), true);
    if (!id || !secret || id->empty()) {
        return refused("the Basic credentials are not form-encoded (RFC 6749 section 2.3.1)",
                       "badly encoded Basic credentials");
    }
    return presented_client{"client_secret_basic", std::move(*id), std::move(*secret)};
}

outcome<presented_client> from_body(http::form const& f) {
    auto const id = f.one("client_id");
    auto const secret = f.one("client_secret");
    if (!id) return refused("no client_id and no client authentication was sent", "no client_id");
    if (!secret) return presented_client{"none", std::string(*id), {}};
    return presented_client{"client_secret_post", std::string(*id), std::string(*secret)};
}

// Why `shown` is not good enough for `c`; an empty text when it is.
std::string mistake(client const& c, presented_client const& shown) {
    if (c.is_public()) return shown.method == "none" ? "" : "this client has no secret";
    if (shown.method == "none") return "this client must authenticate with its secret";
    if (!c.auth_method.empty() && c.auth_method != shown.method)
        return "this client is registered to authenticate with " + c.auth_method;
    if (!equal_in_constant_time(digest_of(shown.secret), c.secret_digest))
        return "the client secret is wrong";
    return {};
}

}  // namespace

outcome<presented_client> presented_by(http::request const& r, http::form const& f) {
    if (f.has("client_assertion") || f.has("client_assertion_type"))
        return refused("client assertions are not supported", "client_assertion");
    if (!r.has("Authorization")) return from_body(f);
    if (r.count("Authorization") != 1)
        return errors::invalid_request.because("there is more than one Authorization header");
    if (f.has("client_secret")) {
        return errors::invalid_request.because(
            "a client must not use more than one authentication method (RFC 6749 section 2.3)");
    }
    auto shown = from_basic(r.header("Authorization"));
    if (!shown) return shown;
    auto const id = f.one("client_id");
    if (id && *id != shown->id) {
        return errors::invalid_request.because(
            "client_id differs from the one in the Authorization header");
    }
    return shown;
}

task<outcome<client>> authenticate_client(server& s, http::context& c, http::form const& f) {
    auto const shown = presented_by(c.request(), f);
    if (!shown) co_return shown.error();
    auto found = co_await s.find_client(c.realm().name(), shown->id);
    if (!found) {
        if (found.error().status() != 404) co_return found.error();
        co_return refused("the client is unknown here", "unknown client");
    }
    auto const wrong = mistake(*found, *shown);
    if (!wrong.empty()) co_return refused(wrong, wrong);
    c.note("client_id", found->id);
    co_return found;
}

}  // namespace tollgate::oauth
