// Passed session: a connection of another instance, which brings requests of its clients.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list_hook.hpp>

#include "http/net/stream_io.hpp"
#include "http/server/connection.hpp"

namespace tollgate::http {

class core;

// Belongs to one core and is touched by its thread alone.
class passed_session : public connection_hook, public std::enable_shared_from_this<passed_session> {
public:
    passed_session(core& home, tcp::socket socket);

    // Serves it to its end.
    task<void> run();
    // Between two requests it ends now, else behind the one that is served.
    void drain() noexcept;
    void cut() noexcept;
    boost::asio::cancellation_slot slot() noexcept { return cancel_.slot(); }

private:
    task<bool> prove(error_code& ec);
    task<std::string> read(std::size_t size, error_code& ec);
    task<bool> serve_one();
    task<void> say_goodbye();
    void limit();

    core& core_;
    std::unique_ptr<stream_io> io_;  // null while a request is served
    boost::asio::steady_timer limit_;
    boost::asio::cancellation_signal cancel_;
    bool idle_ = false;  // between two requests
    bool cut_ = false;
};

}  // namespace tollgate::http
