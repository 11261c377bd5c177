// The vault's clients: kept under their id, which is no secret.
#include <utility>

#include "oauth/records/store_errors.hpp"
#include "oauth/records/vault.hpp"

namespace tollgate::oauth {

task<outcome<void>> vault::add_client(std::string_view realm, client const& c,
                                      time_point unused_until) {
    // Of no group: what revokes its tokens leaves the client itself.
    record r(to_body(c), {}, c.unused ? unused_until : time_point::max());
    auto done = co_await store_.put(realm, kind::client, c.id, std::move(r));
    co_return as_oauth_error(std::move(done));
}

task<outcome<client>> vault::find_client(std::string_view realm, std::string_view id) {
    auto const found = co_await store_.get(realm, kind::client, id);
    if (!found) co_return as_oauth_error(found.error());
    co_return client_from(found->body);
}

task<outcome<void>> vault::replace_client(std::string_view realm, client const& c) {
    auto const found = co_await store_.get(realm, kind::client, c.id);
    if (!found) co_return as_oauth_error(found.error());
    // It may have got its first token since `c` was read.
    auto const now = client_from(found->body);
    if (!now) co_return now.error();
    auto changed = c;
    changed.unused = changed.unused && now->unused;
    record r(to_body(changed), {}, found->expires_at);
    auto done = co_await store_.replace(realm, kind::client, c.id, std::move(r), found->version);
    co_return as_oauth_error(std::move(done));
}

task<outcome<void>> vault::keep_client(std::string_view realm, std::string id) {
    for (;;) {
        auto const found = co_await store_.get(realm, kind::client, id);
        if (!found && found.error().status() == 404) co_return outcome<void>();
        if (!found) co_return as_oauth_error(found.error());
        auto c = client_from(found->body);
        if (!c) co_return c.error();
        c->unused = false;
        record r(to_body(*c), found->group, time_point::max());
        auto done = co_await store_.replace(realm, kind::client, id, std::move(r), found->version);
        if (done || done.error().status() == 404) co_return outcome<void>();
        // It was updated meanwhile (RFC 7592 §2.2): then it is looked at again.
        if (done.error().error() != "conflict") co_return as_oauth_error(done.error());
    }
}

task<outcome<bool>> vault::erase_client(std::string_view realm, std::string_view id) {
    auto const got = co_await store_.redeem(realm, kind::client, id);
    // erase() would tell each of two callers that it was done, redeem() tells one of them.
    if (!got) co_return as_oauth_error(got.error());
    auto const done = co_await store_.erase(realm, kind::client, id);
    if (!done) co_return as_oauth_error(done.error());
    co_return got->first_time;
}

task<outcome<std::size_t>> vault::revoke_client(std::string_view realm, std::string_view id) {
    auto const group = client_group(id);
    auto done = co_await store_.erase_group(realm, group);
    co_return as_oauth_error(std::move(done));
}

}  // namespace tollgate::oauth
