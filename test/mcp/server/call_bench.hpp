// One call as a method or tool sees it, without a server around it.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "mcp/server/builtin.hpp"
#include "mcp/server/realm_state.hpp"
#include "support/exchange.hpp"

namespace test {

namespace json = boost::json;
namespace mcp = tollgate::mcp;

// Writes down what is said; answers questions as the test has said before; never really sleeps.
struct scripted_channel final : mcp::client_channel {
    std::vector<std::pair<std::string, json::object>> said;
    std::vector<std::pair<std::string, json::object>> asked;
    std::deque<mcp::client_answer> answers;
    std::vector<std::chrono::milliseconds> slept;
    bool is_cancelled = false;

    void notify(std::string_view method, json::object params) override {
        said.emplace_back(method, std::move(params));
    }
    tollgate::task<mcp::client_answer> ask(std::string method, json::object params) override {
        asked.emplace_back(std::move(method), std::move(params));
        BOOST_REQUIRE(!answers.empty());
        auto next = std::move(answers.front());
        answers.pop_front();
        co_return next;
    }
    tollgate::task<bool> sleep(std::chrono::milliseconds time) override {
        slept.push_back(time);
        co_return !is_cancelled;
    }
    bool cancelled() const noexcept override { return is_cancelled; }
    void drop_connection() override {}
};

struct call_bench {
    boost::asio::io_context io;
    tollgate::manual_clock clock;
    mcp::policy policy;
    http::realm_ptr realm = std::make_shared<http::realm>("default");
    std::shared_ptr<mcp::realm_state> state;
    http::place where;
    http::request request;
    http::route_match match;
    std::optional<http::context> exchange;
    json::value body = json::parse(R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
    mcp::message message;
    scripted_channel out;
    json::object capabilities;
    json::object info;

    explicit call_bench(mcp::policy p = {}) : policy(std::move(p)) {
        state = std::make_shared<mcp::realm_state>(policy);
        realm->attach(state);
        realm->attach(std::shared_ptr<mcp::change_hub>(state, &state->changes));
        realm->attach(std::shared_ptr<mcp::task_table>(state, &state->tasks));
        where.realm = realm;
        where.as_origin = "http://localhost:9100";
        where.mcp_origin = "http://localhost:9101";
        where.internal_issuer = "http://127.0.0.1:9100";
        nobody_calls();
    }

    void nobody_calls() {
        exchange.emplace(request, where, request.path, match, clock, io.get_executor(), "test");
    }
    void calls(http::credential who) {
        nobody_calls();
        exchange->authenticate(std::move(who));
    }
    void declares(char const* text) { capabilities = json::parse(text).as_object(); }
    void params(char const* text) { body.as_object()["params"] = json::parse(text); }

    // Points into the bench.
    mcp::call call(mcp::revision r, mcp::toolbox const& tools = mcp::builtin_tools()) {
        auto const read = mcp::classify(body);
        BOOST_REQUIRE(read.has_value());
        message = *read;
        return mcp::call{*exchange,
                         policy,
                         mcp::revision_set(policy.versions),
                         tools,
                         mcp::transport::streamable_http,
                         r,
                         message,
                         {},
                         out,
                         nullptr,
                         capabilities,
                         info,
                         std::nullopt};
    }
    // Whatever can run without waiting for time.
    void settle() {
        io.restart();
        while (io.poll() != 0) {
        }
    }
};

inline http::principal named(std::string const& subject, std::string const& client_id = "") {
    http::principal p;
    p.subject = subject;
    p.client_id = client_id;
    p.own_issuer = true;
    return p;
}

inline http::credential credential_of(http::principal who, std::string const& token) {
    http::credential c;
    c.token = token;
    c.who = std::move(who);
    return c;
}

}  // namespace test
