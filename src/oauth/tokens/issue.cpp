#include "oauth/tokens/issue.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/crypto.hpp"
#include "base/task.hpp"
#include "oauth/minting.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/record_text.hpp"
#include "oauth/tokens/claims.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

access_token make_access(token_order const& order, policy const& p, http::context const& c) {
    access_token t;
    t.grant = order.grant;
    t.grant.scopes = order.scopes;
    t.grant.audience = order.audience;
    t.grant.key = c.proven().thumbprint;
    // The grant may be older than the present name of the server; its tokens are not.
    t.grant.issuer = c.place().issuer_today(order.grant.issuer);
    t.id = random_token(16);
    t.issued_at = c.now();
    t.expires_at = t.issued_at + p.access_ttl;
    if (order.not_after) t.expires_at = std::min(t.expires_at, *order.not_after);
    return t;
}

// What is to be signed; empty claims: nothing is.
struct signing_job {
    std::shared_ptr<minting const> how;  // null: the usual one
    std::optional<signing_key> access_key;
    std::optional<signing_key> id_key;
    json::object access;
    json::object id;
    std::string opaque;  // the access token that is none to sign

    // RSA takes about a millisecond, in which this core would serve nobody.
    bool is_slow() const noexcept { return uses_rsa(access_key) || uses_rsa(id_key); }

private:
    static bool uses_rsa(std::optional<signing_key> const& key) noexcept {
        return key && (key->algorithm_id() == jws_algorithm::rs256 ||
                       key->algorithm_id() == jws_algorithm::ps256);
    }
};

// The access token, and the id_token that names its hash (OpenID Connect Core §3.1.3.6).
using signed_pair = std::pair<std::string, std::string>;

std::string mint(minting const& how, minted what, signing_key const& key, std::string_view typ,
                 json::object claims) {
    jws_manner manner;
    for (auto const& step : how.steps)
        step->alter(what, claims, manner);
    return sign_jwt(key, typ, claims, manner);
}

signed_pair sign_both(signing_job const& job) {
    auto const& how = minting_of(job.how);
    signed_pair made;
    made.first = job.opaque;
    if (job.access_key)
        made.first = mint(how, minted::access_token, *job.access_key, "at+jwt", job.access);
    if (!job.id_key) return made;
    auto id = job.id;
    id["at_hash"] = half_hash(made.first, job.id_key->algorithm_id());
    made.second = mint(how, minted::id_token, *job.id_key, "JWT", std::move(id));
    return made;
}

task<signed_pair> sign_aside(server& s, signing_job job) {
    // Owns the job: whoever waits may be cancelled while a worker signs.
    auto work = [job = std::move(job)] { return sign_both(job); };
    co_return co_await offload(s.workers(), std::move(work));
}

problem not_recorded(problem const& why) {
    if (why.error() == "group_dead")
        return errors::invalid_grant.log("the family was revoked while tokens were being issued");
    return why;
}

// What the order leaves in the store, counted for its client until it lapses; given back unless it
// was kept.
class counted_tokens {
public:
    counted_tokens(server& s, http::context& c, token_order const& order)
        : budget_(s.budget().tokens), owner_(owner_of(c, order.grant.client_id)) {}
    counted_tokens(counted_tokens const&) = delete;
    counted_tokens& operator=(counted_tokens const&) = delete;
    ~counted_tokens() {
        for (auto const& until : taken_)
            budget_.give_back(owner_, 1, until);
    }

    live_budget::spent take(http::context const& c, time_point issued_until) {
        auto const until = real_end(c, issued_until);
        auto const may = budget_.take(owner_, 1, until, c.real_now());
        if (may == live_budget::spent::nothing) taken_.push_back(until);
        return may;
    }
    void keep() noexcept { taken_.clear(); }

private:
    live_budget& budget_;
    live_budget::owner const owner_;
    std::vector<place_end> taken_;
};

outcome<void> count(counted_tokens& tokens, http::context const& c, token_order const& order,
                    access_token const& access, policy const& p) {
    auto may = tokens.take(c, access.expires_at);
    if (may == live_budget::spent::nothing && order.with_refresh)
        may = tokens.take(c, access.issued_at + p.refresh_ttl);
    if (may != live_budget::spent::nothing) return too_many_tokens(may);
    return {};
}

// Before the tokens: a client that holds some must be there when it comes to refresh them.
task<outcome<void>> keep_client(server& s, http::context& c, token_order const& order) {
    if (!order.first_of_client) co_return outcome<void>();
    auto const kept = co_await s.records(c).keep_client(c.realm().name(), order.grant.client_id);
    if (kept) s.budget().clients.keep(c.realm().id(), order.grant.client_id);
    co_return kept;
}

refresh_token make_refresh(token_order const& order, policy const& p, http::context const& c) {
    refresh_token t;
    t.grant = order.grant;
    // RFC 9449 §5: that of a public client is bound to the key, too.
    if (c.proven().for_refresh) t.grant.key = c.proven().thumbprint;
    t.issued_at = c.now();
    t.expires_at = t.issued_at + p.refresh_ttl;
    t.predecessor = order.predecessor;
    return t;
}

// Of a refresh token, an id_token and an access token those that leave a record.
issued_records records_of(token_order const& order, policy const& p, http::context const& c,
                          access_token&& access, issued_tokens const& issued, bool known) {
    issued_records all;
    if (order.with_refresh) {
        all.refresh_secret = issued.refresh;
        all.refresh = make_refresh(order, p, c);
    }
    if (order.exchangeable_id_token) {
        // It stands for the whole grant, whatever part of it the access token is for.
        all.id_secret = issued.id_token;
        all.beside_id = access;
        all.beside_id.grant.scopes = order.grant.scopes;
        all.beside_id.grant.audience = order.grant.audience;
    }
    if (known) all.access_secret = issued.access;
    all.access = std::move(access);
    return all;
}

signing_job job_for(token_order const& order, access_token const& access, policy const& p,
                    key_ring& keys) {
    signing_job job;
    if (p.format == token_format::jwt) {
        job.access_key = keys.current(p.signing_alg);
        job.access = access_claims(access, p);
    } else {
        job.opaque = random_token();
    }
    // An id_token tells the client that somebody logged in (OpenID Connect Core §2).
    bool const openid = order.id_token_algorithm && has_scope(order.scopes, "openid") &&
                        access.grant.authenticated_at != 0;
    if (!openid) return job;
    job.id_key = keys.current(*order.id_token_algorithm);
    job.id = id_claims(access, p, order.nonce);
    // OpenID Connect Core §12.2: that of the first id_token, whatever we are called now.
    job.id["iss"] = order.grant.issuer;
    return job;
}

}  // namespace

task<outcome<issued_tokens>> issue_tokens(server& s, http::context& c, token_order order) {
    c.facts().family = order.grant.family;
    auto const& p = s.rules(c);
    auto access = make_access(order, p, c);
    counted_tokens counted(s, c, order);
    // Before anything is signed or stored: a refusal costs next to nothing.
    auto const room = count(counted, c, order, access, p);
    if (!room) co_return room.error();
    issued_tokens issued;
    issued.scope = scope_text(order.scopes);
    auto const lifetime = access.expires_at - access.issued_at;
    issued.expires_in = std::chrono::floor<std::chrono::seconds>(lifetime).count();
    if (!access.grant.key.empty()) issued.type = "DPoP";  // RFC 9449 §5
    auto job = job_for(order, access, p, s.state(c.realm()).keys());
    job.how = c.kept<minting>();
    bool const known = !job.access_key || minting_of(job.how).keeps_record();
    signed_pair made;
    if (job.is_slow()) {
        auto aside = co_await sign_aside(s, std::move(job));
        made = std::move(aside);
    } else {
        made = sign_both(job);
    }
    issued.access = std::move(made.first);
    issued.id_token = std::move(made.second);

    auto const kept = co_await keep_client(s, c, order);
    if (!kept) co_return not_recorded(kept.error());
    if (order.with_refresh) issued.refresh = random_token();
    auto const records = records_of(order, p, c, std::move(access), issued, known);
    auto const recorded = co_await s.records(c).add_issued(c.realm().name(), records);
    if (!recorded) co_return not_recorded(recorded.error());
    counted.keep();
    co_return issued;
}

task<void> withdraw_tokens(server& s, http::context& c, issued_tokens const& issued) {
    // A failure leaves a record of a token that nobody holds: it expires.
    auto const access = co_await s.records(c).erase_access(c.realm().name(), issued.access);
    if (!access) c.note("withdraw", access.error().error());
    if (!issued.id_token.empty()) {
        auto const id = co_await s.records(c).erase_id_token(c.realm().name(), issued.id_token);
        if (!id) c.note("withdraw", id.error().error());
    }
    if (issued.refresh.empty()) co_return;
    auto const refresh = co_await s.records(c).erase_refresh(c.realm().name(), issued.refresh);
    if (!refresh) c.note("withdraw", refresh.error().error());
}

http::reply token_reply(issued_tokens const& issued) {
    record_serializer body;
    body.text("access_token", issued.access);
    if (!issued.issued_type.empty()) body.text("issued_token_type", issued.issued_type);
    // RFC 6749 §5.1: required, and no client goes on without it.
    body.text("token_type", issued.type);
    // A number: there are clients that fail on a text.
    body.number("expires_in", issued.expires_in);
    if (!issued.refresh.empty()) body.text("refresh_token", issued.refresh);
    // RFC 6749 §3.3: there is no empty scope.
    if (!issued.scope.empty()) body.text("scope", issued.scope);
    if (!issued.id_token.empty()) body.text("id_token", issued.id_token);
    auto r = http::json_reply(200, body.take());
    r.headers.add("Cache-Control", "no-store");
    r.headers.add("Pragma", "no-cache");
    return r;
}

}  // namespace tollgate::oauth
