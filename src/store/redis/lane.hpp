// Lane: one connection to one node, made again whenever it is lost. What is asked meanwhile is sent
// without waiting for earlier replies (pipelining); what was sent when a connection was lost is
// sent again on the next one, until its deadline: scripts know what they have done
// (protocol/script.hpp).
//
// Everything here runs on the one thread of the connections (link.hpp).
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/task.hpp"
#include "http/net/byte_stream.hpp"
#include "http/net/name_lookups.hpp"
#include "store/redis/call.hpp"
#include "store/redis/protocol/url.hpp"

namespace tollgate::oauth::redis {

using error_code = boost::system::error_code;

struct lane_options {
    url server;  // credentials, database, TLS; its address is that of the first node
    std::shared_ptr<boost::asio::ssl::context> tls;  // null: none
    std::chrono::milliseconds timeout{2000};         // until a connection is there
};

class lane;

// Who has lanes. Its calls come back on the thread of the connections.
class lane_owner {
public:
    virtual ~lane_owner() = default;
    virtual void replied(lane& from, call_ptr const& one, reply r) = 0;
    // The connection is there; or it was lost, or there is none, and why.
    virtual void opened(lane& which) = 0;
    virtual void closed(lane& which, std::string const& why) = 0;
    // Until when a change that is sent now may be done: not after the lock is lost.
    virtual steady::time_point latest_change() const = 0;
};

class lane : public std::enable_shared_from_this<lane> {
public:
    // The rest must outlive it.
    lane(boost::asio::io_context& io, address node, bool takes_long, lane_options const& how,
         http::name_lookups& names, lane_owner& owner);

    // Connects from now on.
    void start();
    // Cuts the connection; nothing comes back afterwards.
    void stop();
    // Fails at once what has no room, or when the server was away for longer than a call may take.
    void submit(call_ptr one);
    // Drops the connection: what answers there is not what we mean.
    void drop(std::string const& why);
    // What waits for a connection, taken back.
    std::vector<call_ptr> take_back();
    // The clock of the server shows that just now.
    void learn_time(std::string_view seconds, std::string_view microseconds);

    bool is_open() const noexcept { return open_; }
    bool has_calls() const noexcept { return !waiting_.empty() || !sent_.empty(); }
    address const& node() const noexcept { return node_; }
    // For what takes long (request::takes_long).
    bool is_long() const noexcept { return long_; }

private:
    task<void> keep_open();
    task<void> open(std::string& why);
    task<void> find(std::vector<http::any_endpoint>& found, error_code& ec);
    task<void> look_up(std::vector<http::any_endpoint>& found, error_code& ec);
    task<void> connect(std::string& why);
    task<void> greet(std::string& why);
    std::size_t greeting();
    std::string answer_to_greeting(reply const& r, bool last);
    void limit_attempt();
    void begin_writing();
    task<void> read_replies();
    task<void> write_calls();
    task<void> end_of_writing();
    task<void> pause();
    void take_replies(std::string_view bytes);
    void take_reply(reply r);
    void append(call& one);
    std::string deadline_of(call const& one) const;
    void gather();
    void back_to_waiting();
    void watch();
    void expire();
    bool has_room(call const& one) const;

    boost::asio::io_context& io_;
    address const node_;
    bool const long_;
    lane_options const& how_;
    http::name_lookups& names_;
    lane_owner& owner_;

    std::unique_ptr<http::byte_stream> stream_;
    reply_reader reader_;
    std::deque<call_ptr> waiting_;
    std::deque<call_ptr> sent_;
    std::size_t waiting_bytes_ = 0;
    std::string outgoing_;
    std::vector<char> room_;
    std::string lost_;     // why the connection was dropped
    std::string trouble_;  // why there is none
    std::unique_ptr<http::name_lookups::waiting> looking_;

    boost::asio::steady_timer wake_;       // the writer waits for calls
    boost::asio::steady_timer written_;    // the reader for the writer
    boost::asio::steady_timer pause_;      // between two attempts
    boost::asio::steady_timer limit_;      // of an attempt
    boost::asio::steady_timer deadlines_;  // of calls
    bool open_ = false;
    bool expired_ = false;  // an attempt took too long
    bool writing_ = false;
    bool stopping_ = false;
    bool watching_ = false;
    unsigned failures_ = 0;  // in a row
    unsigned flaps_ = 0;     // connections that were lost soon, in a row
    steady::time_point opened_at_;
    steady::time_point away_since_;  // where there are some
    std::int64_t ahead_ = 0;         // the clock of the server of ours (steady), in milliseconds
};

}  // namespace tollgate::oauth::redis
