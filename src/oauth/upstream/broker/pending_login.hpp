// Pending logins: those whose browser was sent to the provider and has not come back yet.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "store/store.hpp"

namespace tollgate::oauth {

struct pending_login {
    std::string request;       // the client's authorization request, as it was sent: checked again
    std::string decision;      // what was pressed on our page
    std::string verifier;      // ours, towards the provider (RFC 7636)
    std::string nonce;         // likewise; empty: no id_token was asked for
    std::string redirect_uri;  // likewise
    std::string browser;       // digest of the cookie of the browser that was sent
};

struct found_login {
    pending_login login;
    bool used = false;  // the browser came back before
};

// Kept in the store under the digest of our own `state`. Failures as those of the vault. Thread-
// safe. Views must stay valid until the returned task has finished.
class pending_logins {
public:
    explicit pending_logins(store& s) noexcept : store_(s) {}

    // Conflict (409) when there is one of that state already.
    task<outcome<void>> add(std::string_view realm, std::string_view state, pending_login const& l,
                            time_point expires_at);
    task<outcome<found_login>> find(std::string_view realm, std::string_view state);
    // Atomic: true for exactly one caller.
    task<outcome<bool>> redeem(std::string_view realm, std::string_view state);

    static constexpr std::chrono::minutes life{10};
    // Of a request that is kept. What a person can be asked about is much shorter.
    static constexpr std::size_t longest_request = 16 << 10;

private:
    store& store_;
};

}  // namespace tollgate::oauth
