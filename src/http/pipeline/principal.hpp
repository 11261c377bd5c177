// Principal: who is calling, as the bearer token says, and the challenge for those who may not.
//
// Both live here because `mcp` may not see `oauth` and still needs them for authorization of
// a single tool.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/task.hpp"
#include "http/message/problem.hpp"

namespace tollgate::http {

class context;

struct principal {
    std::string subject;
    std::string client_id;                           // empty: the strategy does not reveal it
    std::optional<std::vector<std::string>> scopes;  // nothing: the strategy does not reveal them
    std::vector<std::string> audience;               // empty: the strategy does not reveal it
    std::optional<std::chrono::system_clock::time_point> expires_at;
    std::string issuer;
    bool own_issuer = false;  // it is a name of the realm's own AS, present or former
    // The RFC 7638 thumbprint of the key that the token is bound to (RFC 9449 §6); "" for a bearer
    // token, nothing where the strategy does not reveal it.
    std::optional<std::string> key;
    std::string strategy;  // introspection | userinfo | jwt | local | none
    boost::json::object claims;

    // Whose word the subject is: two names of our own AS are the same.
    std::string authority() const { return own_issuer ? std::string() : issuer; }
    bool has_scope(std::string_view scope) const;  // true where scopes are not revealed
};

// The bearer token of a request that passed the guard.
struct credential {
    std::string token;
    std::string digest;  // of the token: for `mcp.session_binding = "token"`, safe to keep
    principal who;
    // Asks the strategy again. A failed outcome with status 401 means the token is dead; 503 means
    // nobody could tell.
    using question = std::function<task<outcome<principal>>()>;
    // What an open stream asks again and again (validation.recheck), of an exchange that has this
    // credential: only streams need it, so it is made for them alone. It outlives the exchange.
    std::function<question(context const&)> recheck;
};

// How the resource that a request addresses wants its tokens (RFC 9449 §7.1), and what the request
// tried: decides which challenges an answer carries.
struct challenge_style {
    std::string_view dpop_algs{};  // "ES256 EdDSA …", of static life; empty: no DPoP here
    bool bearer = true;            // bearer tokens are taken, too
    bool tried_dpop = false;    // the request speaks DPoP: its scheme comes first, with the error
    bool mention_dpop = false;  // say that DPoP is spoken although the request did not try
};

// How the challenges of a resource are worded; the defaults are what the standards say.
struct challenge_wording {
    std::string realm;               // RFC 6750 §3: the first parameter; empty: left out
    bool relative_metadata = false;  // resource_metadata as a path (RFC 9728 §5.1 wants a URL)
};

// The contract's table of bearer answers; the same bytes for the same case. Each carries an
// absolute `resource_metadata` for the resource that `ctx` addresses (RFC 9728 §5.1).
namespace challenge {
problem missing_token(context const& ctx, std::vector<std::string> const& required_scopes);
problem invalid_token(context const& ctx, std::vector<std::string> const& required_scopes,
                      std::string why_for_log);
// RFC 9449 §7.2: a token that is bound to a key came as a bearer token. To its holder that is said,
// or it would fetch a new one for nothing.
problem bound_token(context const& ctx, std::vector<std::string> const& required_scopes,
                    std::string why_for_log);
problem malformed(context const& ctx, std::string what);  // 400 invalid_request
// 401 for a proof that is none (RFC 9449 §7.1), with the error code and sentence of `why`.
problem refused_proof(context const& ctx, std::vector<std::string> const& required_scopes,
                      problem const& why);
problem insufficient_scope(context const& ctx, std::vector<std::string> const& needed);
problem cannot_ask(std::string why_for_log, std::chrono::seconds retry_after);  // 503
// 401 in its place, for who wants it (validation.unreachable): the token is said to be bad although
// nobody could tell.
problem not_asked(context const& ctx, std::vector<std::string> const& required_scopes,
                  std::string why_for_log);
}  // namespace challenge

}  // namespace tollgate::http
