// Sweeper: removes what is over, realm by realm, and the names of realms that have nothing left.
//
// No key of Redis expires by itself: whether a record is over says the clock of its realm, which
// may stand still, be wrong or be set back.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "store/realm_times.hpp"
#include "store/redis/database.hpp"

namespace tollgate::oauth::redis {

class sweeper {
public:
    // All must outlive it. Where somebody wrote is swept every `pause`, and one other realm.
    sweeper(link& over, database& in, realm_times const& times, tollgate::clock const& time,
            std::chrono::milliseconds pause);

    // From here on, on the thread of the link. Any thread, once.
    void begin();
    // No more rounds. Any thread.
    void end();

private:
    task<void> run();
    task<void> sweep_all();
    bool is_ours(std::string const& realm) const;
    task<void> sweep(std::string realm);
    // How many went, and whether anything is left; nothing: the server does not answer.
    struct round {
        std::size_t swept = 0;
        bool left = true;
        bool failed = false;
    };
    task<round> sweep_some(std::string realm);
    task<void> forget(std::string realm);

    link& link_;
    database& database_;
    realm_times const& times_;
    tollgate::clock const& clock_;
    std::chrono::milliseconds const between_rounds_;
    boost::asio::steady_timer pause_;
    std::vector<std::string> turns_;  // realms whose turn is still to come
    bool ending_ = false;
};

}  // namespace tollgate::oauth::redis
