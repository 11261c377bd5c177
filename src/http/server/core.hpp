// Core: one io_context, the thread that runs it, and the connections that live there.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/intrusive/list.hpp>

#include "http/server/connection.hpp"
#include "http/server/passed_session.hpp"
#include "http/server/server.hpp"

namespace tollgate::http {

// What all cores share. Constant while the server runs, but for the counter.
struct shared_state {
    http::limits limits;
    service serve;
    service serve_passed;                          // what another instance has passed on
    std::shared_ptr<listener_info> instance_door;  // where the others connect; null: there are none
    std::shared_ptr<boost::asio::ssl::context> tls;
    std::atomic<std::size_t> open{0};    // connections of all cores
    std::function<void()> core_drained;  // called once by each core
};

class core {
public:
    using steady = std::chrono::steady_clock;

    explicit core(shared_state& shared);
    ~core();
    core(core const&) = delete;
    core& operator=(core const&) = delete;

    // Runs until leave(), then lets foreign work end until the time leave() gave.
    void run();

    // Any thread.
    boost::asio::io_context& io() noexcept { return io_; }
    boost::asio::any_io_executor const& executor() const noexcept { return executor_; }
    void open(tcp::acceptor acceptor, std::shared_ptr<listener_info> info);
    void close(std::shared_ptr<listener_info> const& info);
    // How connections of that listener are treated that are accepted from now on; null: as they
    // should be. Those that are there end, busy ones after their answer, but for sound ones where
    // `keep_sound`. `done` is called when it is so.
    void conduct(std::shared_ptr<listener_info> const& info, conduct_ptr how, bool keep_sound,
                 std::function<void()> done);
    void drain(steady::time_point deadline);
    void cut();
    void leave(steady::time_point linger_until);

    // This core's thread only: for its connections.
    shared_state& shared() noexcept { return shared_; }
    bool draining() const noexcept { return draining_; }
    // Of requests that were passed on: it is served, and it has ended.
    void adopt(connection& one);
    void over(connection& one, std::exception_ptr failure) { connection_over(one, failure); }
    std::string_view date();

private:
    struct door;
    using connection_list =
        boost::intrusive::list<connection, boost::intrusive::constant_time_size<false>>;

    task<void> accept_loop(std::shared_ptr<door> at);
    void admit_instance(tcp::socket socket);
    void admit(tcp::socket socket, tcp::endpoint const& peer, std::shared_ptr<door> const& at);
    void connection_over(connection& one, std::exception_ptr failure);
    void start_drain(steady::time_point deadline);
    void cut_sessions();
    void report_when_empty();
    void report();

    shared_state& shared_;
    connection_list connections_;  // outlives the context, whose coroutines own them
    boost::intrusive::list<passed_session, boost::intrusive::constant_time_size<false>> passed_;
    boost::asio::io_context io_;
    boost::asio::any_io_executor const executor_{io_.get_executor()};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    boost::asio::steady_timer deadline_;
    // Orders that must keep their sequence. The context alone does not keep it: what a handler of
    // this core posts waits until the handler returns, and what another thread posts meanwhile
    // overtakes it.
    boost::asio::strand<boost::asio::io_context::executor_type> ordered_;
    std::vector<std::shared_ptr<door>> doors_;
    steady::time_point linger_until_{};
    std::string date_;
    std::time_t date_at_ = 0;
    bool draining_ = false;
    bool reported_ = false;
};

}  // namespace tollgate::http
