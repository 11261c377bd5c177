// Call: one request to Redis that somebody waits for.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/redis/protocol/script.hpp"
#include "store/redis/protocol/wire.hpp"

namespace tollgate::oauth::redis {

using steady = std::chrono::steady_clock;

struct request {
    // A command: all of its words.
    request(std::uint16_t s, std::vector<std::string> words)
        : arguments(std::move(words)), slot(s) {}
    // A script. Where `changes`, its first argument is the deadline, and is put in here.
    request(std::uint16_t s, script const& what, std::vector<std::string> k,
            std::vector<std::string> a, bool c)
        : run(&what), keys(std::move(k)), arguments(std::move(a)), slot(s), changes(c) {}

    std::size_t bytes() const noexcept {
        std::size_t n = 0;
        for (auto const& a : arguments)
            n += a.size();
        return n;
    }

    script const* run = nullptr;
    std::vector<std::string> keys;
    std::vector<std::string> arguments;
    std::uint16_t slot = 0;  // by which a cluster knows who answers
    bool changes = false;
    bool needs_lock = true;   // only while this process may use the database (membership.hpp)
    bool is_urgent = false;   // an answer that comes late is of no use (membership.hpp)
    bool takes_long = false;  // has a connection and a deadline of its own
    // Of a change: the token of the ownership it is made under, and the key where that lies; empty:
    // under none (fences.hpp).
    std::string fence;
    std::string fence_key;
};

// What came of it.
struct answer {
    answer() = default;
    explicit answer(reply r) : value(std::move(r)) {}
    static answer failed(std::string why) {
        answer a;
        a.trouble = std::move(why);
        return a;
    }

    std::string trouble;    // why there is no reply; empty: there is one
    bool given_up = false;  // by whoever asked: no failure of the server
    reply value;            // may be an error of the server
    // Why it was not done, for the log; empty: it was.
    std::string why_not() const {
        return trouble.empty() && value.is_error() ? value.text : trouble;
    }
};

class call {
public:
    call(request r, steady::time_point u, std::function<void(answer)> d)
        : what(std::move(r)), until(u), size(what.bytes()), done_(std::move(d)) {}

    // Tells whoever waits, once; any thread. Later ones are dropped: a reply to one who is gone.
    void tell(answer a) {
        if (told_.exchange(true)) return;
        auto done = std::move(done_);
        done(std::move(a));
    }
    // Whoever waits does not want to any more.
    void give_up() {
        auto a = answer::failed("it was given up");
        a.given_up = true;
        tell(std::move(a));
    }
    bool told() const noexcept { return told_.load(); }

    request const what;
    steady::time_point const until;
    std::size_t const size;
    // The rest belongs to the thread of the connections.
    int turns = 0;           // how often it was sent elsewhere
    bool as_text = false;    // the server does not know the script yet
    bool asking = false;     // to a node that is about to get the slot (ASK)
    bool skips_one = false;  // the next reply is that of ASKING

private:
    std::atomic<bool> told_{false};
    std::function<void(answer)> done_;
};
using call_ptr = std::shared_ptr<call>;

}  // namespace tollgate::oauth::redis
