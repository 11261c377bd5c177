// The backends of oauth::store, and short words for tests of its contract.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "store/redis/redis_store.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "store/store.hpp"
#include "support/exchange.hpp"
#include "support/folder.hpp"
#include "support/lent_context.hpp"
#include "support/redis_server.hpp"

namespace test::stores {

using namespace tollgate;
using namespace tollgate::oauth;
using tollgate::manual_clock;
using tollgate::outcome;
using namespace std::chrono_literals;

// A backend is a class with a member `store& s` that tells time by `manual_clock& time`.
struct memory_backend {
    manual_clock time;
    std::unique_ptr<store> owned = make_memory_store(time);
    store& s = *owned;
};
// Each in a folder of its own, which goes with it.
struct sqlite_backend {
    test::folder folder;
    manual_clock time;
    std::string const path = (folder.path() / "store.db").string();
    std::unique_ptr<store> owned = open_sqlite_store({path}, time).store;
    store& s = *owned;
};
// Each below a prefix of its own, in one server that ends with the tests. What is over is swept all
// the while.
struct redis_backend {
    static test::redis_server& server() {
        static test::redis_server one;
        return one;
    }
    static std::string next_prefix() {
        static std::atomic<int> n{0};
        return "test" + std::to_string(++n);
    }
    redis_options options() const {
        redis_options o;
        o.url = server().url();
        o.prefix = prefix;
        o.key_file = (folder.path() / "key").string();
        o.timeout = 20s;  // what is slow here is the machine
        o.sweeping = 20ms;
        return o;
    }

    test::folder folder;
    manual_clock time;
    std::string const prefix = next_prefix();
    opened_store opened = open_redis_store(options(), time);
    store& s = *opened.store;

    redis_backend() { opened.begin_sweeping(); }
};
using backends = std::tuple<memory_backend, sqlite_backend, redis_backend>;

// Calls from several threads each need an io_context of their own.
template <class T>
T now(tollgate::task<T> work) {
    test::lent_context mine;
    return test::run(mine.io(), std::move(work));
}

inline record text(std::string body, std::string group = "") {
    return {std::move(body), std::move(group), tollgate::time_point::max()};
}

inline record member(std::string group, std::vector<std::string> others) {
    return {"x", std::move(group), std::move(others), tollgate::time_point::max()};
}

inline kept_record kept(kind k, std::string key, record r) {
    return {k, std::move(key), std::move(r)};
}

template <class T>
std::string failure(outcome<T> const& r) {
    return r ? "success" : r.error().error();
}

inline std::vector<std::string> sorted(outcome<std::vector<std::string>> keys) {
    std::ranges::sort(*keys);
    return *keys;
}

}  // namespace test::stores
