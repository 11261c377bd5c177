// headers, json, text and redirect: what becomes of the parts of an answer.
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;

namespace {

// The endpoint /echo answers with what the test has put there.
struct origin {
    http::reply next = http::json_reply(200, "{}");
};

task<outcome<http::reply>> serve(origin& o, http::context&) {
    http::reply r(o.next.status);
    r.headers = o.next.headers;
    r.body = o.next.body;
    co_return r;
}

constexpr http::route<origin> rows[] = {
    {"/echo", http::verb::get, "userinfo", &serve, http::plain_route},
    {"/echo", http::verb::post, "userinfo", &serve, http::plain_route},
};

struct parts : plane {
    parts() { routes.add(at, std::span<http::route<origin> const>(rows)); }

    origin at;

    void make(std::string const& effect) {
        fault(R"({"select":{"endpoint":"userinfo"},"effects":[)" + effect + "]}");
    }
    answer echo() { return b.get("/echo"); }
    answer answered(std::string body) {
        at.next = http::json_reply(200, std::move(body));
        return echo();
    }
    // Where that effect sends who was sent to `location`.
    std::string sent_to(std::string const& location) {
        at.next = http::reply(302);
        at.next.headers.set("Location", location);
        return std::string(echo().header("Location"));
    }
    std::string mistake(std::string const& effect) {
        auto const a = post("faults", R"({"effects":[)" + effect + "]}");
        return a.status == 201 ? "" : described(a);
    }
};

std::ptrdiff_t count_of(answer const& a, std::string_view name) {
    return std::ranges::count_if(a.headers,
                                 [&](auto const& h) { return http::iequals(h.name, name); });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(headers_effect, parts)

BOOST_AUTO_TEST_CASE(sets_in_the_place_of_all_that_were_there) {
    make(R"({"headers":{"set":{"x-a":["1","2"]}}})");
    at.next.headers.add("X-A", "0");
    at.next.headers.add("X-A", "9");
    auto const a = echo();
    BOOST_TEST(count_of(a, "X-A") == 2);
    BOOST_TEST(a.header("X-A") == "1");
}

BOOST_AUTO_TEST_CASE(adds_beside_what_is_there) {
    make(R"({"headers":{"add":{"X-A":"1"}}})");
    at.next.headers.add("X-A", "0");
    BOOST_TEST(count_of(echo(), "X-A") == 2);
    BOOST_TEST(echo().header("X-A") == "0");
}

BOOST_AUTO_TEST_CASE(removes_before_it_sets_and_adds) {
    make(R"({"headers":{"remove":["X-A"],"add":{"X-A":"new"}}})");
    at.next.headers.add("x-a", "old");
    auto const a = echo();
    BOOST_TEST(count_of(a, "X-A") == 1);
    BOOST_TEST(a.header("X-A") == "new");
}

BOOST_AUTO_TEST_CASE(removes_what_is_not_there_and_says_nothing) {
    make(R"({"headers":{"remove":["X-None"]}})");
    BOOST_TEST(echo().status == 200u);
}

BOOST_AUTO_TEST_CASE(fills_names_in_braces_into_its_values) {
    make(R"({"headers":{"set":{"Link":"<{issuer}>; rel={what}"}}})");
    BOOST_TEST(echo().header("Link") == "<http://localhost:9100>; rel={what}");
}

BOOST_AUTO_TEST_CASE(writes_a_number_as_its_digits) {
    make(R"({"headers":{"set":{"Retry-After":120}}})");
    BOOST_TEST(echo().header("Retry-After") == "120");
}

BOOST_AUTO_TEST_CASE(floods_with_fields_that_nobody_knows) {
    make(R"({"headers":{"flood":300}})");
    auto const a = echo();
    BOOST_TEST(a.header("X-Flood-0") == "0123456789abcdef");
    BOOST_TEST(a.header("X-Flood-299") == "0123456789abcdef");
    BOOST_TEST(count_of(a, "X-Flood-300") == 0);
}

BOOST_AUTO_TEST_CASE(changes_only_the_answers_that_are_wanted) {
    make(R"({"headers":{"only":"forbidden","set":{"X-A":"1"}}})");
    for (unsigned const status : {200u, 302u, 400u, 401u, 403u, 500u}) {
        at.next = http::reply(status);
        BOOST_TEST(echo().headers.has("X-A") == (status == 403), status);
    }
}

// RFC 9110 §5.6.2, RFC 9112: what the connection says itself is said by nobody else.
BOOST_AUTO_TEST_CASE(refuses_what_no_answer_may_say) {
    for (std::string const name : {"Content-Length", "transfer-encoding", "Connection",
                                   "Keep-Alive", "Upgrade", "Trailer", "Date"}) {
        BOOST_TEST(mistake(R"({"headers":{"set":{")" + name + R"(":"1"}}})") ==
                   "/effects/0/headers/set/" + name + ": is no header that an answer may be given");
        BOOST_TEST(mistake(R"({"headers":{"remove":[")" + name + R"("]}})")
                       .starts_with("/effects/0/headers/remove: expected names of header fields"));
    }
    BOOST_TEST(mistake(R"({"headers":{"add":{"":"1"}}})") ==
               "/effects/0/headers/add/: is no header that an answer may be given");
    BOOST_TEST(mistake(R"({"headers":{"add":{"X":["1",true]}}})") ==
               "/effects/0/headers/add/X: expected a string, got true");
    BOOST_TEST(mistake(R"({"headers":{"add":{"X":"a\u007f"}}})") ==
               "/effects/0/headers/add/X: holds a control character");
    BOOST_TEST(mistake(R"({"headers":{"add":{"X":"a\tb"}}})") == "");
    BOOST_TEST(mistake(R"({"headers":{}})") ==
               "/effects/0/headers/set: is missing; expected set, add, remove or flood");
    BOOST_TEST(mistake(R"({"headers":{"flood":100001}})").starts_with("/effects/0/headers/flood:"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(json_effect, parts)

BOOST_AUTO_TEST_CASE(merges_deeply_and_fills_every_string) {
    make(R"({"json":{"merge":{"a":{"b":"{issuer}","c":null},"list":["{resource}",1]}}})");
    auto const merged = answered(R"({"a":{"c":1,"d":2}})").json();
    BOOST_TEST(json::serialize(merged.at("a")) == R"({"b":"http://localhost:9100","d":2})");
    BOOST_TEST(json::serialize(merged.at("list")) == R"(["http://localhost:9101/mcp",1])");
}

BOOST_AUTO_TEST_CASE(makes_a_member_null_which_a_merge_cannot) {
    make(R"({"json":{"null":["a","new"]}})");
    BOOST_TEST(answered(R"({"a":1,"b":2})").body == R"({"a":null,"b":2,"new":null})");
}

BOOST_AUTO_TEST_CASE(adds_to_the_end_of_lists_that_are_there) {
    make(R"({"json":{"append":{"keys":[1,{"a":2}],"none":[3],"text":[4]}}})");
    BOOST_TEST(answered(R"({"keys":[0],"text":"t"})").body ==
               R"({"keys":[0,1,{"a":2}],"text":"t"})");
}

BOOST_AUTO_TEST_CASE(counts_seconds_from_the_moment_by_the_clock_of_the_realm) {
    make(R"({"json":{"from_now":{"exp":60,"iat":-5}}})");
    BOOST_REQUIRE(b.realm->time().advance(std::chrono::hours(1), b.clock.now()));
    BOOST_TEST(answered("{}").body == R"({"exp":1800003660,"iat":1800003595})");
}

// What a member was at the login, for each client.
BOOST_AUTO_TEST_CASE(repeats_at_a_refresh_what_the_client_was_given_before) {
    make(R"({"json":{"repeat":["id"]}})");
    auto const ask = [&](std::string grant, std::string client, std::string body) {
        at.next = http::json_reply(200, std::move(body));
        return b
            .post_form("/echo",
                       {{"grant_type", std::move(grant)}, {"client_id", std::move(client)}})
            .body;
    };
    BOOST_TEST(ask("refresh_token", "one", R"({"id":0})") == R"({"id":0})");
    BOOST_TEST(ask("authorization_code", "one", R"({"id":1})") == R"({"id":1})");
    BOOST_TEST(ask("authorization_code", "two", R"({"id":2})") == R"({"id":2})");
    BOOST_TEST(ask("refresh_token", "one", R"({"id":3})") == R"({"id":1})");
    BOOST_TEST(ask("refresh_token", "two", R"({"x":4})") == R"({"x":4,"id":2})");
    BOOST_TEST(ask("refresh_token", "one", R"({"id":5})") == R"({"id":1})");
}

BOOST_AUTO_TEST_CASE(takes_every_media_type_that_is_json) {
    make(R"({"json":{"merge":{"a":1}}})");
    auto const with = [&](std::string const& type) {
        at.next = http::reply(200, type, "{}");
        return echo().body;
    };
    BOOST_TEST(with("application/json; charset=utf-8") == R"({"a":1})");
    BOOST_TEST(with("application/jwk-set+json") == R"({"a":1})");
    BOOST_TEST(with("Application/JSON") == R"({"a":1})");
    BOOST_TEST(with("text/plain") == "{}");
    BOOST_TEST(with("application/jsonp") == "{}");
}

BOOST_AUTO_TEST_CASE(leaves_a_body_that_is_no_json_as_it_is) {
    make(R"({"json":{"merge":{"a":1}}})");
    BOOST_TEST(answered("{\"a\":").body == "{\"a\":");
    // RFC 7396 §2: what is no object becomes one.
    BOOST_TEST(answered("[1,2]").body == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(is_refused_where_it_says_nothing_or_something_else) {
    auto const nothing =
        "/effects/0/json/merge: is missing; expected merge (RFC 7396), remove, append, null, "
        "from_now or repeat";
    BOOST_TEST(mistake(R"({"json":{}})") == nothing);
    BOOST_TEST(mistake(R"({"json":{"append":{"keys":1}}})") ==
               "/effects/0/json/append: expected lists");
    BOOST_TEST(mistake(R"({"json":{"from_now":{"exp":"soon"}}})")
                   .starts_with("/effects/0/json/from_now/exp: expected a whole number"));
    BOOST_TEST(mistake(R"({"json":{"from_now":{"exp":31557600000}}})") == "");
    BOOST_TEST(mistake(R"({"json":{"from_now":{"exp":31557600001}}})") != "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(text_effect, parts)

BOOST_AUTO_TEST_CASE(replaces_the_first_of_it_alone) {
    make(R"({"text":{"replace":"a","by":"{issuer}"}})");
    BOOST_TEST(answered("xaa").body == "xhttp://localhost:9100a");
    BOOST_TEST(answered("xyz").body == "xyz");
}

BOOST_AUTO_TEST_CASE(can_replace_by_nothing) {
    make(R"({"text":{"replace":"{"}})");
    BOOST_TEST(answered("{}").body == "}");
}

// The body, then what is replaced in it, nested, cut, and only then what stands around it.
BOOST_AUTO_TEST_CASE(does_all_of_it_in_one_order) {
    make(R"({"text":{"body":"abc","replace":"b","by":"-","nest":2,"truncate":4,
                     "prefix":"<","suffix":">","pad":2}})");
    BOOST_TEST(echo().body == "  <[[a->");
}

BOOST_AUTO_TEST_CASE(cuts_nothing_off_what_is_shorter) {
    make(R"({"text":{"truncate":100}})");
    BOOST_TEST(answered("{}").body == "{}");
}

BOOST_AUTO_TEST_CASE(can_leave_nothing) {
    make(R"({"text":{"truncate":0}})");
    BOOST_TEST(answered("{}").body == "");
    BOOST_TEST(echo().header("Content-Type") == "application/json");
}

BOOST_AUTO_TEST_CASE(is_refused_without_anything_to_do) {
    BOOST_TEST(mistake(R"({"text":{}})") ==
               "/effects/0/text/body: is missing; expected body, prefix, suffix, replace, nest, "
               "truncate, pad or content_type");
    BOOST_TEST(mistake(R"({"text":{"by":"x"}})") ==
               "/effects/0/text/replace: is missing; expected what is to be replaced");
    BOOST_TEST(mistake(R"({"text":{"nest":1000001}})").starts_with("/effects/0/text/nest:"));
    BOOST_TEST(mistake(R"({"text":{"body":""}})") == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(redirect_effect, parts)

BOOST_AUTO_TEST_CASE(sets_a_parameter_once_however_often_it_was_there) {
    make(R"({"redirect":{"set":{"state":"{issuer} &"}}})");
    BOOST_TEST(sent_to("http://a/cb?state=1&code=c&state=2") ==
               "http://a/cb?code=c&state=http%3A%2F%2Flocalhost%3A9100%20%26");
}

BOOST_AUTO_TEST_CASE(removes_every_one_of_a_name_and_leaves_no_question_mark) {
    make(R"({"redirect":{"remove":["code","state"]}})");
    BOOST_TEST(sent_to("http://a/cb?code=1&code=2&iss=x") == "http://a/cb?iss=x");
    BOOST_TEST(sent_to("http://a/cb?code=1&state=2") == "http://a/cb");
}

BOOST_AUTO_TEST_CASE(sends_a_parameter_twice_and_none_that_is_not_there) {
    make(R"({"redirect":{"twice":["code","nothing"]}})");
    BOOST_TEST(sent_to("http://a/cb?code=1&state=2") == "http://a/cb?code=1&state=2&code=1");
}

BOOST_AUTO_TEST_CASE(leads_elsewhere_with_the_same_parameters) {
    make(R"({"redirect":{"to":"{mcp_origin}/x"}})");
    BOOST_TEST(sent_to("http://a/cb?code=1#f") == "http://localhost:9101/x?code=1#f");
}

BOOST_AUTO_TEST_CASE(carries_the_parameters_in_the_fragment) {
    make(R"({"redirect":{"in_fragment":true}})");
    BOOST_TEST(sent_to("http://a/cb?code=1&state=a+b") == "http://a/cb#code=1&state=a%20b");
}

BOOST_AUTO_TEST_CASE(gives_each_redirect_what_the_one_before_it_had) {
    make(R"({"redirect":{"previous":["state"]}})");
    BOOST_TEST(sent_to("http://a/cb?state=1") == "http://a/cb?state=1");
    BOOST_TEST(sent_to("http://a/cb?state=2") == "http://a/cb?state=1");
    BOOST_TEST(sent_to("http://a/cb?code=c") == "http://a/cb?code=c");
    BOOST_TEST(sent_to("http://a/cb?state=3") == "http://a/cb?state=2");
}

// OAuth 2.0 Form Post Response Mode §2
BOOST_AUTO_TEST_CASE(posts_the_parameters_by_a_form) {
    make(R"({"redirect":{"form_post":true}})");
    sent_to("http://a/cb?code=1&state=%22%3E");
    auto const a = echo();
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(!a.headers.has("Location"));
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    BOOST_TEST(a.body.find("method=\"post\" action=\"http://a/cb\"") != a.body.npos);
    BOOST_TEST(a.body.find("name=\"state\" value=\"&quot;&gt;\"") != a.body.npos);
}

BOOST_AUTO_TEST_CASE(visits_the_client_several_times_at_once) {
    make(R"({"redirect":{"visits":3}})");
    sent_to("http://a/cb?code=1&state=2");
    auto const body = echo().body;
    std::string const frame = "<iframe src=\"http://a/cb?code=1&amp;state=2\"></iframe>";
    BOOST_TEST(body.find(frame + frame + frame + "</body>") != body.npos);
}

BOOST_AUTO_TEST_CASE(leaves_an_answer_alone_that_leads_nowhere) {
    make(R"({"redirect":{"set":{"a":"1"}}})");
    auto const a = answered("{}");
    BOOST_TEST(!a.headers.has("Location"));
    BOOST_TEST(a.body == "{}");
}

BOOST_AUTO_TEST_CASE(is_refused_where_it_changes_nothing) {
    BOOST_TEST(mistake(R"({"redirect":{}})") ==
               "/effects/0/redirect/set: is missing; expected set, remove, twice, to, in_fragment, "
               "form_post, previous or visits");
    BOOST_TEST(mistake(R"({"redirect":{"set":{"a":1}}})") ==
               "/effects/0/redirect/set: expected texts");
    BOOST_TEST(mistake(R"({"redirect":{"visits":101}})").starts_with("/effects/0/redirect/visits"));
}

BOOST_AUTO_TEST_SUITE_END()
