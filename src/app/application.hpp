// The whole program as one object: stores, servers, realms, route tables, layers, listeners.
//
//   listener → connection (http::server) → dispatcher: realm, route, context
//     → layers (see layers() in application.cpp) → handler of oauth, mcp or control
//
// The only place that sees every folder.
#pragma once

#include <functional>
#include <memory>

#include "app/listeners.hpp"
#include "config/config.hpp"

namespace tollgate {

class application {
public:
    // Binds every listener. Throws http::cannot_bind, config_error or std::runtime_error, each
    // with a sentence to print.
    explicit application(config c);
    ~application();

    addresses const& where() const noexcept;
    // Catches the signals from here on, so that whoever was told the addresses may send one.
    void start();
    // Serves until stop(), after start(). Ends politely on SIGINT and SIGTERM, re-reads on SIGHUP
    // (`reload`).
    void run();
    // Drains for at most server.drain_timeout; a second call cuts at once. Any thread.
    void stop();
    // Takes over what can change in a running server: log level and format. Any thread.
    void reload(config const& c);
    // What SIGHUP does. Set before run().
    void on_hangup(std::function<void()> action);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace tollgate
