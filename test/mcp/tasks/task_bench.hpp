// Works that a task may do, and a task that does one.
#pragma once

#include "mcp/server/call_bench.hpp"
#include "mcp/tasks/background_task.hpp"

namespace test::works {

using namespace std::chrono_literals;
using mcp::job;
using mcp::other_answer;
using tollgate::task;

inline task<other_answer> at_once(job& j) {
    auto const* const label = j.arguments().if_contains("label");
    other_answer done =
        mcp::text_object(label != nullptr ? std::string(label->as_string()) : "done");
    co_return done;
}

// Without end, unless somebody ends it.
inline task<other_answer> without_end(job& j) {
    bool const slept = co_await j.sleep(24h);
    other_answer done = mcp::text_object(slept ? "slept" : "woken");
    co_return done;
}

inline task<other_answer> reporting(job& j) {
    j.report("Half way");
    auto done = co_await without_end(j);
    j.report("Too late");
    co_return done;
}

inline task<other_answer> refused(job&) {
    other_answer done = mcp::rpc_error(-32001, "Not today", json::value("details"));
    co_return done;
}

inline task<other_answer> blowing_up(job&) {
    throw std::runtime_error("a secret of ours");
    co_return other_answer();
}

inline std::vector<mcp::input_request> two_roots(char const* first, char const* second) {
    std::vector<mcp::input_request> out;
    out.push_back(mcp::list_roots(first));
    out.push_back(mcp::list_roots(second));
    return out;
}

inline task<other_answer> asking(job& j) {
    auto wanted = two_roots("one", "two");
    auto got = co_await j.ask(std::move(wanted));
    if (got.stopped) co_return std::move(*got.stopped);
    other_answer done = mcp::text_object(std::to_string(got.answers.size()) + " answers");
    co_return done;
}

inline task<other_answer> asking_the_same_again(job& j) {
    auto wanted = two_roots("one", "one");
    auto got = co_await j.ask(std::move(wanted));
    if (got.stopped) co_return std::move(*got.stopped);
    other_answer done = mcp::text_object("answered");
    co_return done;
}

}  // namespace test::works
