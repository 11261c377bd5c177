// The bearer guard in front of a service that remembers, with a validator that says what it is
// told.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "http/pipeline/dispatcher.hpp"
#include "oauth/bearer/guard.hpp"
#include "support/exchange.hpp"

namespace test::guarding {

using namespace tollgate;
using namespace tollgate::oauth;
using tollgate::outcome;
using tollgate::problem;
using tollgate::task;
namespace http = tollgate::http;

// Answers what the test says, and remembers what it was asked.
class scripted_validator final : public token_validator {
public:
    outcome<http::principal> answer = problem(401, "invalid_token", "no");
    int calls = 0;
    std::string last_token;
    std::string last_origin;

    task<outcome<http::principal>> validate(presented_token token,
                                            http::place const& where) override {
        ++calls;
        last_token = std::move(token.text);
        last_origin = where.mcp_origin;
        co_return answer;
    }
};

// Hands the credential that the guard left to the test.
struct service {
    std::optional<http::credential> seen;
    http::credential::question recheck;
    std::vector<std::pair<std::string, std::string>> notes;
    int calls = 0;
};

inline task<outcome<http::reply>> serve(service& s, http::context& c) {
    ++s.calls;
    s.seen = c.who() ? std::optional(*c.who()) : std::nullopt;
    s.recheck = c.who() && c.who()->recheck ? c.who()->recheck(c) : nullptr;
    s.notes = c.notes();
    co_return http::reply(200, "text/plain", "in");
}

inline constexpr http::route<service> rows[] = {
    {"/mcp", http::verb::post, "mcp", &serve, http::guarded},
    {"/mcp", http::verb::get, "mcp", &serve, http::guarded},
    {"/open", http::verb::get, "open", &serve}};

inline http::principal demo() {
    http::principal p;
    p.subject = "demo";
    p.client_id = "client-1";
    p.scopes = std::vector<std::string>{"mcp:tools", "profile"};
    p.audience = {"http://localhost:9101/mcp"};
    p.strategy = "local";
    return p;
}

struct fixture {
    scripted_validator validator;
    bearer_requirement required{true, {"mcp:tools"}};
    service inside;
    http::router routes;
    std::unique_ptr<test::bench> bench;

    fixture() {
        routes.add<service>(inside, rows);
        std::vector<http::layer> layers;
        layers.push_back(http::error_boundary());
        layers.push_back(
            bearer_guard(validator, [this](http::context const&) { return required; }));
        bench =
            std::make_unique<test::bench>(routes, http::stack(std::move(layers), &http::run_route));
        validator.answer = demo();
    }

    test::answer with(std::string authorization) {
        return bench->get("/mcp", {{"Authorization", std::move(authorization)}});
    }
    outcome<http::principal> recheck() {
        BOOST_REQUIRE(inside.seen.has_value());
        auto question = inside.recheck();
        return test::run(bench->io(), std::move(question));
    }
};

inline bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace test::guarding
