// The vault's clients: kept under their id, which is no secret.
#include <set>
#include <utility>

#include "oauth/errors.hpp"
#include "oauth/vault.hpp"
#include "oauth/vault_errors.hpp"

namespace tollgate::oauth {

namespace {

// Which client a code or a token belongs to; empty for a record that cannot be read.
std::string owner_of(kind k, std::string_view body) {
    if (k == kind::code) {
        auto const code = code_from(body);
        return code ? code->what.client_id : std::string();
    }
    if (k == kind::refresh_token) {
        auto const token = refresh_token_from(body);
        return token ? token->what.client_id : std::string();
    }
    auto const token = access_token_from(body);
    return token ? token->what.client_id : std::string();
}

}  // namespace

task<outcome<void>> vault::add_client(std::string_view realm, client const& c,
                                      http::time_point unused_until) {
    record r(to_body(c), {}, c.unused ? unused_until : http::time_point::max());
    auto done = co_await store_.put(realm, kind::client, c.id, std::move(r));
    co_return told(std::move(done));
}

task<outcome<client>> vault::find_client(std::string_view realm, std::string_view id) {
    auto const found = co_await store_.get(realm, kind::client, id);
    if (!found) co_return told(found.error());
    co_return client_from(found->body);
}

task<outcome<void>> vault::replace_client(std::string_view realm, client const& c) {
    auto const found = co_await store_.get(realm, kind::client, c.id);
    if (!found) co_return told(found.error());
    record r(to_body(c), {}, found->expires_at);
    auto done = co_await store_.replace(realm, kind::client, c.id, std::move(r), found->version);
    co_return told(std::move(done));
}

task<outcome<void>> vault::keep_client(std::string_view realm, std::string id) {
    for (;;) {
        auto const found = co_await store_.get(realm, kind::client, id);
        if (!found && found.error().status() == 404) co_return outcome<void>();
        if (!found) co_return told(found.error());
        auto c = client_from(found->body);
        if (!c) co_return c.error();
        c->unused = false;
        record r(to_body(*c), found->group, http::time_point::max());
        auto done = co_await store_.replace(realm, kind::client, id, std::move(r), found->version);
        if (done || done.error().status() == 404) co_return outcome<void>();
        // It was updated meanwhile (RFC 7592 §2.2): then it is looked at again.
        if (done.error().error() != "conflict") co_return told(done.error());
    }
}

task<outcome<bool>> vault::erase_client(std::string_view realm, std::string_view id) {
    auto const got = co_await store_.redeem(realm, kind::client, id);
    if (!got) co_return told(got.error());
    auto const done = co_await store_.erase(realm, kind::client, id);
    if (!done) co_return told(done.error());
    co_return got->first_time;
}

// Looks through all that the realm has issued: grants are kept by family and not by client, and
// clients are deleted rarely.
task<outcome<std::size_t>> vault::revoke_client(std::string_view realm, std::string_view id) {
    std::set<std::string> families;
    for (auto const k : {kind::code, kind::access_token, kind::refresh_token}) {
        auto const keys = co_await store_.keys(realm, k);
        if (!keys) co_return told(keys.error());
        for (auto const& key : *keys) {
            auto const found = co_await store_.get(realm, k, key);
            if (found && owner_of(k, found->body) == id) families.insert(found->group);
        }
    }
    for (auto const& family : families) {
        auto const gone = co_await store_.erase_group(realm, family);
        if (!gone) co_return told(gone.error());
    }
    co_return families.size();
}

}  // namespace tollgate::oauth
