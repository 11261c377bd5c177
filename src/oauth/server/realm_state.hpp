// Realm state of the authorization server, kept beside the store: its policy
// and the seeded refresh tokens that nobody has presented yet.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "oauth/dpop/state.hpp"
#include "oauth/jose/key_ring.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

// Hangs on the realm (http::realm::attach). Thread-safe.
class realm_state {
public:
    realm_state(policy p, std::vector<std::string> const& seeds, std::shared_ptr<key_source> keys);

    std::shared_ptr<policy const> current() const;
    void set(policy p);

    // Seeds wait here by digest until they are presented: opening a realm is synchronous and the
    // store is not, and what their record says depends on who presents them where.
    bool is_waiting_seed(std::string_view digest) const;
    void add_seed(std::string digest);
    void drop_seed(std::string_view digest);
    std::vector<std::string> waiting_seeds() const;

    key_ring& keys() noexcept { return keys_; }
    dpop_state& dpop() noexcept { return dpop_; }

    // As if it had just been made, except that keys stay: who remembers the key set shall not take
    // the next token for a forged one.
    void reset(policy p, std::vector<std::string> const& seeds);

    // All of it at one moment.
    struct image {
        std::shared_ptr<policy const> rules;
        std::set<std::string, std::less<>> seeds;
        key_ring::image keys;
        dpop_state::image dpop;
    };
    image save() const;
    void load(image then);

private:
    // A mutex and not std::atomic<std::shared_ptr>: load() of libstdc++ 12 lets go of its own
    // lock with relaxed order, a data race that the thread sanitizer rightly reports.
    mutable std::mutex mutex_;
    std::shared_ptr<policy const> policy_;
    std::set<std::string, std::less<>> seeds_;
    key_ring keys_;
    dpop_state dpop_;
};

}  // namespace tollgate::oauth
