// Opens the store that the configuration names.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/server/kept_browsers.hpp"
#include "oauth/server/kept_keys.hpp"
#include "oauth/server/server.hpp"
#include "store/redis/redis_store.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "store/store.hpp"

namespace tollgate {

// Where the program begins or ends and nobody is served: waits for the work.
template <class T>
T wait_at_start(task<T> work) {
    // Whoever posts to it from another thread may still be at it when the work is done.
    static boost::asio::io_context io;
    io.restart();
    auto done = boost::asio::co_spawn(io, std::move(work), boost::asio::use_future);
    io.run();
    return done.get();
}

// In the place of a file of the configuration: where that begins.
oauth::sqlite_options sqlite_options(config const& c);
oauth::redis_options redis_options(config const& c);
// The durable store of the configuration, not the one in memory. `may_make`: where there is none.
oauth::opened_store open_durable_store(config const& c, tollgate::clock const& time, bool may_make);
// What a provider gave shall be readable after a restart, as long as it is kept: with the key of a
// durable store, where none is configured.
config with_lasting_keys(config c, std::string const& secret);
// What messages call it: its file, or its URL without the password.
std::string name_of_store(config const& c);

// The store, and what of the server outlives the process with it.
struct records_store {
    // Throws std::runtime_error with a sentence. `time` must outlive it.
    records_store(config const& c, tollgate::clock const& time);

    bool is_durable() const noexcept { return keeper != nullptr; }
    // For /readyz: the server drains, or calls of the store fail now; empty: neither. Any thread.
    std::string_view why_not_ready(bool draining) const;
    // Realms have their clocks: what is over may go from here on.
    void begin_sweeping() const {
        if (begins_) begins_();
    }

    // What of an authorization server outlives the process.
    void tell(oauth::server_options& o) const;
    // What all instances have alike and nobody else; empty: there is one process.
    std::string shared_secret() const { return owners ? secret : std::string(); }

    std::unique_ptr<oauth::store> records;
    std::string secret;                         // empty: nothing outlives the process
    std::shared_ptr<oauth::key_keeper> keeper;  // null: likewise
    std::vector<oauth::signing_key> keys;
    std::shared_ptr<oauth::browser_keeper> browsers;  // null: likewise
    bool is_new = false;                              // nobody had it before
    // Which instance has which realm; null: there is one process.
    oauth::realm_owners* owners = nullptr;

private:
    std::function<bool()> asks_;
    std::function<void()> begins_;
};

}  // namespace tollgate
