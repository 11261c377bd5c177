// What a client says in a session besides requests.
#include "mcp/transport/http/client_message.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace json = boost::json;
namespace mcp = tollgate::mcp;

namespace {

struct probe final : mcp::in_flight {
    std::vector<std::string> cancelled;
    std::vector<mcp::client_answer> got;

    void cancel(std::string_view id) override { cancelled.emplace_back(id); }
    void abandon() override {}
    void answered(std::int64_t, mcp::client_answer a) override { got.push_back(std::move(a)); }
};

struct fixture {
    mcp::session s{"id", mcp::transport::streamable_http, mcp::revision::v2025_11_25, nullptr, 0};
    std::shared_ptr<probe> who = std::make_shared<probe>();

    void says(std::string const& text) {
        auto const body = json::parse(text);
        auto const m = mcp::classify(body);
        BOOST_REQUIRE(m.has_value());
        mcp::take_client_message(s, *m);
    }
    // `rest` answers a question that waits.
    mcp::client_answer answer(std::string const& rest) {
        auto const q = s.calls.ask(who);
        says(R"({"jsonrpc":"2.0","id":)" + std::to_string(q) + ',' + rest + '}');
        BOOST_REQUIRE(who->got.size() == 1u);
        auto a = std::move(who->got.front());
        who->got.clear();
        return a;
    }
    void cancels(std::string const& id) {
        says(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" + id +
             "}}");
    }
    static bool mixed(char const* batch) {
        return mcp::wrong_mixture(json::parse(batch).as_array()).has_value();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_client_message, fixture)

// MCP 2025-11-25, Lifecycle, "Initialization": notifications/initialized, and no other, says ready.
BOOST_AUTO_TEST_CASE(only_the_initialized_notification_makes_a_session_ready) {
    says(R"({"jsonrpc":"2.0","method":"notifications/roots/list_changed"})");
    says(R"({"jsonrpc":"2.0","method":"initialized"})");
    BOOST_TEST(!s.initialized());
    says(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    BOOST_TEST(s.initialized());
}

BOOST_AUTO_TEST_CASE(a_result_of_any_type_is_handed_on_as_it_came) {
    for (auto const* result : {"{}", R"({"a":[1,null]})", "null", "7", R"("text")"}) {
        auto const a = answer(R"("result":)" + std::string(result));
        BOOST_REQUIRE(a.has_value());
        BOOST_TEST(*a == json::parse(result));
    }
}

// JSON-RPC 2.0 §5.1: an error has code, message and data.
BOOST_AUTO_TEST_CASE(an_error_is_handed_on_with_its_data) {
    auto const a = answer(R"("error":{"code":-1,"message":"no","data":{"why":"user"}})");
    BOOST_REQUIRE(a.has_error());
    BOOST_TEST(a.error().code == -1);
    BOOST_TEST(a.error().message == "no");
    BOOST_TEST(a.error().data == json::parse(R"({"why":"user"})"));
}

BOOST_AUTO_TEST_CASE(an_error_that_lacks_what_it_must_have_is_still_an_error) {
    for (auto const* wrong : {"{}", R"({"code":"-1","message":7})", R"({"code":1.5})"}) {
        auto const a = answer(R"("error":)" + std::string(wrong));
        BOOST_REQUIRE(a.has_error());
        BOOST_TEST(a.error().code == -32603);
        BOOST_TEST(!a.error().message.empty());
    }
}

// Ids of our own questions are integers; an answer in quotes is to none of them.
BOOST_AUTO_TEST_CASE(an_answer_is_taken_by_the_id_in_the_form_in_which_it_was_sent) {
    auto const q = std::to_string(s.calls.ask(who));
    says(R"({"jsonrpc":"2.0","id":")" + q + R"(","result":{}})");
    says(R"({"jsonrpc":"2.0","id":18446744073709551615,"result":{}})");
    says(R"({"jsonrpc":"2.0","error":{"code":1,"message":"m"}})");
    BOOST_TEST(who->got.empty());
    says(R"({"jsonrpc":"2.0","id":)" + q + R"(,"result":{}})");
    BOOST_TEST(who->got.size() == 1u);
}

// MCP 2025-11-25, Cancellation, "Behavior Requirements": the id of a request under way.
BOOST_AUTO_TEST_CASE(a_cancellation_reaches_the_request_that_it_names) {
    s.calls.add({"7", "\"7\"", "18446744073709551615"}, who);
    cancels("\"7\"");
    cancels("18446744073709551615");
    std::vector<std::string> const reached{"\"7\"", "18446744073709551615"};
    BOOST_TEST(who->cancelled == reached, boost::test_tools::per_element());
}

// MCP 2025-11-25, Cancellation, "Error Handling": malformed cancellations are ignored.
BOOST_AUTO_TEST_CASE(a_cancellation_of_no_id_reaches_nobody) {
    s.calls.add({"7", "null", "{}", "true"}, who);
    for (auto const* wrong : {"null", "{}", "true", "7.0", "[7]"})
        cancels(wrong);
    says(R"({"jsonrpc":"2.0","method":"notifications/cancelled"})");
    says(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"reason":"x"}})");
    BOOST_TEST(who->cancelled.empty());
}

BOOST_AUTO_TEST_CASE(of_a_batch_all_but_requests_and_nonsense_is_taken) {
    auto const q = std::to_string(s.calls.ask(who));
    s.calls.add({"1", "2"}, who);
    auto const batch = json::parse(
        R"([{"jsonrpc":"2.0","id":1,"method":"notifications/initialized"},7,{},
            {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}},
            {"jsonrpc":"2.0","id":)" +
        q + R"(,"result":{}}])");
    mcp::take_client_messages(s, batch.as_array());
    BOOST_TEST(!s.initialized());  // with an id it is a request
    BOOST_TEST(who->cancelled == std::vector<std::string>{"2"}, boost::test_tools::per_element());
    BOOST_TEST(who->got.size() == 1u);
}

// JSON-RPC 2.0 §5: the id of the request, wherever it could be read.
BOOST_AUTO_TEST_CASE(an_error_has_the_id_of_a_request_and_of_nothing_else) {
    auto const id_of = [](char const* text) -> std::string {
        auto const body = json::parse(text);
        auto const* const id = mcp::id_in(&body);
        return id != nullptr ? mcp::id_text(*id) : "none";
    };
    BOOST_TEST(id_of(R"({"jsonrpc":"2.0","id":"a","method":"ping"})") == "\"a\"");
    BOOST_TEST(id_of(R"({"jsonrpc":"2.0","method":"ping"})") == "none");
    BOOST_TEST(id_of(R"({"jsonrpc":"2.0","id":5,"result":{}})") == "none");
    BOOST_TEST(id_of("[]") == "none");
    BOOST_TEST((mcp::id_in(mcp::invalid(400, "unreadable")) == nullptr));
}

// MCP 2025-11-25, Base Protocol, "Requests": an id must not be used twice.
BOOST_AUTO_TEST_CASE(a_request_may_not_have_the_id_of_one_under_way) {
    auto const refused = [this](char const* id) {
        auto const body =
            json::parse(R"({"jsonrpc":"2.0","method":"ping","id":)" + std::string(id) + '}');
        auto const m = mcp::classify(body);
        return mcp::under_way(s, *m);
    };
    BOOST_TEST(!refused("7"));
    s.calls.add({"7"}, who);
    auto const why = refused("7");
    BOOST_REQUIRE(why.has_value());
    BOOST_TEST(why->status == 400u);
    BOOST_TEST(why->error.code == -32600);
    BOOST_TEST(!refused("\"7\""));
    s.calls.remove({"7"});
    BOOST_TEST(!refused("7"));
}

// MCP 2025-03-26, Transports, "Sending Messages to the Server": requests and notifications, or
// responses.
BOOST_AUTO_TEST_CASE(a_batch_is_of_one_kind_whatever_else_is_wrong_with_it) {
    constexpr char request[] = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
    constexpr char note[] = R"({"jsonrpc":"2.0","method":"notifications/x"})";
    constexpr char response[] = R"({"jsonrpc":"2.0","id":1,"result":{}})";
    auto const both = [](std::string const& a, std::string const& b) {
        return mixed(('[' + a + ',' + b + ']').c_str());
    };
    BOOST_TEST(both(request, response));
    BOOST_TEST(both(response, note));
    BOOST_TEST(!both(request, note));
    BOOST_TEST(!both(response, response));
    BOOST_TEST(!both(response, "7"));
    BOOST_TEST(!mixed("[]"));
}

BOOST_AUTO_TEST_SUITE_END()
