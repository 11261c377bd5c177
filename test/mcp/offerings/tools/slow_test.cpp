// The tool `slow`: progress, cancellation, bounds.
#include "mcp/offerings/tools/toolbox.hpp"
#include "mcp/server/builtin.hpp"
#include "mcp/transport/http/talking_fixture.hpp"

using test::error_of;
using test::parsed;
using test::result_of;
using test::text_in;
using test::text_of;
namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

struct fixture : test::talking_fixture {
    fixture() : talking_fixture(mcp::builtin_tools()) {}

    static std::string slow(std::string const& arguments, std::string const& token = "") {
        auto params = R"({"name":"slow","arguments":)" + arguments;
        if (!token.empty()) params += R"(,"_meta":{"progressToken":)" + token + '}';
        return request("tools/call", params + '}');
    }
    // The parameters of every progress notification; the last event must be the result.
    std::vector<json::object> progress_of(http::reply r) {
        BOOST_REQUIRE_MESSAGE(r.stream, r.body);
        std::vector<json::object> out;
        auto const all = rest(*r.stream);
        BOOST_REQUIRE(!all.empty());
        BOOST_TEST(text_in(all.back()) == "Done.");
        for (auto const& e : all) {
            if (e.data.empty()) continue;
            auto const m = parsed(e.data).as_object();
            if (!m.contains("method")) continue;
            BOOST_TEST(m.at("method").as_string() == "notifications/progress");
            out.push_back(m.at("params").as_object());
        }
        return out;
    }
    bool is_refused(test::answer const& a, std::string_view why) {
        auto const result = result_of(a).as_object();
        auto const text = text_of(a);
        BOOST_TEST(text.find(why) != std::string::npos, text);
        return result.contains("isError") && result.at("isError").as_bool();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_slow, fixture)

// MCP 2025-11-25, Utilities, Progress, "Behavior Requirements": the token of the request, and a
// value that increases with each notification.
BOOST_AUTO_TEST_CASE(tells_how_far_it_is_to_who_sent_a_token) {
    auto const id = ready();
    for (std::string const progress_token : {R"("a token")", "7"}) {
        auto const told = progress_of(open_call(id, slow(R"({"seconds":0.3})", progress_token)));
        BOOST_REQUIRE(told.size() == 6u);  // a step is 50 ms at least
        double before = 0;
        for (auto const& p : told) {
            BOOST_TEST(json::serialize(p.at("progressToken")) == progress_token);
            BOOST_TEST(p.at("progress").as_double() > before);
            before = p.at("progress").as_double();
            BOOST_TEST(p.at("total").as_double() == 0.3);
        }
        BOOST_TEST(before == 0.3);
    }
}

// MCP 2025-03-26, Utilities, Progress, "Progress Flow": message is new in this revision.
BOOST_AUTO_TEST_CASE(words_beside_progress_are_for_revisions_that_know_them) {
    for (std::string const version : {"2024-11-05", "2025-03-26", "2025-11-25"}) {
        auto const told = progress_of(open_call(ready(version), slow(R"({"seconds":0.1})", "1")));
        BOOST_REQUIRE(!told.empty());
        BOOST_TEST(told[0].contains("message") == (version != "2024-11-05"));
    }
}

BOOST_AUTO_TEST_CASE(says_nothing_on_the_way_without_a_token) {
    auto const a = post(slow(R"({"seconds":0.06})", ""), in(ready()));
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(text_of(a) == "Done.");
}

BOOST_AUTO_TEST_CASE(does_nothing_for_a_token_of_the_wrong_type) {
    auto const id = ready();
    for (std::string const progress_token : {"true", "{}", "1.5", "null"}) {
        auto const a = post(slow(R"({"seconds":60})", progress_token), in(id));
        BOOST_TEST(a.header("Content-Type") == "application/json");
        BOOST_TEST(test::error_of(a) == -32602);
    }
}

BOOST_AUTO_TEST_CASE(nothing_to_wait_for_is_done_at_once) {
    auto const id = ready();
    auto const begin = std::chrono::steady_clock::now();
    for (auto const* seconds : {"0", "0.0", "0.0001", "-0"}) {
        auto const a = post(slow(R"({"seconds":)" + std::string(seconds) + '}', "1"), in(id));
        BOOST_TEST(a.status == 200u);
    }
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 2s));
}

// MCP 2025-11-25, Cancellation, "Behavior Requirements": stop, free what was used, send no
// response.
BOOST_AUTO_TEST_CASE(stops_when_it_is_cancelled_and_does_not_answer) {
    auto const id = ready();
    auto const open = open_call(id, slow(R"({"seconds":600})", R"("p")"));
    BOOST_REQUIRE(open.stream);
    events(*open.stream);
    BOOST_TEST(cancel(id, "1").status == 202u);
    for (auto const& e : rest(*open.stream))
        BOOST_TEST(e.data.find("result") == std::string::npos);
    let_run(100ms);
    BOOST_TEST(b.io().stopped());  // nothing waits for the ten minutes
    // The id is free again.
    BOOST_TEST(text_of(post(slow(R"({"seconds":0})"), in(id))) == "Done.");
}

// MCP 2025-11-25, Cancellation, "Behavior Requirements": only a request that is in progress.
BOOST_AUTO_TEST_CASE(is_not_stopped_by_a_cancellation_that_names_another) {
    auto const id = ready();
    auto const open = open_call(id, slow(R"({"seconds":0.3})", R"("p")"));
    BOOST_REQUIRE(open.stream);
    for (auto const* other : {"2", R"("1")", "null", "[]", "1.0"})
        BOOST_TEST(cancel(id, other).status == 202u);
    auto const all = rest(*open.stream);
    BOOST_REQUIRE(!all.empty());
    BOOST_TEST(text_in(all.back()) == "Done.");
}

BOOST_AUTO_TEST_CASE(takes_no_time_that_is_out_of_bounds) {
    auto const id = ready();
    for (auto const* seconds :
         {"-0.001", "-1", "600.001", "601", "1e308", "18446744073709551615"}) {
        BOOST_TEST_CONTEXT(seconds) {
            auto const a = post(slow(R"({"seconds":)" + std::string(seconds) + '}', "1"), in(id));
            BOOST_TEST(is_refused(a, "/seconds"));
        }
    }
}

// MCP 2025-06-18, Server Features, Tools, "Error Handling": invalid arguments are -32602.
// MCP 2025-11-25, Server Features, Tools, "Error Handling": they are tool execution errors.
BOOST_AUTO_TEST_CASE(names_the_argument_that_is_wrong) {
    auto const newer = ready();
    auto const older = ready("2025-06-18");
    for (auto const* arguments : {R"({"seconds":"2"})", R"({"seconds":null})", R"({"seconds":[1]})",
                                  R"({"seconds":true})"}) {
        BOOST_TEST_CONTEXT(arguments) {
            BOOST_TEST(is_refused(post(slow(arguments), in(newer)), "/seconds"));
            BOOST_TEST(error_of(post(slow(arguments), in(older))) == -32602);
        }
    }
    BOOST_TEST(is_refused(post(slow("{}"), in(newer)), "seconds"));
    BOOST_TEST(error_of(post(slow("{}"), in(older))) == -32602);
}

BOOST_AUTO_TEST_CASE(may_be_called_many_times_at_once_in_one_session) {
    auto const id = ready();
    std::vector<http::reply> open;
    for (int i = 1; i <= 10; ++i) {
        auto const n = std::to_string(i);
        auto const params =
            R"({"name":"slow","arguments":{"seconds":0.2},"_meta":{"progressToken":)" + n + "}}";
        open.push_back(open_call(id, request("tools/call", params, n)));
    }
    for (int i = 1; i <= 10; ++i) {
        auto& r = open[static_cast<std::size_t>(i) - 1];
        BOOST_REQUIRE(r.stream);
        for (auto const& e : rest(*r.stream)) {
            if (e.data.empty()) continue;
            auto const m = parsed(e.data).as_object();
            auto const& of = m.contains("id") ? m.at("id") : m.at("params").at("progressToken");
            BOOST_TEST(of.as_int64() == i);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
