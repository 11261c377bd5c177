// Vault: the store, spoken to in the words of OAuth (clients, codes, tokens, families).
//
// Tokens and codes come in as the secrets they are and are kept under their digests. Whatever
// came of one authorization shares its `family` as the store's group: revoking the family kills
// all of it, and a token that is being issued meanwhile cannot slip in (put fails: group_dead).
// Likewise for what was issued to one client, and for what one token was exchanged for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "oauth/model/records.hpp"
#include "store/store.hpp"

namespace tollgate::oauth {

struct redeemed_code {
    authorization_code code;
    bool first_time = false;
    std::string key{};   // its digest
    std::string body{};  // what `code` was read from
};

struct kept_seeds {
    std::vector<std::string> added;
    std::vector<std::string> used;
};

// What one grant leaves; a token whose secret is empty is none.
struct issued_records {
    std::string access_secret;
    access_token access;
    std::string refresh_secret;
    refresh_token refresh;
    std::string id_secret;
    access_token beside_id;  // as find_id_token has it
};

struct found_device {
    device_authorization device;
    std::string key;  // digest of the device code
    time_point keep_until;
    std::uint64_t version = 0;
    bool used = false;  // tokens were issued for it
};

struct found_refresh {
    refresh_token token;
    std::uint64_t version = 0;  // for bind_refresh
};

// Failures: 404 "not_found" (unknown, expired, revoked), 409 "conflict" or "group_dead", 503
// "temporarily_unavailable" when the store is away, 500 "server_error" for a damaged record.
// Thread-safe. Views must stay valid until the returned task has finished.
class vault {
public:
    explicit vault(store& s) noexcept : store_(s) {}

    // An unused client is there until `unused_until`.
    task<outcome<void>> add_client(std::string_view realm, client const& c,
                                   time_point unused_until);
    task<outcome<client>> find_client(std::string_view realm, std::string_view id);
    // An unused client is not any more, and stays. No failure when it is gone.
    task<outcome<void>> keep_client(std::string_view realm, std::string id);
    // Fails with 409 when somebody else changed it meanwhile. Its time stays as it was.
    task<outcome<void>> replace_client(std::string_view realm, client const& c);
    // Atomic: true for exactly one caller.
    task<outcome<bool>> erase_client(std::string_view realm, std::string_view id);
    // All that was issued to that client and what came of it, now and for as long as a request may
    // run that had begun before; how many records there were. Costs what the client has.
    task<outcome<std::size_t>> revoke_client(std::string_view realm, std::string_view id);

    task<outcome<void>> add_code(std::string_view realm, std::string_view secret,
                                 authorization_code const& c, time_point expires_at);
    // Leaves it as it is; first_time: nobody has redeemed it yet.
    task<outcome<redeemed_code>> find_code(std::string_view realm, std::string_view secret);
    // Notes that a redeemed code gave nothing (`spoiled`). One that is gone meanwhile needs no
    // note.
    task<outcome<void>> spoil_code(std::string_view realm, std::string_view secret);
    // Atomic: of two callers exactly one is told first_time.
    task<outcome<redeemed_code>> redeem_code(std::string_view realm, std::string_view secret);
    // Likewise of what find_code found; it is read again only where it was changed meanwhile.
    task<outcome<redeemed_code>> redeem_found(std::string_view realm, redeemed_code known);

    // All of it or nothing.
    task<outcome<void>> add_issued(std::string_view realm, issued_records const& all);

    task<outcome<void>> add_access(std::string_view realm, std::string_view secret,
                                   access_token const& t);
    task<outcome<access_token>> find_access(std::string_view realm, std::string_view secret);
    // Likewise, for who has its digest.
    task<outcome<access_token>> find_access_by(std::string_view realm, std::string digest);
    task<outcome<void>> erase_access(std::string_view realm, std::string_view secret);
    // With it goes what came of it alone: the id_token that was issued beside it, and whatever it
    // was exchanged for. `found` is what find_access said.
    task<outcome<void>> revoke_access(std::string_view realm, std::string_view secret,
                                      access_token const& found);

    // What an id_token stands for when it is exchanged: the grant of the login that it tells of.
    // Its id is that of the access token beside it.
    task<outcome<access_token>> find_id_token(std::string_view realm, std::string_view secret);
    task<outcome<void>> erase_id_token(std::string_view realm, std::string_view secret);

    // The refresh token of a seed that was waiting, and that it waits no more: for ever, or until
    // it is seeded again. Conflict (409) where that was done before.
    task<outcome<void>> use_seed(std::string_view realm, std::string_view secret,
                                 refresh_token const& t);
    // A seed that waits from now on; what it was before is over.
    task<outcome<void>> add_seed(std::string_view realm, std::string_view secret);
    // The digests of seeds that were added, and of those that were used.
    task<outcome<kept_seeds>> find_seeds(std::string_view realm);
    task<outcome<found_refresh>> find_refresh(std::string_view realm, std::string_view secret);
    // Gives a seeded token its owner; conflict (409) when somebody else was faster.
    task<outcome<void>> bind_refresh(std::string_view realm, std::string_view secret,
                                     found_refresh const& bound);
    // Notes when a token was used, for a window of grace, and uses it up: of many who use it at
    // once the first to write says when.
    task<outcome<void>> spend_refresh(std::string_view realm, std::string_view secret,
                                      time_point now);
    // The token `successor` (a digest) is being used, so what it was issued for is used up. Atomic:
    // false when another successor of `predecessor` (a digest) came first.
    task<outcome<bool>> supersede_refresh(std::string_view realm, std::string predecessor,
                                          std::string successor);
    // Atomic: true for exactly one caller.
    task<outcome<bool>> redeem_refresh(std::string_view realm, std::string_view secret);
    task<outcome<void>> erase_refresh(std::string_view realm, std::string_view secret);

    // Device authorizations (RFC 8628), by device code and by user code. Conflict (409) when the
    // user code is taken; likewise of replace_device when it was changed meanwhile.
    task<outcome<void>> add_device(std::string_view realm, std::string_view secret,
                                   device_authorization const& d, time_point keep_until);
    task<outcome<found_device>> find_device(std::string_view realm, std::string_view secret);
    task<outcome<found_device>> find_device_of(std::string_view realm, std::string_view user_code);
    task<outcome<void>> replace_device(std::string_view realm, found_device const& changed);
    // Atomic: true for exactly one caller. `key` is that of found_device.
    task<outcome<bool>> redeem_device(std::string_view realm, std::string key);

    // Atomic: true for exactly one caller until `expires_at`. `what` says what may be used once
    // ("jti of ISSUER"), and is kept as a digest.
    task<outcome<bool>> first_time_seen(std::string_view realm, std::string what,
                                        time_point expires_at);

    task<outcome<std::size_t>> revoke_family(std::string_view realm, std::string_view family);

    task<outcome<std::size_t>> forget(std::string_view realm, std::vector<kind> kinds);
    task<outcome<std::vector<std::string>>> digests(std::string_view realm, kind k);
    // How many there are.
    task<outcome<std::size_t>> count(std::string_view realm, kind k);

    // The clock of a realm (store::keep_time), and all of its records at one moment.
    void keep_time(std::string_view realm, std::shared_ptr<time_shift const> by);
    task<outcome<realm_records>> copy(std::string_view realm);
    task<outcome<void>> replace_all(std::string_view realm, realm_records records);

private:
    task<outcome<found_device>> look_up_device(std::string_view realm, std::string key);

    store& store_;
};

}  // namespace tollgate::oauth
