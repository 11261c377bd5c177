// The vault's seeds: refresh tokens that are valid before anybody authorized anything. Which of
// them wait, and which were used, must not be forgotten with the process.
#include <utility>

#include "base/crypto.hpp"
#include "oauth/records/store_errors.hpp"
#include "oauth/records/vault.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::string_view used_prefix = "used:";
constexpr std::string_view added_prefix = "added:";

record mark_of_seed() {
    return {"{}", {}, time_point::max()};
}

std::string key_of_seed(std::string_view prefix, std::string_view secret) {
    return std::string(prefix) + digest_of(secret);
}

}  // namespace

task<outcome<void>> vault::use_seed(std::string_view realm, std::string_view secret,
                                    refresh_token const& t) {
    realm_records both;
    both.push_back({kind::seed, key_of_seed(used_prefix, secret), mark_of_seed()});
    record of_token(to_body(t), t.grant.family, t.grant.other_groups(), t.expires_at);
    both.push_back({kind::refresh_token, digest_of(secret), std::move(of_token)});
    auto done = co_await store_.put_all(realm, std::move(both));
    co_return as_oauth_error(std::move(done));
}

task<outcome<void>> vault::add_seed(std::string_view realm, std::string_view secret) {
    auto const used = key_of_seed(used_prefix, secret);
    auto const added = key_of_seed(added_prefix, secret);
    auto const token = co_await erase_refresh(realm, secret);
    if (!token) co_return token;
    auto const mark = co_await store_.erase(realm, kind::seed, used);
    if (!mark) co_return as_oauth_error(mark);
    auto done = co_await store_.put(realm, kind::seed, added, mark_of_seed());
    if (!done && done.error().error() == "conflict") co_return outcome<void>();
    co_return as_oauth_error(std::move(done));
}

task<outcome<kept_seeds>> vault::find_seeds(std::string_view realm) {
    auto const keys = co_await all_keys(store_, std::string(realm), kind::seed);
    if (!keys) co_return as_oauth_error(keys.error());
    kept_seeds found;
    for (std::string_view const key : *keys) {
        if (key.starts_with(used_prefix)) found.used.emplace_back(key.substr(used_prefix.size()));
        if (key.starts_with(added_prefix))
            found.added.emplace_back(key.substr(added_prefix.size()));
    }
    co_return found;
}

}  // namespace tollgate::oauth
