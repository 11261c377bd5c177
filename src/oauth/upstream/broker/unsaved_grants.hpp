// What a provider gave anew and the store could not take. The provider may have forgotten what was
// before it, so until it is in the store it lives here.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bounded_table.hpp"
#include "oauth/upstream/broker/token_vault.hpp"

namespace tollgate::oauth {

// Thread-safe, bounded: the oldest goes.
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

}  // namespace tollgate::oauth
