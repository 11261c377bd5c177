// Requests that go straight to the table of methods, without a transport.
#pragma once

#include <boost/json/serialize.hpp>

#include "mcp/methods/dispatch.hpp"
#include "mcp/server/call_bench.hpp"

namespace test {

struct dispatch_bench : call_bench {
    mcp::revision revision = mcp::revision::v2025_11_25;
    mcp::toolbox const* tools = &mcp::builtin_tools();
    mcp::transport via = mcp::transport::streamable_http;
    mcp::session* session = nullptr;

    void with_fixtures() { policy.fixtures = true; }

    mcp::answer dispatched(std::string const& method, json::object params = {}) {
        body = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}};
        auto c = call(revision, *tools);
        c.via = via;
        c.session = session;
        auto got = run(io, mcp::dispatch(c));
        BOOST_REQUIRE(got.has_value());
        return std::move(*got);
    }
    json::object response(std::string const& method, json::object params = {}) {
        return json::parse(dispatched(method, std::move(params)).text).as_object();
    }
    json::object result(std::string const& method, json::object params = {}) {
        auto const r = response(method, std::move(params));
        BOOST_REQUIRE_MESSAGE(r.contains("result"), json::serialize(r));
        return r.at("result").as_object();
    }
    json::object error(std::string const& method, json::object params = {}) {
        auto const r = response(method, std::move(params));
        BOOST_REQUIRE_MESSAGE(r.contains("error"), json::serialize(r));
        return r.at("error").as_object();
    }
    std::int64_t code(std::string const& method, json::object params = {}) {
        return error(method, std::move(params)).at("code").as_int64();
    }
    // The error code; 0 for a result.
    int outcome(std::string const& method, json::object params = {}) {
        return dispatched(method, std::move(params)).error;
    }
};

constexpr mcp::revision legacy_revisions[] = {
    mcp::revision::v2024_11_05, mcp::revision::v2025_03_26, mcp::revision::v2025_06_18,
    mcp::revision::v2025_11_25};

}  // namespace test
