// The vault's device authorizations (RFC 8628): a record by device code, and one by user code that
// says which.
#include <utility>

#include "base/crypto.hpp"
#include "oauth/records/store_errors.hpp"
#include "oauth/records/vault.hpp"

namespace tollgate::oauth {

task<outcome<void>> vault::add_device(std::string_view realm, std::string_view secret,
                                      device_authorization const& d, time_point keep_until) {
    auto const key = digest_of(secret);
    auto const user_key = digest_of(d.user_code);
    record by_user(key, d.grant.family, d.grant.other_groups(), keep_until);
    record by_device(to_body(d), d.grant.family, d.grant.other_groups(), keep_until);
    realm_records both;
    both.push_back({kind::user_code, user_key, std::move(by_user)});
    both.push_back({kind::device_code, key, std::move(by_device)});
    auto done = co_await store_.put_all(realm, std::move(both));
    co_return as_oauth_error(std::move(done));
}

task<outcome<found_device>> vault::find_device(std::string_view realm, std::string_view secret) {
    auto const key = digest_of(secret);
    co_return co_await look_up_device(realm, key);
}

task<outcome<found_device>> vault::find_device_of(std::string_view realm,
                                                  std::string_view user_code) {
    auto const user_key = digest_of(user_code);
    auto const which = co_await store_.get(realm, kind::user_code, user_key);
    if (!which) co_return as_oauth_error(which.error());
    co_return co_await look_up_device(realm, which->body);
}

task<outcome<found_device>> vault::look_up_device(std::string_view realm, std::string key) {
    auto const found = co_await store_.get(realm, kind::device_code, key);
    if (!found) co_return as_oauth_error(found.error());
    auto device = device_from(found->body);
    if (!device) co_return device.error();
    found_device f;
    f.device = std::move(*device);
    f.device.grant.family = found->group;
    f.key = std::move(key);
    f.keep_until = found->expires_at;
    f.version = found->version;
    f.used = found->redeemed;
    co_return f;
}

task<outcome<void>> vault::replace_device(std::string_view realm, found_device const& changed) {
    auto const& d = changed.device;
    record r(to_body(d), d.grant.family, d.grant.other_groups(), changed.keep_until);
    auto done = co_await store_.replace(realm, kind::device_code, changed.key, std::move(r),
                                        changed.version);
    co_return as_oauth_error(std::move(done));
}

task<outcome<bool>> vault::redeem_device(std::string_view realm, std::string key) {
    auto const got = co_await store_.redeem(realm, kind::device_code, key);
    if (!got) co_return as_oauth_error(got.error());
    co_return got->first_time;
}

}  // namespace tollgate::oauth
