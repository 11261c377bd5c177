// Predicates that one kind of scenario needs: assertions, another authorization server, streams
// that end, and what messages say.
#include "control/expectations/client_message.hpp"
#include "control/expectations/judging.hpp"
#include "control/verdict/exchanges.hpp"

using namespace test;

namespace {

std::string const alive = R"("assertion":{"of":{"endpoint":"token"},"is":"alive"})";
std::string const is_signed = R"("assertion":{"of":{"endpoint":"token"},"is":"signed"})";

// A token request with an assertion of these claims. Stories begin at 1,800,000,000; its first
// exchange comes a second later.
exchange asserting(std::string const& claims) {
    exchange x;
    x.endpoint = "token";
    x.sent = {{"Content-Type", "application/x-www-form-urlencoded"}};
    x.body = story::encoded({{"assertion", "e30." + tollgate::base64url(claims) + ".sig"}});
    return x;
}
story asserted(std::string const& claims) {
    story s;
    return s.add(asserting(claims));
}
story forged(std::string const& claims) {
    story s;
    return s.add(refused(asserting(claims), 400, "invalid_grant"));
}

std::string as_change(std::string const& what) {
    return R"("as_change":{"what":")" + what + R"("})";
}

// Registered at the first server, and told of the second.
story moved() {
    story s;
    s.add(story::registration());
    s.host = "localhost:9200";
    return s;
}

std::string retry(std::string const& limits) {
    return R"("stream_retry":{"of":{"mcp_method":"tools/call"})" + limits + '}';
}
exchange listening() {
    exchange x;
    x.endpoint = "mcp";
    x.method = "GET";
    return x;
}
// A call whose stream ends so, and a GET that comes `gap` after that.
story came_back(std::chrono::milliseconds gap, std::string const& outcome = "ended") {
    story s;
    s.add(story::call());
    s.note(control::event_type::stream, outcome, 1);
    return s.add(listening(), gap);
}

story posted(std::string const& message, pairs headers = {}) {
    story s;
    return s.add(story::rpc(message, "at-1", std::move(headers)));
}

std::string const any_mcp = R"("of":{"endpoint":"mcp"})";
std::string const of_revision = R"("of_revision":{)" + any_mcp + '}';

}  // namespace

BOOST_AUTO_TEST_SUITE(predicates_of_assertions)

BOOST_AUTO_TEST_CASE(are_broken_by_one_that_is_over_when_it_comes) {
    BOOST_TEST(answer_to(alive, asserted(R"({"exp":1800000002})")) == holds_by(1));
    BOOST_TEST(answer_to(alive, asserted(R"({"exp":1800000001})")) == broken_by(1));
    BOOST_TEST(answer_to(alive, asserted(R"({"exp":1})")) == broken_by(1));
}

// RFC 7519 §2: a NumericDate may have a fraction.
BOOST_AUTO_TEST_CASE(read_a_date_with_a_fraction) {
    BOOST_TEST(answer_to(alive, asserted(R"({"exp":1800000300.5})")) == holds_by(1));
    BOOST_TEST(answer_to(alive, asserted(R"({"exp":1.8000003e9})")) == holds_by(1));
    BOOST_TEST(answer_to(alive, asserted(R"({"exp":1799999999.5})")) == broken_by(1));
}

BOOST_AUTO_TEST_CASE(hold_where_no_date_can_be_read) {
    for (auto const* claims : {"{}", R"({"exp":"soon"})", R"({"exp":null})", "7"})
        BOOST_TEST(answer_to(alive, asserted(claims)) == holds_by(1), claims);
}

BOOST_AUTO_TEST_CASE(are_not_reached_without_an_assertion) {
    story s;
    s.add(story::redemption());
    BOOST_TEST(answer_to(alive, s, client_is::done) == not_reached);
}

// Nothing but the signature is left to be wrong.
BOOST_AUTO_TEST_CASE(are_broken_by_one_that_is_refused_although_its_date_and_audience_are_right) {
    for (auto const* aud : {"http://localhost:9100", "https://localhost:9100/token"})
        BOOST_TEST(answer_to(is_signed, forged(R"({"exp":1900000000,"aud":")" + std::string(aud) +
                                               R"("})")) == broken_by(1),
                   aud);
}

BOOST_AUTO_TEST_CASE(hold_for_one_that_is_refused_for_its_date_or_its_audience) {
    BOOST_TEST(answer_to(is_signed, forged(R"({"exp":1,"aud":"http://localhost:9100"})")) ==
               holds_by(1));
    for (auto const* aud : {"http://localhost:9101", "localhost:9100", "http://localhost:9100/mcp"})
        BOOST_TEST(
            answer_to(is_signed, forged(R"({"aud":")" + std::string(aud) + R"("})")) == holds_by(1),
            aud);
}

// RFC 7519 §4.1.3: the audience is one text or a list of them.
BOOST_AUTO_TEST_CASE(look_for_the_server_in_a_list_of_audiences) {
    BOOST_TEST(
        answer_to(is_signed, forged(R"({"aud":["http://other","http://localhost:9100"]})")) ==
        broken_by(1));
    BOOST_TEST(answer_to(is_signed, forged(R"({"aud":["http://other"]})")) == holds_by(1));
    BOOST_TEST(answer_to(is_signed, forged(R"({"aud":[]})")) == holds_by(1));
}

BOOST_AUTO_TEST_CASE(hold_for_one_that_was_taken_or_refused_with_another_error) {
    BOOST_TEST(answer_to(is_signed, asserted(R"({"aud":"http://localhost:9100"})")) == holds_by(1));
    story s;
    s.add(refused(asserting(R"({"aud":"http://localhost:9100"})"), 400, "invalid_scope"));
    BOOST_TEST(answer_to(is_signed, s) == holds_by(1));
}

// It is refused because it has been used.
BOOST_AUTO_TEST_CASE(do_not_judge_one_again_that_comes_back) {
    auto const claims = R"({"aud":"http://localhost:9100"})";
    story s;
    s.add(asserting(claims)).add(refused(asserting(claims), 400, "invalid_grant"));
    BOOST_TEST(answer_to(is_signed, s) == holds_by(2));
}

BOOST_AUTO_TEST_CASE(are_refused_without_a_quality_or_with_another) {
    BOOST_TEST(mistake_in(R"("assertion":{"of":{"endpoint":"token"}})") ==
               "/assertion/is: is missing; expected alive or signed");
    BOOST_TEST(mistake_in(R"("assertion":{"of":{"endpoint":"token"},"is":"good"})") ==
               R"(/assertion/is: expected one of "alive", "signed")");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(predicates_of_another_server)

BOOST_AUTO_TEST_CASE(hold_when_the_client_registers_there_too) {
    auto s = moved();
    BOOST_TEST(answer_to(as_change("registered"), s, client_is::done) == not_reached);
    s.add(refused(story::registration(), 400, "invalid_redirect_uri"));
    BOOST_TEST(answer_to(as_change("registered"), s, client_is::done) == not_reached);
    BOOST_TEST(answer_to(as_change("registered"), s.add(story::registration())) == holds_by(3));
}

BOOST_AUTO_TEST_CASE(do_not_take_a_second_registration_at_the_first_for_one_at_another) {
    story s;
    s.add(story::registration()).add(story::registration());
    BOOST_TEST(answer_to(as_change("registered"), s, client_is::done) == not_reached);
}

BOOST_AUTO_TEST_CASE(are_broken_by_a_client_id_of_the_first_at_the_second) {
    auto s = moved();
    BOOST_TEST(answer_to(as_change("kept_apart"), s.login()) == broken_by(2));
    auto t = moved();
    BOOST_TEST(answer_to(as_change("kept_apart"), t.add(story::redemption())) == broken_by(2));
}

BOOST_AUTO_TEST_CASE(hold_when_the_client_has_another_id_there) {
    auto s = moved();
    auto again = story::registration();
    again.answer = R"({"client_id":"another"})";
    s.add(again).login("code-1", {{"client_id", "another"}});
    BOOST_TEST(answer_to(as_change("kept_apart"), s) == waits(2));
    BOOST_TEST(answer_to(as_change("kept_apart"), s, client_is::silent) == holds_by(2));
}

BOOST_AUTO_TEST_CASE(may_use_the_id_of_the_first_at_the_first) {
    story s;
    s.add(story::registration()).login().add(story::redemption());
    BOOST_TEST(answer_to(as_change("kept_apart"), s, client_is::done) == holds_by(0));
    BOOST_TEST(answer_to(as_change("kept_apart"), story(), client_is::done) == not_reached);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(predicates_of_streams_that_end)

BOOST_AUTO_TEST_CASE(want_a_client_back_neither_earlier_nor_later_than_it_was_told) {
    auto const p = retry(R"(,"least_ms":450,"most_ms":900)");
    BOOST_TEST(answer_to(p, came_back(449ms)) == broken_by(3));
    BOOST_TEST(answer_to(p, came_back(450ms)) == holds_by(3));
    BOOST_TEST(answer_to(p, came_back(900ms)) == holds_by(3));
    BOOST_TEST(answer_to(p, came_back(901ms)) == broken_by(3));
}

BOOST_AUTO_TEST_CASE(take_a_stream_that_was_cut_for_one_that_ended_and_an_open_one_for_none) {
    auto const p = retry(R"(,"least_ms":450)");
    BOOST_TEST(answer_to(p, came_back(500ms, "cut")) == holds_by(3));
    BOOST_TEST(answer_to(p, came_back(500ms, "opened"), client_is::done) == not_reached);
}

BOOST_AUTO_TEST_CASE(blame_nobody_for_not_coming_back) {
    story s;
    s.add(story::call()).note(control::event_type::stream, "ended", 1);
    BOOST_TEST(answer_to(retry(""), s) == waits(2));
    BOOST_TEST(answer_to(retry(""), s, client_is::done) == not_reached);
}

BOOST_AUTO_TEST_CASE(leave_the_ends_of_other_streams_alone) {
    story s;
    s.add(listening()).note(control::event_type::stream, "ended", 1).add(listening());
    BOOST_TEST(answer_to(retry(""), s, client_is::done) == not_reached);
}

BOOST_AUTO_TEST_CASE(leave_a_stream_alone_that_was_opened_before_the_end) {
    story s;
    s.add(story::call()).note(control::event_type::stream, "ended", 1);
    s.add(listening(), -500ms);
    BOOST_TEST(answer_to(retry(R"(,"least_ms":450)"), s) == waits(2));
}

BOOST_AUTO_TEST_CASE(are_refused_where_no_time_fits_both_limits) {
    BOOST_TEST(mistake_in(retry(R"(,"least_ms":2,"most_ms":1)")) ==
               "/stream_retry/most_ms: is less than least_ms: no time fits both");
    BOOST_TEST(mistake_in(retry(R"(,"least_ms":3600001)")) ==
               "/stream_retry/least_ms: expected a whole number from 0 to 3600000");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(predicates_of_messages)

BOOST_AUTO_TEST_CASE(tell_all_types_of_json_apart) {
    auto const body = R"({"s":"x","b":true,"o":{},"a":[],"n":1.5,"z":null})";
    auto const names = std::to_array<std::pair<std::string, std::string>>({{"s", "string"},
                                                                           {"b", "boolean"},
                                                                           {"o", "object"},
                                                                           {"a", "array"},
                                                                           {"n", "number"},
                                                                           {"z", "null"}});
    for (auto const& [member, own] : names)
        for (auto const& [other, type] : names) {
            auto const got = answer_to(
                R"("typed":{)" + any_mcp + R"(,"members":{")" + member + R"(":")" + type + R"("}})",
                posted(body));
            BOOST_TEST(got == (own == type ? holds_by(1) : broken_by(1)), member << " " << type);
        }
}

// Null is something, and a question mark is about what is not there.
BOOST_AUTO_TEST_CASE(take_null_for_no_member_that_may_be_missing) {
    auto const p = R"("typed":{)" + any_mcp + R"(,"members":{"a/b":"string?"}})";
    BOOST_TEST(answer_to(p, posted(R"({"a":{}})")) == holds_by(1));
    BOOST_TEST(answer_to(p, posted(R"({"a":{"b":null}})")) == broken_by(1));
}

BOOST_AUTO_TEST_CASE(refuse_types_that_are_no_text) {
    for (auto const* type : {"7", "null", R"(["string"])", "{}"})
        BOOST_TEST(mistake_in(R"("typed":{)" + any_mcp + R"(,"members":{"a":)" + type + "}}") ==
                       "/typed/members: expected texts",
                   type);
    BOOST_TEST(mistake_in(R"("param_headers":{)" + any_mcp + R"(,"headers":{"A":1}})") ==
               "/param_headers/headers: expected texts");
}

BOOST_AUTO_TEST_CASE(compare_two_members_of_one_event_and_two_that_are_missing) {
    auto const p = R"("equals":{)" + any_mcp + R"(,"member":"body.a","to":"body.b"})";
    BOOST_TEST(answer_to(p, posted(R"({"a":1,"b":"1"})")) == holds_by(1));
    BOOST_TEST(answer_to(p, posted(R"({"a":1,"b":2})")) == broken_by(1));
    BOOST_TEST(answer_to(p, posted(R"({"a":1})")) == broken_by(1));
    BOOST_TEST(answer_to(p, posted("{}")) == holds_by(1));
}

BOOST_AUTO_TEST_CASE(hold_a_message_to_the_revision_of_its_header_or_of_its_meta) {
    auto const bare = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
    BOOST_TEST(answer_to(of_revision, posted(bare)) == holds_by(1));
    BOOST_TEST(answer_to(of_revision, posted(bare, {{"MCP-Protocol-Version", "2026-07-28"}})) ==
               broken_by(1));
    story by_meta;
    by_meta.add(without_header(
        story::rpc(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":)"
                   R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})"),
        "MCP-Protocol-Version"));
    BOOST_TEST(answer_to(of_revision, by_meta) == broken_by(1));
}

BOOST_AUTO_TEST_CASE(take_a_body_that_is_no_json_for_no_message) {
    BOOST_TEST(answer_to(of_revision, posted("")) == holds_by(1));
    BOOST_TEST(answer_to(of_revision, posted("7")) == broken_by(1));
}

// MCP 2025-03-26 alone has batches; who names no revision or an unknown one is taken to speak it.
BOOST_AUTO_TEST_CASE(allow_a_batch_where_the_revision_has_them_or_is_unknown) {
    auto const batch = boost::json::parse(R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])");
    for (auto const* revision : {"", "2025-03-26", "2025-04-01", "draft", "9999-99-99"})
        BOOST_TEST(!control::flaw_of_client_message(batch, revision), revision);
    for (auto const* revision : {"2024-11-05", "2025-06-18", "2025-11-25", "2026-07-28"})
        BOOST_TEST(control::flaw_of_client_message(batch, revision).value_or("") ==
                       "the revision has no batches",
                   revision);
}

BOOST_AUTO_TEST_CASE(want_headers_that_say_what_a_resource_request_says) {
    auto const p = R"("standard_headers":{)" + any_mcp + '}';
    auto const reading = [&](pairs headers) {
        return answer_to(p, posted(R"({"method":"resources/read","params":{"uri":"file:///a"}})",
                                   std::move(headers)));
    };
    BOOST_TEST(reading({{"Mcp-Method", "resources/read"}, {"Mcp-Name", "file:///a"}}) ==
               holds_by(1));
    BOOST_TEST(reading({{"Mcp-Method", "resources/read"}, {"Mcp-Name", "a"}}) == broken_by(1));
    BOOST_TEST(reading({{"Mcp-Name", "file:///a"}}) == broken_by(1));
    auto const listing = R"({"method":"tools/list"})";
    BOOST_TEST(answer_to(p, posted(listing, {{"Mcp-Method", "tools/list"}})) == holds_by(1));
    BOOST_TEST(answer_to(p, posted(listing)) == broken_by(1));
}

BOOST_AUTO_TEST_CASE(want_one_header_of_a_parameter_whatever_it_is) {
    auto const p = R"("param_headers":{)" + any_mcp + R"(,"any":true})";
    BOOST_TEST(answer_to(p, posted("{}", {{"mcp-param-a", ""}})) == holds_by(1));
    BOOST_TEST(answer_to(p, posted("{}")) == broken_by(1));
    BOOST_TEST(answer_to(p, posted("{}", {{"Mcp-Param-", "x"}})) == broken_by(1));
}

BOOST_AUTO_TEST_SUITE_END()
