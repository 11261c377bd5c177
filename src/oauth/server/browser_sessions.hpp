// Browser sessions of a realm: who logged in there, what they agreed to, and which consent pages
// have been answered. In memory; who logged in is beside it in a store that outlives the process,
// where there is one (kept_browsers.hpp).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bounded_table.hpp"
#include "base/clock.hpp"
#include "oauth/model/scope.hpp"

namespace tollgate::oauth {

struct account {
    std::string subject;
    std::int64_t authenticated_at = 0;  // seconds since the epoch
};

// A consent that was given: to whom, for what.
struct agreement {
    std::string with;  // digest of user, client, redirect URI and resources
    scope_list scopes;
};

// One browser.
struct login_session {
    std::vector<account> accounts;  // who logged in, the latest last
    std::map<std::string, scope_list, std::less<>> agreed;
    // What the browser was known by before. Pages that were shown to it under a former name go on
    // until their own end (interaction.hpp), and no longer.
    struct former_name {
        std::string cookie;
        time_point until;
    };
    std::vector<former_name> former;  // the newest last

    account const* find(std::string_view subject) const noexcept;
    bool covers(agreement const& a) const;
};

// Hangs on the realm. Thread-safe, bounded: the oldest goes.
class browser_sessions {
public:
    explicit browser_sessions(std::string name_key);

    // The session that a cookie stands for, by value; nothing when it is unknown or over.
    std::optional<login_session> find(std::string_view cookie, time_point now);
    // The browser that brought `cookie` gets `next` for it: a new secret with every login, so
    // that nobody can plant the one that a login will be known by.
    // Returns what the browser is remembered by, until `now` and session_life.
    login_session log_in(std::string_view cookie, std::string_view next, account who,
                         agreement agreed, time_point now);
    // What an earlier process remembered.
    void recall(std::string_view cookie, login_session session, time_point until);

    // A consent page may be answered once. `answer` says what was answered: a decision, and
    // after a space for whom. The same answer again within a moment is a second click, whose first
    // answer the browser threw away: it gets the same code. Nothing for any other repetition.
    struct claimed {
        std::string code;
        bool again = false;  // a second click
    };
    std::optional<claimed> claim_page(std::string_view nonce, std::string_view answer,
                                      time_point now, std::chrono::milliseconds moment);

    // What proves that a browser's name is ours; of one realm alone.
    std::string const& name_key() const noexcept { return name_key_; }
    // What consent pages are signed with: known to this realm alone, and to this process.
    std::string const& form_key() const noexcept { return form_key_; }

    // All sessions end.
    void reset();

    // Who logged in and which pages were answered, at one moment.
    struct image;
    std::shared_ptr<image const> save() const;
    void load(image const& then);

    static constexpr std::chrono::hours session_life{12};
    static constexpr std::chrono::minutes page_life{10};
    static constexpr std::size_t most_sessions = 10'000;
    static constexpr std::size_t most_pages = 10'000;
    static constexpr std::size_t most_accounts = 20;
    static constexpr std::size_t most_agreements = 100;
    static constexpr std::size_t most_former_names = 50;

private:
    struct answered {
        std::string answer;
        std::string code;
        time_point at;
    };

    mutable std::mutex mutex_;
    std::string const name_key_;
    std::string const form_key_;
    bounded_table<login_session> sessions_{most_sessions};
    bounded_table<answered> pages_{most_pages};
};

struct browser_sessions::image {
    bounded_table<login_session> sessions;
    bounded_table<answered> pages;
};

}  // namespace tollgate::oauth
