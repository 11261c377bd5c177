// Batches: 2025-03-26 alone has them.
#include "mcp/transport/http/talking_fixture.hpp"

using test::parsed;
namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

struct fixture : test::talking_fixture {
    std::string id = ready("2025-03-26");

    static std::string batch(std::initializer_list<std::string> all) {
        std::string out = "[";
        for (auto const& one : all)
            out += (out.size() > 1 ? "," : "") + one;
        return out + "]";
    }
    // The ids of the responses, in order.
    static std::string ids_in(std::vector<sse::received> const& events) {
        std::string out;
        for (auto const& e : events) {
            auto const m = parsed(e.data);
            if (m.as_object().contains("id")) out += json::serialize(m.at("id")) + ' ';
        }
        return out;
    }
};

constexpr char note[] = R"({"jsonrpc":"2.0","method":"notifications/x"})";
constexpr char response[] = R"({"jsonrpc":"2.0","id":5,"result":{}})";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_batch, fixture)

// MCP 2025-03-26, Transports, "Sending Messages to the Server": one response per request of the
// batch.
BOOST_AUTO_TEST_CASE(is_answered_by_one_array_when_nobody_talks) {
    auto const a = post(batch({call("quick", "{}", "1"), note, call("nap", "{}", "2")}), in(id));
    BOOST_TEST(a.status == 200u);
    auto const all = a.json().as_array();
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].at("id").as_int64() == 1);
    BOOST_TEST(all[1].at("id").as_int64() == 2);
}

// MCP 2025-03-26, Transports, "Sending Messages to the Server": or by a stream with one response
// per request.
BOOST_AUTO_TEST_CASE(is_answered_by_a_stream_when_one_talks) {
    auto const a = post(batch({call("quick", "{}", "1"), call("count", R"({"n":1})", "2"),
                               call("quick", "{}", "3")}),
                        in(id));
    BOOST_TEST(ids_in(events_of(a)) == "1 2 3 ");
}

// MCP 2025-03-26, Transports, "Sending Messages to the Server": solely notifications or responses:
// 202 and no body.
BOOST_AUTO_TEST_CASE(of_notifications_or_of_responses_alone_is_accepted) {
    for (auto const& body : {batch({note, note}), batch({response, response})}) {
        auto const a = post(body, in(id));
        BOOST_TEST(a.status == 202u);
        BOOST_TEST(a.body.empty());
    }
}

// MCP 2025-03-26, Transports, "Sending Messages to the Server": an array of requests and
// notifications, or of responses.
BOOST_AUTO_TEST_CASE(of_responses_and_requests_together_is_refused) {
    for (auto const& body : {batch({response, note}), batch({call("quick"), response})}) {
        auto const a = post(body, in(id));
        BOOST_TEST(a.status == 400u);
        BOOST_TEST(test::error_of(a) == -32600);
    }
}

BOOST_AUTO_TEST_CASE(its_bad_elements_are_answered_one_by_one_also_when_one_talks) {
    auto const a =
        post(batch({"1", call("count", R"({"n":1})", "2"), initialize("2025-03-26")}), in(id));
    auto const events = events_of(a);
    std::vector<std::string> errors;
    for (auto const& e : events) {
        auto const m = parsed(e.data);
        if (m.as_object().contains("error")) {
            BOOST_TEST(m.at("error").at("code").as_int64() == -32600);
            errors.push_back(json::serialize(m.at("id")));
        }
    }
    BOOST_TEST(errors.size() == 2u);
}

BOOST_AUTO_TEST_CASE(one_of_its_requests_can_be_cancelled) {
    auto const r =
        open_call(id, batch({call("count", R"({"n":2,"gap":15})", "1"),
                             call("count", R"({"n":2,"gap":15})", "2"), call("quick", "{}", "3")}));
    events(*r.stream);
    BOOST_TEST(post(batch({R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
                           R"("params":{"requestId":2}})"}),
                    in(id))
                   .status == 202u);
    BOOST_TEST(ids_in(rest(*r.stream)) == "1 3 ");
}

BOOST_AUTO_TEST_CASE(answers_to_a_question_may_come_in_one) {
    auto const r = open_call(id, call("ask", "{}", "9"));
    auto const asked = parsed(events(*r.stream).at(0).data);
    auto const answer = R"({"jsonrpc":"2.0","id":)" + json::serialize(asked.at("id")) +
                        R"(,"result":{"in":"a batch"}})";
    BOOST_TEST(post(batch({response, answer}), in(id)).status == 202u);
    BOOST_TEST(test::text_in(rest(*r.stream).back()) == R"({"in":"a batch"})");
}

BOOST_AUTO_TEST_CASE(does_not_exist_in_any_other_revision) {
    for (auto const* version : {"2024-11-05", "2025-06-18", "2025-11-25"}) {
        auto const other = ready(version);
        for (auto const& body : {batch({call("quick")}), batch({note}), batch({response})}) {
            auto const a = post(body, in(other));
            BOOST_TEST(a.status == 400u);
            BOOST_TEST(test::error_of(a) == -32600);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
