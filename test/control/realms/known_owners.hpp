// Owners of realms, as the test says.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/ownership.hpp"
#include "store/store.hpp"

namespace test {

namespace oauth = tollgate::oauth;
using tollgate::outcome;
using tollgate::task;

// Says of each realm what the test has written into it.
struct known_owners : oauth::realm_owners {
    task<outcome<oauth::realm_claim>> claim(std::string realm, bool) override {
        oauth::realm_claim c;
        if (silent) co_return oauth::store_unavailable();
        if (auto const at = theirs.find(realm); at != theirs.end()) {
            mine.erase(realm);
            c.owner.id = at->second;
            co_return c;
        }
        c.ours = true;
        c.taken_over = mine.insert(realm).second;
        co_return c;
    }
    task<outcome<std::optional<oauth::instance>>> owner_of(std::string realm) override {
        std::optional<oauth::instance> found;
        if (auto const at = theirs.find(realm); at != theirs.end())
            found = oauth::instance{at->second, {}};
        co_return found;
    }
    task<void> release(std::string realm, bool) override {
        mine.erase(realm);
        co_return;
    }
    bool holds(std::string_view realm) const override { return mine.contains(std::string(realm)); }
    bool claims(std::string_view realm) const override {
        if (auto const now = std::exchange(when_asked, {})) now();
        return holds(realm);
    }
    bool is_alive() const override { return true; }
    std::vector<oauth::instance> others() const override { return {}; }
    task<outcome<std::vector<oauth::instance>>> others_now() override {
        std::vector<oauth::instance> none;
        co_return none;
    }
    bool lives(std::string_view) const override { return true; }
    std::string const& id() const noexcept override { return own_id; }
    void announce(std::string) override {}
    void on_loss(std::function<void(std::string const&)> then) override { lost = std::move(then); }
    void release_all() override { mine.clear(); }

    void take_away(std::string const& realm) {
        theirs[realm] = "other";
        mine.erase(realm);
        if (lost) lost(realm);
    }

    // Nobody is told, as where this process stood still meanwhile.
    void slip_away(std::string const& realm) {
        theirs[realm] = "other";
        mine.erase(realm);
    }

    std::string const own_id = "me";
    std::set<std::string> mine;
    std::map<std::string, std::string> theirs;
    std::function<void(std::string const&)> lost;
    bool silent = false;
    mutable std::function<void()> when_asked;  // once, the next time that it is asked claims()
};

}  // namespace test
