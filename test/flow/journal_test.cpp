// The journal of the whole program: every exchange in order, what came of it, and no secret.
#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"

namespace {

using namespace test;
namespace json = boost::json;

struct logged_in {
    program p{{"authorization_server.consent=auto"}};
    login client{p.mcp()};

    std::string control() const { return p.issuer() + "/control/"; }
    json::array events(std::string const& query = {}) const {
        return json_of(get(control() + "events" + query)).at("events").as_array();
    }
};

std::vector<std::string> of_member(json::array const& events, std::string_view name) {
    std::vector<std::string> all;
    for (auto const& e : events)
        if (auto const* v = e.as_object().if_contains(name)) all.emplace_back(v->as_string());
    return all;
}

bool has(std::vector<std::string> const& all, std::string_view one) {
    return std::ranges::find(all, one) != all.end();
}

BOOST_FIXTURE_TEST_SUITE(journal_flow, logged_in)

BOOST_AUTO_TEST_CASE(tells_a_login_from_the_first_request_to_the_tool_call_as_one_flow) {
    auto const session = open_session(p.mcp(), client.now.access);
    call_tool(p.mcp(), client.now.access, session, "echo", R"({"message":"hi"})");
    auto const all = events("?type=exchange");
    auto const endpoints = of_member(all, "endpoint");
    for (auto const* wanted : {"register", "authorize", "token", "mcp"})
        BOOST_TEST(has(endpoints, wanted), wanted);
    BOOST_TEST(has(of_member(all, "tool"), "echo"));
    // From the registration on it is known whose they are.
    auto const known = events("?client_id=" + client.client_id);
    auto const flows = of_member(known, "flow");
    BOOST_REQUIRE(!flows.empty());
    BOOST_TEST(std::ranges::all_of(flows, [&](auto const& f) { return f == flows.front(); }));
}

BOOST_AUTO_TEST_CASE(holds_no_token_no_code_and_no_verifier) {
    auto const session = open_session(p.mcp(), client.now.access);
    call_tool(p.mcp(), client.now.access, session, "echo", R"({"message":"hi"})");
    for (auto const* view :
         {"events", "transcript", "transcript?format=har", "transcript?format=mermaid"}) {
        auto const text = get(control() + view).body;
        BOOST_TEST(text.find(client.now.access) == std::string::npos, view);
        BOOST_TEST(text.find(client.now.refresh) == std::string::npos, view);
        BOOST_TEST(text.find(session) == std::string::npos, view);
        BOOST_TEST(text.size() > 100u, view);
    }
}

BOOST_AUTO_TEST_CASE(shows_where_one_token_goes_by_one_pseudonym) {
    open_session(p.mcp(), client.now.access);
    auto const text = get(control() + "events").body;
    auto const at = text.find("Bearer ~");
    BOOST_REQUIRE(at != std::string::npos);
    auto const pseudonym = text.substr(at + 7, 9);
    // In the answer of the token endpoint, too.
    BOOST_TEST(text.find("access_token\\\":\\\"" + pseudonym) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(makes_events_of_registration_login_refresh_session_and_revocation) {
    auto const session = open_session(p.mcp(), client.now.access);
    client.refresh();
    post_form(p.issuer() + "/revoke",
              {{"token", client.now.access}, {"client_id", client.client_id}});
    auto const types = of_member(events(), "type");
    for (auto const* wanted : {"registration", "login", "refresh", "session", "revocation"})
        BOOST_TEST(has(types, wanted), wanted);
}

BOOST_AUTO_TEST_CASE(tells_which_fault_acted) {
    post_json(control() + "faults", R"({"name":"token.unavailable","trigger":{"next":1}})");
    client.try_refresh(client.now.refresh);
    auto const faults = events("?type=fault");
    BOOST_REQUIRE(faults.size() == 1u);
    BOOST_TEST(text_of(faults[0], "outcome") == "token.unavailable");
    auto const number = faults[0].at("exchange").to_number<std::uint64_t>();
    auto const all = events("?type=exchange&endpoint=token");
    auto const& last = all.back();
    BOOST_TEST(last.at("seq").to_number<std::uint64_t>() == number);
    BOOST_TEST(last.at("faults").as_array().front().as_string() == "token.unavailable");
    BOOST_TEST(last.at("response").at("status").as_int64() == 503);
}

BOOST_AUTO_TEST_CASE(does_not_record_who_reads_it_and_records_who_changes_something) {
    auto const before = json_of(get(control() + "events")).at("next").to_number<std::uint64_t>();
    get(control() + "state");
    BOOST_TEST(json_of(get(control() + "events")).at("next").to_number<std::uint64_t>() == before);
    post_json(control() + "expires-in", R"({"seconds":5})");
    auto const types = of_member(events("?since=" + std::to_string(before)), "type");
    std::vector<std::string> const expected{"control"};
    BOOST_TEST((types == expected));
}

BOOST_AUTO_TEST_CASE(lets_a_reader_wait_for_what_it_wants) {
    auto const next = json_of(get(control() + "events")).at("next").to_number<std::uint64_t>();
    auto const waiting =
        open("GET", control() + "events?wait=30&type=refresh&since=" + std::to_string(next));
    get(p.issuer() + "/.well-known/oauth-authorization-server");
    client.refresh();
    auto const answer = waiting->read_reply();
    auto const got = json::parse(answer.body).at("events").as_array();
    BOOST_REQUIRE(got.size() == 1u);
    BOOST_TEST(text_of(got[0], "type") == "refresh");
    BOOST_TEST(text_of(got[0], "outcome") == "ok");
}

BOOST_AUTO_TEST_CASE(gives_an_empty_answer_when_nothing_came_in_time) {
    auto const next = json_of(get(control() + "events")).at("next").to_number<std::uint64_t>();
    auto const answer = json_of(get(control() + "events?wait=1&since=" + std::to_string(next)));
    BOOST_TEST(answer.at("events").as_array().empty());
    BOOST_TEST(answer.at("next").to_number<std::uint64_t>() == next);
}

BOOST_AUTO_TEST_CASE(refuses_what_it_does_not_know_with_the_nearest) {
    auto const type = get(control() + "events?type=refesh");
    BOOST_TEST(type.status == 400u);
    BOOST_TEST(type.body.find("refresh") != std::string::npos);
    BOOST_TEST(get(control() + "events?sinec=1").body.find("since") != std::string::npos);
    BOOST_TEST(get(control() + "events?since=x").status == 400u);
    BOOST_TEST(get(control() + "transcript?format=xml").status == 400u);
}

BOOST_AUTO_TEST_CASE(keeps_the_events_of_realms_apart) {
    post_json(control() + "realms", R"({"name":"alpha"})");
    get(p.issuer() + "/.well-known/oauth-authorization-server/r/alpha");
    auto const alpha = json_of(get(p.issuer() + "/r/alpha/control/events")).at("events").as_array();
    BOOST_TEST(alpha.size() == 1u);
    BOOST_TEST(text_of(alpha[0], "realm") == "alpha");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(journal_flow_can_be_switched_off) {
    program p({"journal.bytes=0"});
    get(p.issuer() + "/.well-known/oauth-authorization-server");
    BOOST_TEST(get(p.issuer() + "/control/events").status == 409u);
}

}  // namespace
