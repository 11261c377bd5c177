// A store of Redis in a server of its own, which a test may stop, freeze and start again.
#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/store_bench.hpp"
#include "support/waiting.hpp"

namespace test::stores {

struct own_redis {
    explicit own_redis(std::vector<std::string> more = {}) : server(std::move(more)) {}

    redis_options options() const {
        redis_options o;
        o.url = url.empty() ? server.url() : url;
        o.prefix = "own";
        o.key_file = (folder.path() / "key").string();
        o.timeout = timeout;
        o.sweeping = 20ms;
        return o;
    }
    void open() { opened = open_redis_store(options(), time); }
    void reopen() {
        opened.store.reset();
        open();
    }
    // What it says at the start; "" where it begins.
    std::string refusal(redis_options const& o) {
        try {
            auto const started = open_redis_store(o, time);
            return {};
        } catch (std::exception const& e) {
            return e.what();
        }
    }
    std::string refusal() { return refusal(options()); }
    store& s() { return *opened.store; }

    test::redis_server server;
    test::folder folder;
    manual_clock time;
    std::string url;
    std::chrono::milliseconds timeout = 20s;
    opened_store opened;
};

inline bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace test::stores
