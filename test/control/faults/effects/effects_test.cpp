// Effects of the user's own, made by POST /control/faults and seen in what comes back.
#include "control/faults/effects/effect.hpp"

#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;

namespace {

struct effects : plane {
    // A fault of that one effect, at the token endpoint unless `at` says another.
    std::string make(std::string const& effect, std::string const& at = "token") {
        return fault(R"({"select":{"endpoint":")" + at + R"("},"effects":[)" + effect + "]}");
    }
    answer refused(std::string const& effects) {
        return post("faults", R"({"effects":)" + effects + "}");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(fault_effects, effects)

BOOST_AUTO_TEST_CASE(answer_takes_the_place_of_the_server) {
    make(R"({"answer":{"status":418,"headers":{"X-Pot":"tea"},"body":"short"}})");
    auto const a = token();
    BOOST_TEST(a.status == 418u);
    BOOST_TEST(a.header("X-Pot") == "tea");
    BOOST_TEST(a.header("Content-Type") == "text/plain; charset=utf-8");
    BOOST_TEST(a.body == "short");
    BOOST_TEST(served.token == 0);
}

BOOST_AUTO_TEST_CASE(answer_can_come_after_the_server_has_acted) {
    make(R"({"answer":{"when":"after_commit","status":503,"body":{"a":1}}})");
    auto const a = token();
    BOOST_TEST(a.status == 503u);
    BOOST_TEST(a.body == R"({"a":1})");
    BOOST_TEST(served.token == 1);
    // What failed anyhow is told as it is.
    BOOST_TEST(token({{"code", "bad"}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(answer_can_replace_errors_alone) {
    make(R"({"answer":{"when":"replace","only":"error","status":500}})");
    BOOST_TEST(token().status == 200u);
    BOOST_TEST(token({{"code", "bad"}}).status == 500u);
}

BOOST_AUTO_TEST_CASE(status_and_headers_change_what_the_server_says) {
    make(R"({"status":{"code":202}})");
    make(R"({"headers":{"set":{"Content-Type":"text/html"},"add":{"X-A":["1","2"]}}})");
    auto const a = token();
    BOOST_TEST(a.status == 202u);
    BOOST_TEST(a.header("Content-Type") == "text/html");
    BOOST_TEST(std::ranges::count(a.headers, "X-A", &http::header::name) == 2);
    BOOST_TEST(served.token == 1);
}

BOOST_AUTO_TEST_CASE(headers_can_be_removed) {
    make(R"({"headers":{"remove":["Content-Type"]}})");
    BOOST_TEST(!token().headers.has("Content-Type"));
}

BOOST_AUTO_TEST_CASE(json_merges_and_removes_members) {
    make(R"({"json":{"merge":{"expires_in":"3600"},"remove":["refresh_token"]}})");
    BOOST_TEST(token().body == R"({"access_token":"at","expires_in":"3600"})");
}

BOOST_AUTO_TEST_CASE(json_leaves_alone_what_is_none) {
    make(R"({"headers":{"set":{"Content-Type":"text/html"}}})");
    auto const id = make(R"({"json":{"merge":{"a":1}}})");
    del("faults/" + id);
    BOOST_TEST(token().body.starts_with("{"));
}

BOOST_AUTO_TEST_CASE(text_cuts_pads_and_replaces_a_body) {
    auto const cut = make(R"({"text":{"truncate":5,"suffix":"!"}})");
    BOOST_TEST(token().body == "{\"acc!");
    del("faults/" + cut);
    auto const padded = make(R"({"text":{"body":"x","pad":3,"content_type":"text/html"}})");
    auto const a = token();
    BOOST_TEST(a.body == "   x");
    BOOST_TEST(a.header("Content-Type") == "text/html");
    del("faults/" + padded);
    make(R"({"text":{"prefix":"\ufeff"}})");
    BOOST_TEST(token().body.starts_with("\xEF\xBB\xBF{"));
}

BOOST_AUTO_TEST_CASE(rpc_changes_the_result_of_a_response) {
    make(R"({"rpc":{"result":{"a":1}}})", "mcp");
    BOOST_TEST(call().json().at("result").at("a").as_int64() == 1);
}

BOOST_AUTO_TEST_CASE(rpc_answers_in_the_place_of_an_error) {
    // The older fault has the last word.
    make(R"({"rpc":{"answer":{"a":1}}})", "mcp");
    make(R"({"rpc":{"error":{"code":-32603,"message":"m"}}})", "mcp");
    auto const body = call().json().as_object();
    BOOST_TEST(!body.contains("error"));
    BOOST_TEST(body.at("result").at("a").as_int64() == 1);
}

BOOST_AUTO_TEST_CASE(rpc_makes_an_error_of_a_result) {
    make(R"({"rpc":{"error":{"code":-32603,"message":"m"}}})", "mcp");
    auto const body = call().json().as_object();
    BOOST_TEST(!body.contains("result"));
    BOOST_TEST(body.at("error").at("code").as_int64() == -32603);
    BOOST_TEST(body.at("id").as_int64() == 1);
}

BOOST_AUTO_TEST_CASE(do_acts_on_the_realm_and_the_request_goes_on) {
    make(R"({"do":{"what":"end_sessions"}})", "mcp");
    BOOST_TEST(call().status == 200u);
    BOOST_TEST(mcp.ended == std::vector<std::string>{"default"});
}

BOOST_AUTO_TEST_CASE(several_effects_of_one_fault_all_happen) {
    fault(R"({"select":{"endpoint":"token"},"effects":[{"status":{"code":203}},
              {"json":{"remove":["refresh_token","expires_in"]}},{"text":{"suffix":"\n"}}]})");
    auto const a = token();
    BOOST_TEST(a.status == 203u);
    BOOST_TEST(a.body == "{\"access_token\":\"at\"}\n");
}

BOOST_AUTO_TEST_CASE(names_in_braces_stand_for_the_realm_and_the_client) {
    make(R"({"answer":{"body":"{issuer} {resource} {as_origin} {nothing} {"}})");
    BOOST_TEST(token().body ==
               "http://localhost:9100 http://localhost:9101/mcp http://localhost:9100 {nothing} {");
}

BOOST_AUTO_TEST_CASE(is_refused_by_pointer_where_an_effect_is_unknown_or_wrong) {
    struct wrong {
        std::string_view effects, text;
    };
    constexpr wrong all[] = {
        {R"([])", "/effects: expected 1 to 16 effects"},
        {R"([{"anser":{}}])",
         "/effects/0/anser: no effect is called \"anser\"; the nearest is \"answer\""},
        {R"([{"answer":{},"delay":{}}])",
         "/effects/0: expected an object of one member, the name of an effect"},
        {R"([{"answer":1}])", "/effects/0/answer: expected an object, got a number"},
        {R"([{"status":{"code":200}},{"answer":{"status":99}}])",
         "/effects/1/answer/status: expected a whole number from 200 to 599"},
        {R"([{"answer":{"stat":1}}])", "/effects/0/answer/stat: is not known here"},
        {R"([{"status":{}}])", "/effects/0/status/code: is missing; expected a status"},
        {R"([{"headers":{"set":{"Date":"x"}}}])",
         "/effects/0/headers/set/Date: is no header that an answer may be given"},
        {R"([{"headers":{"set":{"a b":"x"}}}])",
         "/effects/0/headers/set/a b: is no header that an answer may be given"},
        {R"([{"headers":{"set":{"A":"x\r\ny"}}}])",
         "/effects/0/headers/set/A: holds a control character"},
        {R"([{"json":{}}])",
         "/effects/0/json/merge: is missing; expected merge (RFC 7396), remove, append, null, "
         "from_now or repeat"},
        {R"([{"json":{"merge":{}}}])",
         "/effects/0/json/merge: changes nothing; expected merge (RFC 7396), remove, append, null, "
         "from_now or repeat"},
        {R"([{"redirect":{"set":{}}}])", "/effects/0/redirect/set: changes nothing; expected set"},
        {R"([{"headers":{"set":{}}}])", "/effects/0/headers/set: changes nothing; expected set"},
        {R"([{"delay":{"least_ms":5,"most_ms":1}}])",
         "/effects/0/delay/most_ms: is less than least_ms"},
        {R"([{"cut":{"at":"later"}}])", "/effects/0/cut/at: expected one of"},
        {R"([{"answer":{"only":"error"}}])",
         "/effects/0/answer/only: chooses among the server's answers: it needs \"when\": "
         "\"replace\""},
    };
    for (auto const& w : all) {
        auto const a = refused(std::string(w.effects));
        BOOST_TEST(a.status == 400u, w.effects);
        auto const told = text(a.json(), "error_description");
        BOOST_TEST(told.starts_with(w.text), told);
    }
    BOOST_TEST(get("faults").json().at("faults").as_array().empty());
}

BOOST_AUTO_TEST_CASE(goes_with_no_name_and_no_parameters) {
    auto const a =
        post("faults", R"({"name":"token.unavailable","effects":[{"status":{"code":200}}]})");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(text(a.json(), "error_description").starts_with("/name: does not go with"));
}

BOOST_AUTO_TEST_CASE(is_shown_as_it_was_asked_for) {
    auto const id = make(R"({"status":{"code":202}})");
    auto const shown = get("faults/" + id).json();
    BOOST_TEST(json::serialize(shown.at("effects")) == R"([{"status":{"code":202}}])");
    token();
    BOOST_TEST(get("faults/" + id).json().at("fired").as_int64() == 1);
}

BOOST_AUTO_TEST_CASE(of_every_kind_is_in_the_table_with_a_sentence) {
    BOOST_TEST(control::effect_kinds().size() == 27u);
    for (auto const& kind : control::effect_kinds())
        BOOST_TEST(!kind.summary.empty(), kind.name);
}

BOOST_AUTO_TEST_SUITE_END()
