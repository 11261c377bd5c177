#include "oauth/records/vault.hpp"

#include <functional>
#include <utility>
#include <vector>

#include "base/crypto.hpp"
#include "oauth/records/store_errors.hpp"

namespace tollgate::oauth {

namespace {

record record_of(std::string body, grant const& what, time_point expires_at) {
    return {std::move(body), what.family, what.other_groups(), expires_at};
}

kept_record access_record(std::string_view secret, access_token const& t) {
    return {kind::access_token, digest_of(secret), record_of(to_body(t), t.grant, t.expires_at)};
}

kept_record refresh_record(std::string_view secret, refresh_token const& t) {
    return {kind::refresh_token, digest_of(secret), record_of(to_body(t), t.grant, t.expires_at)};
}

// It dies with the access token that was issued beside it.
kept_record id_record(std::string_view secret, access_token const& beside) {
    auto r = record_of(to_body(beside), beside.grant, beside.expires_at);
    r.others.push_back(beside.id);
    return {kind::id_token, digest_of(secret), std::move(r)};
}

struct read_token {
    std::string body;
    access_token token;
};

// Whoever shows a token shows it again, and mostly its record is the same text as before. Each
// thread keeps a few, by the first letters of their digests.
outcome<access_token> read_body(std::string_view digest, std::string const& body) {
    constexpr std::size_t places = 256;
    thread_local std::vector<read_token> read(places);
    auto& place = read[std::hash<std::string_view>()(digest.substr(0, 8)) % places];
    if (!place.body.empty() && place.body == body) return place.token;
    auto token = access_token_from(body);
    if (token) place = read_token{body, *token};
    return token;
}

outcome<access_token> read_access(std::string_view digest, outcome<record> const& found) {
    if (!found) return as_oauth_error(found.error());
    auto token = read_body(digest, found->body);
    if (!token) return token.error();
    token->grant.family = found->group;
    token->expires_at = found->expires_at;
    return token;
}

}  // namespace

task<outcome<void>> vault::add_code(std::string_view realm, std::string_view secret,
                                    authorization_code const& c, time_point expires_at) {
    auto const key = digest_of(secret);
    auto r = record_of(to_body(c), c.grant, expires_at);
    auto done = co_await store_.put(realm, kind::code, key, std::move(r));
    co_return as_oauth_error(std::move(done));
}

task<outcome<redeemed_code>> vault::find_code(std::string_view realm, std::string_view secret) {
    redeemed_code r;
    r.key = digest_of(secret);
    auto found = co_await store_.get(realm, kind::code, r.key);
    if (!found) co_return as_oauth_error(found.error());
    auto code = code_from(found->body);
    if (!code) co_return code.error();
    r.code = std::move(*code);
    r.code.grant.family = std::move(found->group);
    r.first_time = !found->redeemed;
    r.body = std::move(found->body);
    co_return r;
}

task<outcome<void>> vault::spoil_code(std::string_view realm, std::string_view secret) {
    auto const key = digest_of(secret);
    auto const found = co_await store_.get(realm, kind::code, key);
    if (!found && found.error().status() == 404) co_return outcome<void>();
    if (!found) co_return as_oauth_error(found.error());
    auto code = code_from(found->body);
    if (!code) co_return code.error();
    code->spoiled = true;
    record r(to_body(*code), found->group, found->others, found->expires_at);
    auto done = co_await store_.replace(realm, kind::code, key, std::move(r), found->version);
    co_return as_oauth_error(std::move(done));
}

task<outcome<redeemed_code>> vault::redeem_code(std::string_view realm, std::string_view secret) {
    redeemed_code unread;
    unread.key = digest_of(secret);
    return redeem_found(realm, std::move(unread));
}

task<outcome<redeemed_code>> vault::redeem_found(std::string_view realm, redeemed_code known) {
    auto got = co_await store_.redeem(realm, kind::code, known.key);
    if (!got) co_return as_oauth_error(got.error());
    if (known.body.empty() || got->record.body != known.body) {
        auto code = code_from(got->record.body);
        if (!code) co_return code.error();
        known.code = std::move(*code);
        known.body = std::move(got->record.body);
    }
    known.code.grant.family = std::move(got->record.group);
    known.first_time = got->first_time;
    co_return known;
}

task<outcome<void>> vault::add_issued(std::string_view realm, issued_records const& all) {
    realm_records together;
    if (!all.refresh_secret.empty())
        together.push_back(refresh_record(all.refresh_secret, all.refresh));
    if (!all.id_secret.empty()) together.push_back(id_record(all.id_secret, all.beside_id));
    if (!all.access_secret.empty())
        together.push_back(access_record(all.access_secret, all.access));
    if (together.empty()) co_return outcome<void>();
    auto done = co_await store_.put_all(realm, std::move(together));
    co_return as_oauth_error(std::move(done));
}

task<outcome<void>> vault::add_access(std::string_view realm, std::string_view secret,
                                      access_token const& t) {
    auto one = access_record(secret, t);
    auto done = co_await store_.put(realm, one.kind, one.key, std::move(one.record));
    co_return as_oauth_error(std::move(done));
}

task<outcome<access_token>> vault::find_access(std::string_view realm, std::string_view secret) {
    return find_access_by(realm, digest_of(secret));
}

task<outcome<access_token>> vault::find_access_by(std::string_view realm, std::string digest) {
    auto const found = co_await store_.get(realm, kind::access_token, digest);
    co_return read_access(digest, found);
}

task<outcome<void>> vault::erase_access(std::string_view realm, std::string_view secret) {
    auto const key = digest_of(secret);
    auto done = co_await store_.erase(realm, kind::access_token, key);
    co_return as_oauth_error(std::move(done));
}

task<outcome<void>> vault::revoke_access(std::string_view realm, std::string_view secret,
                                         access_token const& found) {
    // First what came of it: should the store fail then, the token is there to be revoked again.
    auto const heirs = co_await store_.erase_group(realm, found.id);
    if (!heirs) co_return as_oauth_error(heirs.error());
    co_return co_await erase_access(realm, secret);
}

task<outcome<access_token>> vault::find_id_token(std::string_view realm, std::string_view secret) {
    auto const key = digest_of(secret);
    auto const found = co_await store_.get(realm, kind::id_token, key);
    co_return read_access(key, found);
}

task<outcome<void>> vault::erase_id_token(std::string_view realm, std::string_view secret) {
    auto const key = digest_of(secret);
    auto done = co_await store_.erase(realm, kind::id_token, key);
    co_return as_oauth_error(std::move(done));
}

task<outcome<found_refresh>> vault::find_refresh(std::string_view realm, std::string_view secret) {
    auto const key = digest_of(secret);
    auto const found = co_await store_.get(realm, kind::refresh_token, key);
    if (!found) co_return as_oauth_error(found.error());
    auto token = refresh_token_from(found->body);
    if (!token) co_return token.error();
    found_refresh f;
    f.token = std::move(*token);
    f.token.grant.family = found->group;
    f.token.expires_at = found->expires_at;
    // supersede_refresh names the successor before it redeems: between the two it is used already.
    f.token.used = found->redeemed || !f.token.successor.empty();
    f.version = found->version;
    co_return f;
}

task<outcome<void>> vault::bind_refresh(std::string_view realm, std::string_view secret,
                                        found_refresh const& bound) {
    auto const key = digest_of(secret);
    auto const& t = bound.token;
    auto r = record_of(to_body(t), t.grant, t.expires_at);
    auto done =
        co_await store_.replace(realm, kind::refresh_token, key, std::move(r), bound.version);
    co_return as_oauth_error(std::move(done));
}

task<outcome<void>> vault::spend_refresh(std::string_view realm, std::string_view secret,
                                         time_point now) {
    for (;;) {
        auto found = co_await find_refresh(realm, secret);
        if (!found) co_return found.error();
        if (found->token.used_at) break;
        found->token.used_at = now;
        auto const noted = co_await bind_refresh(realm, secret, *found);
        if (noted) break;
        // Each conflict means that somebody else got on: once a time stands there, all do.
        if (noted.error().error() != "conflict") co_return noted;
    }
    auto const spent = co_await redeem_refresh(realm, secret);
    if (!spent) co_return spent.error();
    co_return outcome<void>();
}

task<outcome<bool>> vault::supersede_refresh(std::string_view realm, std::string predecessor,
                                             std::string successor) {
    for (;;) {
        auto found = co_await store_.get(realm, kind::refresh_token, predecessor);
        // It expired: nobody can use it any more.
        if (!found && found.error().status() == 404) co_return true;
        if (!found) co_return as_oauth_error(found.error());
        auto token = refresh_token_from(found->body);
        if (!token) co_return token.error();
        if (!token->successor.empty()) co_return token->successor == successor;
        token->successor = successor;
        record r(to_body(*token), found->group, found->others, found->expires_at);
        auto const done = co_await store_.replace(realm, kind::refresh_token, predecessor,
                                                  std::move(r), found->version);
        // Each conflict means that somebody else got on: once a successor stands there, all do.
        if (!done && done.error().error() == "conflict") continue;
        if (!done) co_return as_oauth_error(done.error());
        auto const spent = co_await store_.redeem(realm, kind::refresh_token, predecessor);
        if (!spent && spent.error().status() != 404) co_return as_oauth_error(spent.error());
        co_return true;
    }
}

task<outcome<bool>> vault::first_time_seen(std::string_view realm, std::string what,
                                           time_point expires_at) {
    auto const key = digest_of(what);
    // Of no group: no revocation may make it good for a second use.
    record r("{}", {}, expires_at);
    // A key that is there is a conflict: that makes look and note one step.
    auto const done = co_await store_.put(realm, kind::seen, key, std::move(r));
    if (done) co_return true;
    if (done.error().error() == "conflict") co_return false;
    co_return as_oauth_error(done.error());
}

task<outcome<bool>> vault::redeem_refresh(std::string_view realm, std::string_view secret) {
    auto const key = digest_of(secret);
    auto const got = co_await store_.redeem(realm, kind::refresh_token, key);
    if (!got) co_return as_oauth_error(got.error());
    co_return got->first_time;
}

task<outcome<void>> vault::erase_refresh(std::string_view realm, std::string_view secret) {
    auto const key = digest_of(secret);
    auto done = co_await store_.erase(realm, kind::refresh_token, key);
    co_return as_oauth_error(std::move(done));
}

task<outcome<std::size_t>> vault::revoke_family(std::string_view realm, std::string_view family) {
    auto done = co_await store_.erase_group(realm, family);
    co_return as_oauth_error(std::move(done));
}

task<outcome<std::size_t>> vault::forget(std::string_view realm, std::vector<kind> kinds) {
    auto done = co_await store_.erase_kinds(realm, std::move(kinds));
    co_return as_oauth_error(std::move(done));
}

task<outcome<std::vector<std::string>>> vault::digests(std::string_view realm, kind k) {
    auto done = co_await all_keys(store_, std::string(realm), k);
    co_return as_oauth_error(std::move(done));
}

task<outcome<std::size_t>> vault::count(std::string_view realm, kind k) {
    auto done = co_await store_.count(realm, k);
    co_return as_oauth_error(std::move(done));
}

void vault::keep_time(std::string_view realm, std::shared_ptr<time_shift const> by) {
    store_.keep_time(realm, std::move(by));
}

task<outcome<realm_records>> vault::copy(std::string_view realm) {
    auto all = co_await store_.copy(realm);
    co_return as_oauth_error(std::move(all));
}

task<outcome<void>> vault::replace_all(std::string_view realm, realm_records records) {
    auto done = co_await store_.replace_all(realm, std::move(records));
    co_return as_oauth_error(std::move(done));
}

}  // namespace tollgate::oauth
