// Running call: a POSTed request, or a batch of them, that may stream. It runs by itself, can be
// cancelled, asks the client, and goes on when its connection is gone.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "http/pipeline/kept_exchange.hpp"
#include "mcp/session/call_table.hpp"
#include "mcp/transport/http/endpoint.hpp"
#include "mcp/transport/http/message_sink.hpp"

namespace tollgate::mcp {

// Lives as long as its coroutine. All but `in_flight` on the connection's executor only.
class running_call final : public client_channel,
                           public in_flight,
                           public std::enable_shared_from_this<running_call> {
public:
    // `body`: one request, or an array of messages of which the requests are run. `s`: nullptr when
    // there is no session.
    running_call(endpoint const& e, transport via, revision r, std::shared_ptr<session> s,
                 json::value const& body);
    ~running_call() override;
    running_call(running_call const&) = delete;
    running_call& operator=(running_call const&) = delete;

    // The exchange, for as long as the call runs.
    endpoint const& at() const noexcept { return at_; }
    // Where messages go. Before start().
    void set_sink(std::unique_ptr<message_sink> v) { sink_ = std::move(v); }
    // Makes it known to its session, or its realm, which can end it.
    call_table::added enter();
    void start();

    // Waits until it has spoken or ended, or for that long.
    task<void> settled(std::chrono::milliseconds patience);
    // Speaks now, whether or not there is something to say: answers go through the sink.
    void open_answer_stream();
    bool talking() const noexcept { return talking_; }
    bool done() const noexcept { return done_; }
    bool abandoned() const noexcept { return abandoned_; }
    // What it answered while it did not talk; empty when every request was cancelled.
    std::vector<std::string> const& answers() const noexcept { return answers_; }
    // The HTTP status of the only answer.
    unsigned status() const noexcept { return status_of(revision_, error_); }
    // HTTP's own answer (403 and a challenge) instead.
    std::optional<problem> const& refused() const noexcept { return refused_; }
    http::context const& context() noexcept { return kept_.ctx(); }

    // Its peer has left, and that ends it.
    void leave() noexcept;

    void notify(std::string_view method, json::object params) override;
    task<client_answer> ask(std::string method, json::object params) override;
    task<bool> sleep(std::chrono::milliseconds time) override;
    bool cancelled() const noexcept override;
    void drop_connection() override;

    void cancel(std::string_view id) override;
    void abandon() override;
    void answered(std::int64_t ask, client_answer a) override;

private:
    using steady = std::chrono::steady_clock;
    struct item {
        json::value body;
        mcp::message message;
        std::string id;
        std::atomic<bool> cancelled{false};

        explicit item(json::value const& b);
    };

    static task<void> run(std::shared_ptr<running_call> self);
    task<outcome<answer>> run_one(item& one);
    void settle(item& one, outcome<answer> const& result);
    void finish();
    void deliver(std::string text);
    task<void> wait(steady::time_point until);
    void wake();
    bool waits_for_answer() const noexcept;
    client_answer end_of_ask(std::string const& method);
    call_table& known_to() const noexcept;
    std::vector<std::string> keys();

    http::kept_exchange kept_;
    endpoint at_;
    transport const via_;
    answer_form const form_;
    mcp::revision const revision_;
    std::shared_ptr<session> const session_;
    std::unique_ptr<message_sink> sink_;
    std::deque<item> items_;
    item* current_ = nullptr;
    boost::asio::steady_timer waiting_;   // of the request
    boost::asio::steady_timer watching_;  // of who waits for its answer
    std::atomic<bool> abandoned_{false};
    bool talking_ = false;
    bool done_ = false;
    int error_ = 0;           // of the newest answer
    std::int64_t asked_ = 0;  // our request that waits for its answer; 0: none
    std::optional<client_answer> answer_;
    std::vector<std::string> answers_;
    std::optional<problem> refused_;
};

}  // namespace tollgate::mcp
