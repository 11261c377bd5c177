// Rules about tokens, MCP and trying again, at their edges; and sessions as the journal tells them.
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "control/verdict/exchanges.hpp"
#include "control/verdict/rule.hpp"
#include "control/verdict/sessions.hpp"

using namespace test;
using namespace tollgate::control;

namespace {

using enum finding_status;

finding judged(std::string_view id, story const& s) {
    conversation const c(s.events());
    auto const at = std::ranges::find(all_rules(), id, &rule::id);
    BOOST_REQUIRE(at != all_rules().end());
    return judge_rule(*at, c);
}

exchange at(std::string endpoint, std::string target = "", pairs sent = {}) {
    exchange x;
    x.endpoint = std::move(endpoint);
    x.method = "GET";
    x.target = std::move(target);
    x.sent = std::move(sent);
    return x;
}

// After a login that was good, one more exchange.
finding after_login(std::string_view id, exchange x) {
    story s;
    return judged(id, s.good().add(std::move(x)));
}

story refreshed(std::chrono::milliseconds takes = 10ms) {
    story s;
    auto x = story::refresh("rt-1", "at-2", "rt-2");
    x.takes = takes;
    return s.good().add(x);
}

exchange with_lifetime(exchange x, std::string const& seconds) {
    x.answer.replace(x.answer.find("3600"), 4, seconds);
    return x;
}

// `times` refreshes in a row, each a second after the last, of tokens of that lifetime.
finding_status refreshed_often(int times, std::string const& lifetime, int refused_at = 0) {
    story s;
    s.add(with_lifetime(story::redemption(), lifetime));
    for (int i = 1; i <= times; ++i) {
        auto const n = std::to_string(i), m = std::to_string(i + 1);
        auto call = story::call("at-" + n);
        s.add(i == refused_at ? refused(call, 401, "invalid_token") : call);
        s.add(with_lifetime(story::refresh("rt-" + n, "at-" + m, "rt-" + m), lifetime));
    }
    return judged("refresh.when_needed", s).status;
}

exchange in_session(std::string const& message, std::string const& version = "2025-11-25") {
    return story::rpc(message, "at-1", {{"MCP-Protocol-Version", version}});
}
std::string request(std::string const& method, std::string const& id = "1") {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"("})";
}

// A session of that revision in which `x` is all that comes.
finding in_session_of(std::string const& revision, std::string_view id, exchange x) {
    story s;
    s.add(story::initialize(revision)).add(story::initialized());
    return judged(id, s.add(std::move(x)));
}

finding_status many(std::string_view id, exchange const& x, int times,
                    std::chrono::milliseconds gap) {
    story s;
    for (int i = 0; i < times; ++i)
        s.add(x, gap);
    return judged(id, s).status;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verdict_rules_of_tokens)

BOOST_AUTO_TEST_CASE(find_a_token_in_a_url_under_any_name_and_in_a_referer) {
    for (auto const* target : {"/mcp?x=at-1", "/mcp?y=rt-1", "/mcp?access_token=anything"})
        BOOST_TEST((after_login("token.in_url", at("mcp", target)).status == fail), target);
    pairs const referer{{"Referer", "http://localhost/?t=at-1&x=y"}};
    BOOST_TEST((after_login("token.in_url", at("jwks", "", referer)).status == fail));
    for (auto const* target : {"/mcp?x=at-2", "/mcp?x=xat-1", "/mcp"})
        BOOST_TEST((after_login("token.in_url", at("mcp", target)).status == pass), target);
}

BOOST_AUTO_TEST_CASE(let_an_access_token_go_where_it_is_for_and_nowhere_else) {
    pairs const bearer{{"Authorization", "DPoP at-1"}};
    for (auto const* endpoint : {"mcp", "sse", "messages", "userinfo", "anything"})
        BOOST_TEST((after_login("token.endpoint", at(endpoint, "", bearer)).status == pass),
                   endpoint);
    for (auto const* endpoint : {"as_metadata", "register", "token", "jwks"})
        BOOST_TEST((after_login("token.endpoint", at(endpoint, "", bearer)).status == warning),
                   endpoint);
    story unknown;
    unknown.add(at("jwks", "", bearer));
    BOOST_TEST((judged("token.endpoint", unknown).status == not_reached));
}

BOOST_AUTO_TEST_CASE(want_no_token_in_a_session_whose_last_one_was_refused) {
    story s;
    s.good().add(refused(story::call(), 401, "invalid_token")).add(story::call(""));
    BOOST_TEST((judged("token.every_request", s).status == pass));
    s.add(story::call()).add(story::call(""));
    BOOST_TEST(judged("token.every_request", s).event == 10u);
}

BOOST_AUTO_TEST_CASE(want_no_token_of_one_session_in_another) {
    auto other = with_header(story::call(""), "Mcp-Session-Id", "session-two");
    BOOST_TEST((after_login("token.every_request", other).status == pass));
}

// What was under way when the answer came was sent before it was read.
BOOST_AUTO_TEST_CASE(let_the_old_token_be_used_for_a_quarter_of_a_second_and_once_more) {
    auto soon = refreshed();
    soon.add(story::call(), 260ms).add(story::call(), 0ms).add(story::call(), 1s);
    BOOST_TEST((judged("token.new_one_used", soon).status == pass));
    soon.add(story::call(), 1s);
    auto const f = judged("token.new_one_used", soon);
    BOOST_TEST((f.status == warning));
    BOOST_TEST(f.event == 11u);
}

BOOST_AUTO_TEST_CASE(want_no_token_used_that_never_arrived) {
    story s;
    auto lost = story::refresh("rt-1", "at-2", "rt-2");
    lost.cut = true;
    s.good().add(lost).add(story::call()).add(story::call());
    BOOST_TEST((judged("token.new_one_used", s).status == not_reached));
}

BOOST_AUTO_TEST_CASE(forgive_what_comes_after_the_new_token_was_used_once) {
    auto s = refreshed();
    s.add(story::call("at-2")).add(story::call()).add(story::call());
    BOOST_TEST((judged("token.new_one_used", s).status == pass));
}

BOOST_AUTO_TEST_CASE(call_three_early_refreshes_in_a_row_too_many) {
    BOOST_TEST((refreshed_often(3, "3600") == warning));
    BOOST_TEST((refreshed_often(2, "3600") == pass));
}

// Five minutes are the widest margin that clients use.
BOOST_AUTO_TEST_CASE(call_no_refresh_early_within_five_minutes_of_the_end) {
    BOOST_TEST((refreshed_often(3, "300") == pass));
    BOOST_TEST((refreshed_often(3, "301") == pass));
    BOOST_TEST((refreshed_often(3, "303") == warning));
}

BOOST_AUTO_TEST_CASE(begin_to_count_anew_where_a_token_was_refused) {
    BOOST_TEST((refreshed_often(3, "3600", 2) == pass));
    BOOST_TEST((refreshed_often(5, "3600", 2) == warning));
}

BOOST_AUTO_TEST_CASE(judge_the_owner_of_no_refresh_token_that_nobody_issued) {
    story s;
    s.add(story::refresh("rt-9", "at-2", "rt-2", {{"client_id", "another"}}));
    BOOST_TEST((judged("refresh.own_client", s).status == not_reached));
}

BOOST_AUTO_TEST_CASE(let_a_refresh_token_that_was_given_again_be_used_again) {
    story s;
    s.good().add(story::refresh("rt-1", "at-2", "rt-1")).add(story::refresh("rt-1", "at-3", ""));
    s.add(story::refresh("rt-1", "at-4", "rt-1"));
    BOOST_TEST((judged("refresh.newest", s).status == pass));
}

BOOST_AUTO_TEST_CASE(let_an_old_refresh_token_come_that_was_under_way) {
    for (auto const gap : {260ms, 261ms}) {
        auto s = refreshed();
        s.add(story::refresh("rt-1", "at-3", "rt-3"), gap);
        BOOST_TEST((judged("refresh.newest", s).status == (gap == 260ms ? pass : fail)));
    }
}

BOOST_AUTO_TEST_CASE(call_refreshes_parallel_until_a_quarter_of_a_second_after_the_answer) {
    for (auto const gap : {750ms, 751ms}) {
        auto s = refreshed(500ms);
        s.add(story::refresh("rt-1", "at-3", "rt-3"), gap);
        BOOST_TEST((judged("refresh.once", s).status == (gap == 750ms ? warning : pass)));
    }
}

BOOST_AUTO_TEST_CASE(let_a_refresh_be_tried_again_at_once_that_was_lost_or_faulted) {
    for (bool const cut : {true, false}) {
        auto first = story::refresh("rt-1", "at-2", "rt-2");
        first.cut = cut;
        if (!cut) first = refused(first, 503, "temporarily_unavailable");
        if (!cut) first.faults = {"token.unavailable"};
        story s;
        s.good().add(first).add(story::refresh("rt-1", "at-3", "rt-3"), 100ms);
        BOOST_TEST((judged("refresh.once", s).status == pass));
    }
}

BOOST_AUTO_TEST_CASE(name_the_secret_that_went_astray_and_where_it_went) {
    auto const told = [](exchange x) { return after_login("secret.endpoint", std::move(x)).text; };
    BOOST_TEST(told(at("jwks", "/jwks?a=code-1"))
                   .starts_with("An authorization code was sent to "
                                "/jwks (from "));
    BOOST_TEST(told(at("jwks", "/jwks?a=" + verifier)).starts_with("A code verifier was sent to"));
    BOOST_TEST(told(at("mcp", "", {{"Authorization", "Bearer rt-1"}}))
                   .starts_with("A refresh token was sent to /mcp"));
    BOOST_TEST(told(story::rpc(R"({"token":"rt-1"})")).starts_with("A refresh token was sent to"));
}

BOOST_AUTO_TEST_CASE(let_secrets_go_where_they_are_for) {
    for (auto const* endpoint : {"token", "revoke", "introspect", "test_page", "test_page_login"})
        BOOST_TEST(
            (after_login("secret.endpoint", at(endpoint, "/x?a=rt-1&b=code-1")).status == pass),
            endpoint);
    // The challenge of method plain is the verifier.
    auto const login = "/authorize?client_id=c&code_challenge=" + verifier;
    BOOST_TEST((after_login("secret.endpoint", at("authorize", login)).status == pass));
}

BOOST_AUTO_TEST_CASE(compare_no_proof_of_dpop_that_cannot_be_read) {
    for (std::string const text : {"x", "e30.!!.sig", "e30.e30.sig", "e30.W10.sig"}) {
        auto const x = with_header(story::call(), "DPoP", text);
        BOOST_TEST((many("dpop.jti", x, 2, 1s) == pass), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(verdict_rules_of_mcp)

BOOST_AUTO_TEST_CASE(let_a_session_be_pinged_listened_to_and_ended_before_it_is_initialized) {
    story s;
    s.add(story::initialize()).add(in_session(request("ping")));
    for (auto const* method : {"GET", "DELETE"}) {
        auto x = in_session("");
        x.method = method;
        s.add(x);
    }
    BOOST_TEST((judged("mcp.initialized", s).status == not_reached));
    s.add(in_session(request("tools/list")));
    BOOST_TEST(judged("mcp.initialized", s).event == 5u);
}

BOOST_AUTO_TEST_CASE(want_the_version_on_every_request_since_2025_06_18) {
    auto const bare = without_header(story::call(), "MCP-Protocol-Version");
    BOOST_TEST((in_session_of("2025-06-18", "mcp.version_header", bare).status == fail));
    BOOST_TEST((in_session_of("2025-03-26", "mcp.version_header", bare).status == not_reached));
    auto listening = bare;
    listening.method = "GET";
    BOOST_TEST((in_session_of("2025-11-25", "mcp.version_header", listening).status == fail));
}

// A header may hold any byte, and the sentence stands in JSON.
BOOST_AUTO_TEST_CASE(show_a_version_that_a_client_made_up_in_plain_characters) {
    auto const f = in_session_of("2025-11-25", "mcp.version_kept",
                                 in_session(request("tools/list"), "\xff" + std::string(99, 'x')));
    BOOST_TEST(f.text == "The session is of revision 2025-11-25, and a request of it said ?" +
                             std::string(39, 'x') + R"(... (from 127.0.0.1, "test").)");
}

BOOST_AUTO_TEST_CASE(want_the_headers_of_requests_of_the_newest_era_alone) {
    for (auto const* id : {"mcp.method_header", "mcp.name_header"}) {
        BOOST_TEST((after_login(id, story::call()).status == not_reached), id);
        story s;
        s.add(modern("tools/call", "echo", {}));
        BOOST_TEST((judged(id, s).status == fail), id);
    }
    story listing;
    listing.add(modern("tools/list", "x", {{"Mcp-Method", "tools/list"}}));
    BOOST_TEST((judged("mcp.method_header", listing).status == pass));
    BOOST_TEST((judged("mcp.name_header", listing).status == not_reached));
}

BOOST_AUTO_TEST_CASE(know_the_newest_era_by_the_meta_of_a_request_without_a_header) {
    auto x = modern("tools/list", "x", {});
    x.body = R"({"id":1,"method":"tools/list","params":{"_meta":)"
             R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})";
    story s;
    s.add(without_header(x, "MCP-Protocol-Version"));
    BOOST_TEST(judged("mcp.method_header", s).text ==
               R"(A request came without Mcp-Method (from 127.0.0.1, "test").)");
}

BOOST_AUTO_TEST_CASE(blame_no_cancellation_while_nothing_else_runs_or_of_another_session) {
    story idle;
    idle.good().add(cancelled("9"));
    BOOST_TEST((judged("mcp.cancelled", idle).status == pass));
    auto busy = cancelling(R"("7")");  // a text is another id than the number
    BOOST_TEST((judged("mcp.cancelled", busy).status == fail));
    story other;
    auto slow = story::call("at-1", 7);
    slow.takes = 10s;
    other.add(slow).add(with_header(cancelled("1"), "Mcp-Session-Id", "session-two"));
    BOOST_TEST((judged("mcp.cancelled", other).status == pass));
}

BOOST_AUTO_TEST_CASE(let_one_more_request_come_to_a_session_that_is_gone) {
    story s;
    s.good().add(refused(story::call(), 404, "session"));
    s.add(story::call(), 260ms).add(story::call(), 0ms).add(story::call(), 1s);
    auto goodbye = story::call();
    goodbye.method = "DELETE";
    s.add(goodbye);
    BOOST_TEST((judged("session.dead", s).status == pass));
    BOOST_TEST(judged("session.dead", s.add(story::call())).event == 12u);
}

BOOST_AUTO_TEST_CASE(know_a_session_by_its_id_its_revision_and_what_came_in_it) {
    story s;
    s.good().add(with_header(story::call(), "Mcp-Session-Id", "session-two"));
    auto const c = conversation(s.events());
    auto const all = sessions_of(c);
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST(all[0].id == "session-one");
    BOOST_TEST(all[0].revision == "2025-11-25");
    BOOST_TEST(all[0].later.size() == 2u);
}

BOOST_AUTO_TEST_CASE(know_no_session_from_an_initialize_that_failed_or_was_lost) {
    auto lost = story::initialize();
    lost.cut = true;
    auto error = story::initialize();
    error.answer = R"({"id":0,"error":{"code":-32602,"message":"no"}})";
    for (auto const& x : {lost, error, refused(story::initialize(), 400, "no")}) {
        story s;
        s.add(x);
        BOOST_TEST(sessions_of(conversation(s.events())).empty());
    }
}

BOOST_AUTO_TEST_CASE(give_what_comes_without_a_session_id_to_the_last_session_of_its_peer) {
    auto open = story::initialize();
    open.got.clear();
    auto const call = without_header(story::call(), "Mcp-Session-Id");
    story s;
    s.add(open).add(call).add(open).add(call).add(call);
    auto const c = conversation(s.events());
    auto const all = sessions_of(c);
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].later.size() == 1u);
    BOOST_TEST(all[1].later.size() == 2u);
}

BOOST_AUTO_TEST_CASE(read_the_revision_of_a_session_from_the_stream_that_answered) {
    auto open = story::initialize();
    open.answer = "";
    story s;
    s.add(open);
    auto events = s.events();
    for (auto const* data : {"no json", R"({"id":0,"result":{"protocolVersion":"2025-06-18"}})"}) {
        event e;
        e.seq = events.size() + 1;
        e.type = event_type::stream;
        e.of = 1;
        e.stream_data = data;
        events.push_back(std::make_shared<event const>(std::move(e)));
    }
    BOOST_TEST(sessions_of(conversation(s.events())).front().revision == "");
    BOOST_TEST(sessions_of(conversation(events)).front().revision == "2025-06-18");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(verdict_rules_of_storms)

BOOST_AUTO_TEST_CASE(count_what_comes_within_a_minute_its_last_moment_included) {
    BOOST_TEST((many("storm.register", story::registration(), 5, 1s) == pass));
    BOOST_TEST((many("storm.register", story::registration(), 6, 12s) == warning));
    BOOST_TEST((many("storm.register", story::registration(), 6, 12001ms) == pass));
}

BOOST_AUTO_TEST_CASE(count_refused_token_requests_alone) {
    auto const bad = refused(story::redemption(), 400, "invalid_grant");
    BOOST_TEST((many("storm.token", bad, 10, 1s) == pass));
    BOOST_TEST((many("storm.token", bad, 11, 1s) == warning));
    BOOST_TEST((many("storm.token", story::redemption(), 11, 1s) == pass));
}

BOOST_AUTO_TEST_CASE(forgive_refusals_of_mcp_between_which_one_request_was_taken) {
    story s;
    s.add(unwelcome()).add(unwelcome()).add(story::call()).add(unwelcome()).add(unwelcome());
    BOOST_TEST((judged("challenge.followed", s).status == pass));
    BOOST_TEST(judged("challenge.followed", s.add(unwelcome())).event == 6u);
}

BOOST_AUTO_TEST_SUITE_END()
