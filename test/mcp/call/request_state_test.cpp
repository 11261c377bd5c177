// requestState: what the client carries between two rounds, and to whom and what it is bound.
#include "mcp/call/request_state.hpp"

#include <set>

#include "base/crypto.hpp"
#include "mcp/server/call_bench.hpp"

namespace mcp = tollgate::mcp;
namespace http = tollgate::http;
namespace json = boost::json;

namespace {

constexpr char plain_call[] = R"({"name":"t","arguments":{"a":1,"b":{"c":[1,2],"d":"x"}}})";

struct states : test::call_bench {
    json::object const kept{{"answers", {{"secret", "nobody reads this"}}}};

    states() {
        params(plain_call);
        is(test::named("alice", "desktop"));
    }
    void is(http::principal who) { calls(test::credential_of(std::move(who), "token")); }
    void is_from(std::string const& issuer, bool own) {
        auto who = test::named("alice", "desktop");
        who.issuer = issuer;
        who.own_issuer = own;
        is(std::move(who));
    }
    void method(char const* name) { body.as_object()["method"] = name; }

    std::string sealed() {
        auto const made = mcp::seal_state(call(mcp::revision::v2026_07_28), kept);
        BOOST_REQUIRE(made.has_value());
        return *made;
    }
    boost::system::result<json::object, mcp::rpc_error> opened(std::string const& given) {
        return mcp::open_state(call(mcp::revision::v2026_07_28), given);
    }
    bool opens(std::string const& given) {
        auto const got = opened(given);
        if (got) BOOST_TEST(*got == kept);
        return got.has_value();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_request_state, states)

BOOST_AUTO_TEST_CASE(what_was_kept_comes_back_and_is_not_used_up) {
    auto const carried = sealed();
    BOOST_TEST(opens(carried));
    BOOST_TEST(opens(carried));
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Server Requirements": encrypted where it holds what
// is sensitive.
BOOST_AUTO_TEST_CASE(nobody_reads_what_is_in_a_state_or_sees_two_that_are_equal) {
    auto const one = sealed();
    auto const bytes = tollgate::from_base64url(one);
    BOOST_REQUIRE(bytes.has_value());
    BOOST_TEST(bytes->find("secret") == std::string::npos);
    BOOST_TEST(bytes->find("nobody") == std::string::npos);
    BOOST_TEST(sealed() != one);
}

// RFC 8259 §4: an object is an unordered collection.
BOOST_AUTO_TEST_CASE(the_order_of_members_does_not_make_another_call) {
    auto const carried = sealed();
    params(R"({"arguments":{"b":{"d":"x","c":[1,2]},"a":1},"name":"t"})");
    BOOST_TEST(opens(carried));
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Server Requirements": bound to the originating
// request, of which the next round repeats all but id and _meta.
BOOST_AUTO_TEST_CASE(the_next_round_may_have_another_id_and_other_metadata) {
    auto const carried = sealed();
    body.as_object()["id"] = "another";
    auto& p = body.as_object()["params"].as_object();
    p["_meta"] = {{"progressToken", 7}};
    p["requestState"] = carried;
    p["inputResponses"] = json::object();
    BOOST_TEST(opens(carried));
}

BOOST_AUTO_TEST_CASE(any_other_argument_makes_another_call) {
    auto const carried = sealed();
    for (auto const* other :
         {R"({"name":"t"})", R"({"name":"t","arguments":{}})",
          R"({"name":"t","arguments":{"a":2,"b":{"c":[1,2],"d":"x"}}})",
          R"({"name":"t","arguments":{"a":"1","b":{"c":[1,2],"d":"x"}}})",
          R"({"name":"t","arguments":{"a":1,"b":{"c":[2,1],"d":"x"}}})",
          R"({"name":"t","arguments":{"a":1,"b":{"c":[12],"d":"x"}}})",
          R"({"name":"t","arguments":{"a":1,"b":{"c":[1,2]},"d":"x"}})",
          R"({"name":"t","arguments":{"a":1,"b":{"c":[1,2],"d":"x"},"e":null}})",
          R"({"name":"u","arguments":{"a":1,"b":{"c":[1,2],"d":"x"}}})",
          R"({"uri":"t","arguments":{"a":1,"b":{"c":[1,2],"d":"x"}}})"}) {
        params(other);
        BOOST_TEST(!opens(carried), other);
    }
    params(plain_call);
    BOOST_TEST(opens(carried));
}

BOOST_AUTO_TEST_CASE(the_method_is_a_part_of_the_call) {
    auto const carried = sealed();
    method("prompts/get");
    BOOST_TEST(!opens(carried));
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Server Requirements": bound to the principal.
BOOST_AUTO_TEST_CASE(nobody_else_opens_it) {
    auto const carried = sealed();
    for (auto const& other : {test::named("bob", "desktop"), test::named("alice", "phone"),
                              test::named("alice"), test::named("alicedesktop")}) {
        is(other);
        BOOST_TEST(!opens(carried), other.subject << ' ' << other.client_id);
    }
    nobody_calls();
    BOOST_TEST(!opens(carried));
    auto const anonymous = sealed();
    BOOST_TEST(opens(anonymous));
    is(test::named("alice", "desktop"));
    BOOST_TEST(!opens(anonymous));
}

// RFC 7519 §4.1.2: a subject is unique within its issuer; two names of our own server are one.
BOOST_AUTO_TEST_CASE(a_subject_of_another_issuer_is_somebody_else) {
    is_from("http://localhost:9100", true);
    auto const own = sealed();
    is_from("http://localhost:9101", true);
    BOOST_TEST(opens(own));
    is_from("https://idp.example", false);
    BOOST_TEST(!opens(own));
    auto const foreign = sealed();
    is_from("https://other.example", false);
    BOOST_TEST(!opens(foreign));
}

// A realm that was deleted and made anew under its name is another one.
BOOST_AUTO_TEST_CASE(a_realm_of_the_same_name_is_not_the_same_realm) {
    auto const carried = sealed();
    auto const before = realm;
    where.realm = std::make_shared<http::realm>("default");
    BOOST_TEST(!opens(carried));
    where.realm = before;
    BOOST_TEST(opens(carried));
}

BOOST_AUTO_TEST_CASE(it_lapses_after_a_quarter_of_an_hour_to_the_millisecond) {
    auto const carried = sealed();
    clock.advance(mcp::state_lifetime - std::chrono::milliseconds(1));
    BOOST_TEST(opens(carried));
    clock.advance(std::chrono::milliseconds(1));
    BOOST_TEST(!opens(carried));
}

BOOST_AUTO_TEST_CASE(what_is_too_large_is_neither_given_out_nor_looked_at) {
    auto const sized = [this](std::size_t bytes) {
        json::object const all{{"x", std::string(bytes, 'x')}};
        return mcp::seal_state(call(mcp::revision::v2026_07_28), all);
    };
    auto const large = sized(90'000);
    BOOST_REQUIRE(large.has_value());
    BOOST_TEST(large->size() <= mcp::max_state);
    auto const back = opened(*large);
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST(back->at("x").as_string().size() == 90'000u);
    BOOST_TEST(sized(110'000).error().code == -32603);
    BOOST_TEST(opened(std::string(mcp::max_state + 1, 'A')).error().code == -32602);
}

// "which of these is not told"
BOOST_AUTO_TEST_CASE(every_refusal_has_the_same_words) {
    auto const carried = sealed();
    std::set<std::string> words;
    auto const note = [&](std::string const& given) {
        auto const e = opened(given).error();
        BOOST_TEST(e.code == -32602);
        BOOST_TEST(e.data.is_null());
        words.insert(e.message);
    };
    for (auto const& bent : {std::string(), std::string("x"), carried + "A", carried.substr(4),
                             std::string(mcp::max_state + 1, 'A')})
        note(bent);
    is(test::named("bob"));
    note(carried);
    is(test::named("alice", "desktop"));
    clock.advance(mcp::state_lifetime);
    note(carried);
    BOOST_TEST(words.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
