// Link: a thread of its own with the connections to Redis, and which call goes where.
//
//     call.hpp     what is asked, by whom, until when
//     lane.hpp     one connection to one node
//     membership.hpp   the processes that use the database
//
// A single server is what is configured; a cluster says itself which node has a slot (MOVED), and
// that is remembered. What a server cannot do yet (it loads, it moves a slot, its cluster has no
// master) is asked again until the deadline.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/task.hpp"
#include "http/message/problem.hpp"
#include "http/net/name_lookups.hpp"
#include "store/redis/call.hpp"
#include "store/redis/lane.hpp"

namespace tollgate::oauth::redis {

class link final : private lane_owner {
public:
    // Throws std::runtime_error where certificates cannot be read. `ca_file` is trusted besides
    // those of the system; empty: those alone.
    link(url server, std::string const& ca_file, std::chrono::milliseconds timeout);
    ~link() override;

    // Waits for the answer, at most as long as a call may take (request::takes_long: 30 s). Obeys
    // terminal cancellation. Any thread.
    task<outcome<answer>> ask(request r);
    // Blocks: for where nobody is served.
    answer ask_now(request r);
    // Every call fails from here on; the thread has ended when this returns.
    void stop();

    // Until then changes are allowed, and calls that need the lock are sent.
    void allow_until(steady::time_point t) noexcept { allowed_until_ = t; }
    bool is_allowed() const noexcept { return steady::now() < allowed_until_.load(); }
    // There is a connection to some node.
    bool is_open() const noexcept { return open_lanes_.load() > 0; }
    // Until this is called, a call fails as soon as it is known that nobody answers.
    void be_patient() noexcept { patient_ = true; }

    boost::asio::io_context& io() noexcept { return io_; }
    url const& server() const noexcept { return how_.server; }

private:
    using lane_name = std::pair<std::string, bool>;  // its node, and whether it is for long calls

    call_ptr make(request r, std::function<void(answer)> done) const;
    void submit(call_ptr one);
    void route(call_ptr const& one);
    address const& node_for(call const& one) const;
    lane& lane_to(address const& node, bool takes_long);
    void redirect(lane& from, call_ptr const& one, reply const& r);
    void ask_later(call_ptr const& one);
    void ask_again(lane& from, call_ptr const& one, reply const& r);
    void forget(address const& node);
    void drop_if_left(lane& which);

    void replied(lane& from, call_ptr const& one, reply r) override;
    void opened(lane& which) override;
    void closed(lane& which, std::string const& why) override;
    steady::time_point latest_change() const override { return allowed_until_.load(); }

    lane_options how_;
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    http::name_lookups names_{&http::system_directory, {.at_once = 8, .per_owner = 8}};
    std::map<lane_name, std::shared_ptr<lane>> lanes_;
    std::unordered_map<std::uint16_t, address> slots_;  // of a cluster: who has it
    std::deque<call_ptr> put_off_;
    boost::asio::steady_timer later_{io_};
    bool stopping_ = false;

    std::atomic<steady::time_point> allowed_until_{steady::time_point::min()};
    std::atomic<int> open_lanes_{0};
    std::atomic<bool> patient_{false};
    std::thread thread_;
};

}  // namespace tollgate::oauth::redis
