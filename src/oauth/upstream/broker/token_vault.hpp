// Provider tokens, what a provider gave for a login: sealed, kept with the family that came of it,
// and never told to anybody.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sealer.hpp"
#include "oauth/model/records.hpp"
#include "store/store.hpp"

namespace tollgate::oauth {

struct provider_grant {
    std::string access_token;
    std::string refresh_token;  // empty: none
    std::string subject;        // the provider's own name for the person; empty: not known
    time_point issued_at{};
    std::optional<time_point> expires_at;  // nothing: the provider did not say
};

struct found_provider_grant {
    provider_grant grant;
    time_point keep_until{};
    std::uint64_t version = 0;
    std::vector<std::string> groups;  // of the store, besides the family
};

// Kept in the groups of the login's family and client: what revokes either forgets these as well.
// Failures as those of the vault; not-found also for what was sealed under another key.
// Thread-safe. Views must stay valid until the returned task has finished.
class provider_token_vault {
public:
    // `secret` is upstream.token_key; empty: a key that dies with the process.
    provider_token_vault(store& s, std::string_view secret)
        : store_(s), sealer_(secret, "tollgate provider tokens") {}

    // `owner` is what the login granted here: its family and its client.
    task<outcome<void>> add(std::string_view realm, grant const& owner, provider_grant const& g,
                            time_point keep_until);
    task<outcome<found_provider_grant>> find(std::string_view realm, std::string_view family);
    // Compare and set: conflict (409) when somebody else changed it meanwhile.
    task<outcome<void>> replace(std::string_view realm, std::string_view family,
                                found_provider_grant const& changed);

    // The body of a record of ours as it is good in another realm, into which it is copied; empty
    // where it was sealed under another key.
    std::string for_realm(std::string_view body, std::string_view family, std::string_view from,
                          std::string_view to) const;

private:
    store& store_;
    sealer sealer_;
};

}  // namespace tollgate::oauth
