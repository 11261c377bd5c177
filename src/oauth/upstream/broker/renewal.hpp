// Provider token renewal: keeps what a provider gave usable. Asks it for a new token when the old
// one is over, once for all who want it at the same time.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bounded_table.hpp"
#include "base/single_flight.hpp"
#include "http/realm/realm.hpp"
#include "oauth/upstream/broker/token_vault.hpp"
#include "oauth/upstream/provider.hpp"

namespace tollgate::oauth {

// Renewed tokens that a store which is away did not take. Thread-safe, bounded: the oldest goes.
class unsaved_grants {
public:
    // `instead_of`: the access token that is in the store still, under the same name.
    void hold(std::string_view name, std::string instead_of, provider_grant g, time_point until) {
        row r{std::move(instead_of), std::move(g)};
        std::lock_guard const lock(mutex_);
        rows_.put(name, std::move(r), until);
    }
    // Nothing when the store has something else by now: then that is newer.
    std::optional<provider_grant> find(std::string_view name, std::string_view in_store,
                                       time_point now) {
        std::lock_guard const lock(mutex_);
        auto const* held = rows_.find(name, now);
        if (!held) return std::nullopt;
        if (held->instead_of == in_store) return held->grant;
        rows_.erase(name);
        return std::nullopt;
    }
    void forget(std::string_view name) {
        std::lock_guard const lock(mutex_);
        rows_.erase(name);
    }

private:
    static constexpr std::size_t most = 10'000;
    struct row {
        std::string instead_of;
        provider_grant grant;
    };

    std::mutex mutex_;
    bounded_table<row> rows_{most};
};

// Thread-safe.
class provider_renewal {
public:
    // All references must outlive it.
    provider_renewal(provider& p, provider_token_vault& tokens, store& s)
        : provider_(p), tokens_(tokens), store_(s) {}

    struct wish {
        std::string realm;
        std::string family;
        std::string refused;  // an access token that an API took for dead: any but that one
        // Keep the record at least as long; nothing: as it is.
        std::optional<time_point> keep_until;
    };

    // A grant whose access token is not known to be over. Failures, each with a sentence:
    //   400 invalid_grant            the login at the provider is over, or its tokens are not known
    //                                here; where the provider itself said so, the family is dead
    //   503 temporarily_unavailable  the provider cannot be asked now; nothing is lost
    // The provider is asked at most once, and whoever gives up waiting does not stop that: a
    // rotated refresh token that nobody takes note of would end the login. For the same reason
    // what a store that is away did not take counts all the same, and is saved later.
    task<outcome<provider_grant>> usable(wish w);

private:
    // What is known of a grant.
    struct state {
        found_provider_grant found;
        std::string stored;    // the access token that is in the store
        bool unsaved = false;  // found.grant is newer than that
    };
    bool is_good(state const& s, wish const& w) const;
    task<outcome<state>> look(wish const& w);
    task<void> keep_longer(wish const& w);
    task<outcome<provider_grant>> renew_undisturbed(wish const& w);
    task<outcome<provider_grant>> renew(wish w);
    task<outcome<provider_grant>> refused_by_provider(wish const& w, provider_grant const& used,
                                                      problem why);
    task<outcome<provider_grant>> save(wish const& w, state s, provider_grant next);
    outcome<provider_grant> hold(wish const& w, state const& s, provider_grant next,
                                 problem const& why);

    provider& provider_;
    provider_token_vault& tokens_;
    store& store_;
    unsaved_grants unsaved_;
    single_flight<outcome<provider_grant>> flights_;
};

}  // namespace tollgate::oauth
