// Membership: the processes that use the records below a prefix together, each as the others see
// it.
//
// Each has a record of itself in Redis that runs out by itself, so that one that was killed is
// missed for no longer than `member_life`. It renews it; where that could not be done in time, this
// process answers no call until it has it again, and no change that it sent before is done after
// the end (protocol/script.hpp, "late"): by then its realms may be others'. Likewise where the
// server has it no more, though by the clock here it should: clocks step, and servers fail over.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "base/task.hpp"
#include "store/ownership.hpp"
#include "store/redis/link.hpp"
#include "store/redis/protocol/layout.hpp"

namespace tollgate::oauth::redis {

inline constexpr std::chrono::milliseconds member_life{10'000};
inline constexpr std::chrono::milliseconds member_renewal{2'000};

class membership {
public:
    // `over` must outlive it. `same`: what all must have alike, "NAME=VALUE" each, parted by
    // spaces. `alone`: there may be no other meanwhile.
    membership(link& over, realm_keys const& keys, std::string same, bool alone);

    // Blocks until this process is one of them: at most member_life, while it is not known whether
    // one that does not fit lives. Throws std::runtime_error, with a sentence that begins with
    // `what`, where it goes on to live, or nobody answers.
    void take(std::string const& what);
    // Renews it from now on. `missed`: it was not held for a while, or the records are gone. Called
    // on the thread of the link, or on that of announce().
    void keep(std::function<void(bool emptied)> missed);
    // Where it listens for the others. Blocks; throws as take() does.
    void announce(std::string address, std::string const& what);
    // No renewal any more, and the others know at once. Blocks.
    void release();

    std::string const& id() const noexcept { return id_; }
    std::vector<instance> others() const;
    std::optional<instance> find(std::string_view id) const;
    // Whether that one lives. No where this process has not been heard for as long as it would have
    // taken to miss it: nobody knows then.
    bool lives(std::string_view id) const;
    // As Redis says now.
    task<outcome<std::optional<instance>>> look_up(std::string id);
    task<outcome<std::vector<instance>>> look_around();

private:
    request question() const;
    std::string record() const;
    void throw_refusal(std::string const& what, reply const& r) const;
    task<void> renew();
    void note(answer const& a, steady::time_point sent);
    void note_lapse();

    link& link_;
    std::string const instance_;  // before the id of each
    std::string const instances_;
    std::string const meta_;
    std::string const lock_;
    std::uint16_t const slot_;
    std::string const id_;
    std::string const place_;  // process_place.hpp
    std::string const same_;
    bool const alone_;
    std::function<void(bool)> missed_;
    boost::asio::steady_timer pause_;
    mutable std::mutex mutex_;
    std::string address_;
    std::vector<instance> others_;
    std::atomic<bool> held_{false};
    std::atomic<steady::time_point> known_at_{steady::time_point::min()};  // others_
    bool ending_ = false;
};

}  // namespace tollgate::oauth::redis
