// Kept browsers: who logged in in which browser and what they agreed to, in a store that outlives
// the process, so that nobody is asked again because a process ended.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "oauth/server/browser_sessions.hpp"
#include "store/store.hpp"

namespace tollgate::oauth {

struct kept_browser {
    login_session session;
    time_point until;
};

// Thread-safe. Fails with 503 "temporarily_unavailable" when the store is away.
class browser_keeper {
public:
    // `s` must outlive it. `secret` is the one that came with the store.
    browser_keeper(store& s, std::string_view secret) : store_(s), secret_(secret) {}

    // browser_sessions::name_key of that realm, in every process that has the store.
    std::string name_key(std::string_view realm) const;
    // The browser that was known by `former` is that from now on, under the name `cookie`. Former
    // names are not kept: pages that were shown under them end with the process.
    task<outcome<void>> keep(std::string realm, std::string former, std::string cookie,
                             kept_browser b);
    // Nothing where none was kept, its time is over, or it cannot be read.
    task<outcome<std::optional<kept_browser>>> find(std::string realm, std::string cookie);

private:
    store& store_;
    std::string const secret_;
};

}  // namespace tollgate::oauth
