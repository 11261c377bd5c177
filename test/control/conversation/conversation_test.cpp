// What the events of a realm tell together: registrations, logins, tokens and who tried.
#include "control/conversation/conversation.hpp"

#include <boost/test/unit_test.hpp>

#include "control/verdict/exchanges.hpp"

using namespace test;
using namespace tollgate::control;

namespace {

exchange at(std::string endpoint, std::string method = "GET") {
    exchange x;
    x.endpoint = std::move(endpoint);
    x.method = std::move(method);
    return x;
}

exchange with_answer(exchange x, std::string answer) {
    x.answer = std::move(answer);
    return x;
}

bool tried(exchange x) {
    story s;
    s.add(std::move(x));
    return conversation(s.events()).tried();
}

// The page of the login posts, and the answer leads to `location`.
exchange page_posts(std::string const& location, std::string const& endpoint = "authorize") {
    auto x = at(endpoint, "POST");
    x.status = 303;
    x.got = {{"Location", location}};
    return x;
}

// GET /authorize that shows a page.
exchange page_is_shown(std::string const& state, std::string const& client = "c") {
    auto x = at("authorize");
    x.target = "/authorize?" + story::encoded({{"client_id", client}, {"state", state}});
    return x;
}

// The client that a token request with these fields and this form names.
std::string client_named_by(pairs const& fields, std::string const& form) {
    auto x = at("token", "POST");
    x.sent = fields;
    x.sent.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    x.body = form;
    x.client_id = "found-out";
    story s;
    s.add(std::move(x));
    conversation const c(s.events());
    return client_of(c.all().front());
}

std::string basic(std::string const& pair) {
    return "Basic " + tollgate::to_base64(pair);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conversations)

BOOST_AUTO_TEST_CASE(hold_all_events_in_order_and_apart_what_came_from_outside) {
    story s;
    s.add(at("as_metadata")).note(event_type::session, "opened").add(story::call());
    conversation const c(s.events(), 3);
    BOOST_TEST(c.all().size() == 3u);
    BOOST_TEST(c.exchanges().size() == 2u);
    BOOST_TEST(c.exchanges()[1]->seq() == 3u);
    BOOST_TEST(c.dropped() == 3u);
}

BOOST_AUTO_TEST_CASE(leave_preflights_and_what_the_server_asks_itself_out_of_the_exchanges) {
    story s;
    s.add(at("token", "OPTIONS")).add(at("introspect", "POST"));
    conversation const c(s.events());
    BOOST_TEST(c.all().size() == 2u);
    BOOST_TEST(c.exchanges().empty());
    BOOST_TEST(!c.tried());
}

BOOST_AUTO_TEST_CASE(count_the_three_endpoints_of_mcp_as_mcp) {
    story s;
    for (auto const* endpoint : {"mcp", "sse", "messages", "token", "userinfo"})
        s.add(at(endpoint));
    BOOST_TEST(conversation(s.events()).mcp().size() == 3u);
}

BOOST_AUTO_TEST_CASE(are_tried_by_a_request_of_the_protocol_alone) {
    for (auto const* endpoint : {"mcp", "sse", "messages", "resource_metadata", "as_metadata",
                                 "openid_configuration", "register", "authorize", "token"})
        BOOST_TEST(tried(at(endpoint)), endpoint);
    for (auto const* endpoint : {"jwks", "userinfo", "test_page", "landing", ""})
        BOOST_TEST(!tried(at(endpoint)), endpoint);
}

BOOST_AUTO_TEST_CASE(know_a_client_from_the_answer_to_its_registration) {
    story s;
    auto x = story::registration();
    x.answer = R"({"client_id":"id-1","client_secret":"hush"})";
    s.add(x);
    conversation const c(s.events());
    BOOST_REQUIRE(c.registrations().size() == 1u);
    auto const& r = c.registrations().front();
    BOOST_TEST(r.client_id == "id-1");
    BOOST_TEST(r.secret == "hush");
    BOOST_TEST(r.at->seq() == 1u);
}

BOOST_AUTO_TEST_CASE(know_no_client_from_a_registration_that_failed_or_was_only_read_or_changed) {
    story s;
    s.add(refused(story::registration(), 400, "invalid_redirect_uri"));
    s.add(with_answer(story::registration(), R"({"client_name":"t"})"));
    for (auto const* method : {"GET", "PUT", "DELETE"}) {
        auto x = story::registration();
        x.method = method;
        s.add(x);
    }
    BOOST_TEST(conversation(s.events()).registrations().empty());
}

BOOST_AUTO_TEST_CASE(compare_registrations_by_name_and_redirect_uris_and_nothing_else) {
    story s;
    s.add(story::registration()).add(story::registration());
    s.add(story::registration("http://localhost:1/other"));
    auto named = story::registration();
    named.body = R"({"client_name":"other","redirect_uris":[")" + redirect + R"("]})";
    s.add(named);
    auto more = story::registration();
    more.body = R"({"scope":"x","client_name":"t","redirect_uris":[")" + redirect + R"("]})";
    s.add(more);
    conversation const c(s.events());
    auto const& all = c.registrations();
    BOOST_REQUIRE(all.size() == 5u);
    BOOST_TEST(all[0].asked == all[1].asked);
    BOOST_TEST(all[0].asked != all[2].asked);
    BOOST_TEST(all[0].asked != all[3].asked);
    BOOST_TEST(all[0].asked == all[4].asked);
}

BOOST_AUTO_TEST_CASE(know_tokens_from_the_answer_that_gave_them) {
    story s;
    s.add(story::redemption()).add(story::refresh("rt-1", "at-2", "rt-2"));
    conversation const c(s.events());
    BOOST_REQUIRE(c.tokens().size() == 2u);
    auto const& first = c.tokens()[0];
    BOOST_TEST(first.access == "at-1");
    BOOST_TEST(first.refresh == "rt-1");
    BOOST_TEST(first.client_id == "c");
    BOOST_TEST(first.lifetime == 3600);
    BOOST_TEST(!first.by_refresh);
    BOOST_TEST(first.received);
    BOOST_TEST(c.tokens()[1].by_refresh);
}

BOOST_AUTO_TEST_CASE(know_no_tokens_from_an_answer_that_failed_or_gave_none) {
    story s;
    s.add(refused(story::redemption(), 400, "invalid_grant"));
    s.add(with_answer(story::redemption(), R"({"token_type":"Bearer"})"));
    s.add(with_answer(story::redemption(), R"({"access_token":""})"));
    s.add(with_answer(story::redemption(), R"(["access_token"])"));
    BOOST_TEST(conversation(s.events()).tokens().empty());
}

BOOST_AUTO_TEST_CASE(know_no_lifetime_where_none_was_told_as_a_whole_number) {
    for (auto const* told : {"", R"(,"expires_in":"3600")", R"(,"expires_in":1.5)"}) {
        story s;
        s.add(with_answer(story::redemption(),
                          R"({"access_token":"at-1")" + std::string(told) + '}'));
        conversation const c(s.events());
        BOOST_REQUIRE(c.tokens().size() == 1u);
        BOOST_TEST(c.tokens().front().lifetime == -1, told);
    }
}

BOOST_AUTO_TEST_CASE(tell_tokens_that_never_arrived_from_those_that_did) {
    story s;
    auto lost = story::redemption();
    lost.cut = true;
    s.add(lost);
    BOOST_TEST(!conversation(s.events()).tokens().front().received);
}

BOOST_AUTO_TEST_CASE(find_a_token_by_its_text_and_nothing_by_another) {
    story s;
    s.add(story::redemption());
    conversation const c(s.events());
    BOOST_TEST(c.of_access("at-1") == &c.tokens()[0]);
    BOOST_TEST(c.of_refresh("rt-1") == &c.tokens()[0]);
    for (auto const* other : {"", "at-2", "rt-1"})
        BOOST_TEST(!c.of_access(other), other);
    for (auto const* other : {"", "rt-2", "at-1"})
        BOOST_TEST(!c.of_refresh(other), other);
}

// A server that does not rotate gives the same refresh token with each answer.
BOOST_AUTO_TEST_CASE(find_the_first_answer_that_gave_a_token) {
    story s;
    s.add(story::redemption()).add(story::refresh("rt-1", "at-2", "rt-1"));
    conversation const c(s.events());
    BOOST_TEST(c.of_refresh("rt-1") == &c.tokens()[0]);
    BOOST_TEST(c.of_access("at-2") == &c.tokens()[1]);
}

BOOST_AUTO_TEST_CASE(find_no_refresh_token_where_none_came_with_the_access_token) {
    story s;
    s.add(story::refresh("rt-1", "at-2", ""));
    conversation const c(s.events());
    BOOST_TEST(c.tokens().front().refresh == "");
    BOOST_TEST(!c.of_refresh(""));
}

BOOST_AUTO_TEST_CASE(know_a_login_that_comes_back_at_once) {
    story s;
    s.login();
    conversation const c(s.events());
    BOOST_REQUIRE(c.logins().size() == 1u);
    auto const& l = c.logins().front();
    BOOST_TEST(l.code == "code-1");
    BOOST_TEST(l.client_id == "c");
    BOOST_TEST(l.back == l.at);
    BOOST_TEST(c.of_code("code-1") == &l);
    BOOST_TEST(!c.of_code("code-2"));
}

BOOST_AUTO_TEST_CASE(know_a_login_whose_page_is_still_open) {
    story s;
    s.add(page_is_shown("s"));
    conversation const c(s.events());
    BOOST_REQUIRE(c.logins().size() == 1u);
    BOOST_TEST(!c.logins().front().back);
    BOOST_TEST(!c.of_code(""));
}

BOOST_AUTO_TEST_CASE(give_the_answer_of_the_page_to_the_login_of_its_state) {
    story s;
    s.add(page_is_shown("one")).add(page_is_shown("two"));
    s.add(page_posts(redirect + "?code=code-1&state=one"));
    conversation const c(s.events());
    BOOST_REQUIRE(c.logins().size() == 2u);
    BOOST_TEST(c.logins()[0].code == "code-1");
    BOOST_TEST(c.logins()[0].back->seq() == 3u);
    BOOST_TEST(!c.logins()[1].back);
}

// The page was loaded twice: what is posted belongs to what is on the screen.
BOOST_AUTO_TEST_CASE(give_the_answer_to_the_last_of_several_logins_of_one_state) {
    story s;
    s.add(page_is_shown("one")).add(page_is_shown("one"));
    s.add(page_posts(redirect + "?code=code-1&state=one"));
    s.add(page_posts(redirect + "?code=code-2&state=one"));
    conversation const c(s.events());
    BOOST_TEST(c.logins()[1].code == "code-1");
    BOOST_TEST(c.logins()[0].code == "code-2");
}

BOOST_AUTO_TEST_CASE(give_an_answer_without_a_state_to_a_login_without_one) {
    story s;
    s.add(page_is_shown("")).add(page_is_shown("two"));
    s.add(page_posts(redirect + "?code=code-1"));
    conversation const c(s.events());
    BOOST_TEST(c.logins()[0].code == "code-1");
    BOOST_TEST(!c.logins()[1].back);
}

BOOST_AUTO_TEST_CASE(end_a_login_by_an_error_that_goes_back_and_without_a_code) {
    story s;
    s.add(page_is_shown("one"));
    s.add(page_posts(redirect + "?error=access_denied&state=one"));
    conversation const c(s.events());
    BOOST_TEST(c.logins().front().back);
    BOOST_TEST(c.logins().front().code == "");
    BOOST_TEST(!c.of_code(""));
}

// Of the broker: the upstream server leads to /callback, which leads to the client.
BOOST_AUTO_TEST_CASE(end_a_login_at_the_callback_of_the_broker_too) {
    story s;
    s.add(page_is_shown("one"));
    auto back = page_posts(redirect + "?code=code-1&state=one", "callback");
    back.method = "GET";
    s.add(back);
    conversation const c(s.events());
    BOOST_REQUIRE(c.logins().size() == 1u);
    BOOST_TEST(c.logins().front().code == "code-1");
}

BOOST_AUTO_TEST_CASE(leave_a_login_open_when_the_page_is_shown_again_or_leads_elsewhere) {
    story s;
    s.add(page_is_shown("one"));
    s.add(at("authorize", "POST"));
    s.add(page_posts("http://localhost:9100/login?state=one"));
    conversation const c(s.events());
    BOOST_REQUIRE(c.logins().size() == 1u);
    BOOST_TEST(!c.logins().front().back);
}

BOOST_AUTO_TEST_CASE(have_no_login_where_an_answer_comes_back_to_none) {
    story s;
    s.add(page_posts(redirect + "?code=code-1&state=one"));
    BOOST_TEST(conversation(s.events()).logins().empty());
}

BOOST_AUTO_TEST_CASE(name_the_client_of_a_token_request_by_its_body_before_all) {
    BOOST_TEST(client_named_by({{"Authorization", basic("other:x")}}, "client_id=c") == "c");
}

// RFC 6749 §2.3.1: identifier and password are encoded as in a form.
BOOST_AUTO_TEST_CASE(name_the_client_of_a_token_request_by_basic) {
    BOOST_TEST(client_named_by({{"Authorization", basic("c:x")}}, "a=b") == "c");
    BOOST_TEST(client_named_by({{"authorization", "basic" + basic("c:x").substr(5)}}, "") == "c");
    BOOST_TEST(client_named_by({{"Authorization", basic("a+b%3Ac:x")}}, "") == "a b:c");
}

BOOST_AUTO_TEST_CASE(name_the_client_as_the_server_found_it_out_where_the_request_names_none) {
    BOOST_TEST(client_named_by({}, "a=b") == "found-out");
    for (auto const& value : {std::string("Basic !!"), basic(":x"), basic("%zz:x"),
                              "Bearer " + tollgate::to_base64("c:x")})
        BOOST_TEST(client_named_by({{"Authorization", value}}, "") == "found-out", value);
    BOOST_TEST(client_named_by({}, "client_id=a&client_id=b") == "found-out");
}

BOOST_AUTO_TEST_SUITE_END()
