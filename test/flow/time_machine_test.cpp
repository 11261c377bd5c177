// The time machine through the whole program: a clock per realm, snapshots, forks.
#include <boost/json/serialize.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "http/message/caching.hpp"
#include "oauth/dpop/proof_maker.hpp"
#include "support/waiting.hpp"

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace json = boost::json;

auto const strategies = boost::unit_test::data::make({"introspection", "userinfo", "jwt", "local"});

std::vector<std::string> with_strategy(std::string const& strategy) {
    std::vector<std::string> sets{"validation.strategy=" + strategy};
    if (strategy == "jwt") sets.emplace_back("tokens.format=jwt");
    return sets;
}

json::value clock_of(std::string const& base, std::string const& change) {
    auto const a = post_json(base + "/control/clock", change);
    BOOST_REQUIRE_MESSAGE(a.status == 200u, a.body);
    return json_of(a);
}

std::string snapshot_of(program const& p, std::string const& realm) {
    auto const a = post_json(p.issuer() + "/control/realms/" + realm + "/snapshot", "");
    BOOST_REQUIRE_MESSAGE(a.status == 201u, a.body);
    return text_of(json_of(a), "id");
}

void restore(program const& p, std::string const& realm, std::string const& id) {
    auto const a = post_json(p.issuer() + "/control/realms/" + realm + "/restore",
                             R"({"id":")" + id + R"("})");
    BOOST_REQUIRE_MESSAGE(a.status == 204u, a.body);
}

json::array forks_of(program const& p, std::string const& realm, std::string const& names) {
    auto const a = post_json(p.issuer() + "/control/realms/" + realm + "/fork",
                             R"({"names":[)" + names + "]}");
    BOOST_REQUIRE_MESSAGE(a.status == 201u, a.body);
    return json_of(a).at("realms").as_array();
}

unsigned initialize(std::string const& mcp, std::string const& token) {
    return post_json(mcp, initialize_body(), bearer(token)).status;
}

// The same client elsewhere: in a fork of the realm that it logged in at.
login moved(login client, json::value const& realm) {
    client.mcp_url = text_of(realm, "mcp");
    client.issuer = text_of(realm, "issuer");
    return client;
}

std::chrono::seconds age_of(raw_reply const& r) {
    auto const date = tollgate::http::http_date(std::string_view(r.header("Date")));
    BOOST_REQUIRE(date);
    return std::chrono::round<std::chrono::seconds>(std::chrono::system_clock::now() - *date);
}

BOOST_AUTO_TEST_SUITE(time_machine_flow)

BOOST_DATA_TEST_CASE(eight_hours_later_the_token_is_dead_and_a_refresh_helps, strategies,
                     strategy) {
    program p(with_strategy(strategy));
    login client(p.mcp());
    BOOST_TEST(initialize(p.mcp(), client.now.access) == 200u);
    clock_of(p.issuer(), R"({"advance":"8h"})");
    BOOST_TEST(initialize(p.mcp(), client.now.access) == 401u);
    client.refresh();
    BOOST_TEST(initialize(p.mcp(), client.now.access) == 200u);
}

// One login, and a refresh token that lives thirty days from each of its uses.
BOOST_AUTO_TEST_CASE(a_month_of_token_life_takes_a_moment) {
    program p({"tokens.refresh_rotation=always"});
    login client(p.mcp());
    for (int day = 0; day < 60; ++day) {
        clock_of(p.mcp_origin(), R"({"advance":"1d"})");
        BOOST_TEST(initialize(p.mcp(), client.now.access) == 401u);
        client.refresh();
        BOOST_TEST(initialize(p.mcp(), client.now.access) == 200u);
    }
    clock_of(p.issuer(), R"({"advance":"31d"})");
    auto const late = client.try_refresh(client.now.refresh);
    BOOST_TEST(late.status == 400u);
    BOOST_TEST(text_of(json_of(late), "error") == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(a_clock_that_stands_still_ends_nothing) {
    program p({"tokens.access_ttl=1s"});
    clock_of(p.issuer(), R"({"freeze":true})");
    login const client(p.mcp());
    outlive(1100ms);
    BOOST_TEST(initialize(p.mcp(), client.now.access) == 200u);
    clock_of(p.issuer(), R"({"advance":"1s"})");
    BOOST_TEST(initialize(p.mcp(), client.now.access) == 401u);
    login const other(p.mcp());
    clock_of(p.issuer(), R"({"freeze":false})");
    BOOST_TEST(eventually([&] { return initialize(p.mcp(), other.now.access) == 401u; }));
}

BOOST_AUTO_TEST_CASE(answers_are_dated_by_the_clock_of_their_realm_and_no_other,
                     *needs_one_program("nginx dates answers itself")) {
    program p;
    BOOST_TEST(std::abs(age_of(get(p.issuer() + "/control/clock")).count()) <= 2);
    clock_of(p.issuer(), R"({"skew":"-90s"})");
    for (auto const& url :
         {p.issuer() + "/.well-known/oauth-authorization-server",
          p.issuer() + "/.well-known/jwks.json", p.issuer() + "/nothing", p.mcp()})
        BOOST_TEST(std::abs(age_of(get(url)).count() - 90) <= 2);
    post_json(p.issuer() + "/control/realms", R"({"name":"alpha"})");
    BOOST_TEST(std::abs(age_of(get(p.issuer() + "/r/alpha/control/clock")).count()) <= 2);
    post_json(p.issuer() + "/control/reset", "");
    BOOST_TEST(std::abs(age_of(get(p.issuer() + "/control/clock")).count()) <= 2);
}

BOOST_AUTO_TEST_CASE(old_keys_leave_the_key_set_when_what_they_signed_is_over) {
    program p({"tokens.format=jwt", "validation.strategy=jwt"});
    login client(p.mcp());
    auto const keys = [&] {
        return json_of(get(p.issuer() + "/.well-known/jwks.json")).at("keys").as_array().size();
    };
    auto const before = keys();
    BOOST_TEST(post_json(p.issuer() + "/control/rotate-keys", "").status == 200u);
    BOOST_TEST(keys() == before * 2);
    BOOST_TEST(initialize(p.mcp(), client.now.access) == 200u);
    clock_of(p.issuer(), R"({"advance":"2h"})");
    BOOST_TEST(keys() == before);
}

// A client does not notice that the clock was moved on, and its proofs are dated by its own.
BOOST_AUTO_TEST_CASE(a_client_that_proves_a_key_goes_on_eight_hours_later) {
    program p;
    wait_for_proofs(p);
    login client(p.mcp());
    clock_of(p.issuer(), R"({"advance":"8h"})");
    auto const refresh = [&](std::string const& proof) {
        return post_form(client.issuer + "/token",
                         {{"grant_type", "refresh_token"},
                          {"refresh_token", client.now.refresh},
                          {"client_id", client.client_id}},
                         {{"DPoP", proof}});
    };
    auto const proof =
        dpop_proof_parts("POST", client.issuer + "/token", std::chrono::system_clock::now()).text();
    auto const bound = refresh(proof);
    BOOST_REQUIRE_MESSAGE(bound.status == 200u, bound.body);
    client.now.refresh = text_of(json_of(bound), "refresh_token");
    BOOST_TEST(refresh(proof).status == 400u);  // replayed, whatever the clock says
    // That the server is wrong it does notice: its proofs are refused then.
    clock_of(p.issuer(), R"({"skew":"1h"})");
    auto const wrong =
        dpop_proof_parts("POST", client.issuer + "/token", std::chrono::system_clock::now()).text();
    BOOST_TEST(text_of(json_of(refresh(wrong)), "error") == "invalid_dpop_proof");
}

BOOST_AUTO_TEST_CASE(sessions_that_nobody_uses_for_so_long_are_over) {
    program p({"tokens.access_ttl=100d"});
    login const client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    clock_of(p.mcp_origin(), R"({"advance":"5m"})");
    BOOST_TEST(call_tool(p.mcp(), client.now.access, session, "whoami", "{}").status == 200u);
    clock_of(p.mcp_origin(), R"({"advance":"8d"})");
    BOOST_TEST(call_tool(p.mcp(), client.now.access, session, "whoami", "{}").status == 404u);
}

BOOST_AUTO_TEST_CASE(a_stream_ends_when_its_token_does) {
    program p({"validation.recheck=100ms"});
    login const client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    auto headers = bearer(client.now.access);
    headers.insert(headers.end(), {{"Mcp-Session-Id", session}, {"Accept", "text/event-stream"}});
    auto const stream = open("GET", p.mcp(), headers);
    BOOST_TEST(stream->read_until("\r\n\r\n").find("200") != std::string::npos);
    clock_of(p.issuer(), R"({"advance":"8h"})");
    stream->read_until("\r\n0\r\n\r\n");  // it ends
}

BOOST_DATA_TEST_CASE(restoring_brings_back_what_was_revoked, strategies, strategy) {
    program p(with_strategy(strategy));
    login client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    auto const then = client.now;
    auto const id = snapshot_of(p, "default");
    client.refresh();
    auto const later = client.now;
    post_form(client.issuer + "/revoke",
              {{"token", later.refresh}, {"client_id", client.client_id}});
    BOOST_TEST(client.try_refresh(later.refresh).status == 400u);
    clock_of(p.issuer(), R"({"advance":"8h"})");
    restore(p, "default", id);

    BOOST_TEST(call_tool(p.mcp(), then.access, session, "whoami", "{}").status == 200u);
    client.now = then;
    client.refresh();  // unused again, and its family lives
    // What there was not then there is not now; a JWT tells nobody.
    if (std::string_view(strategy) != "jwt") BOOST_TEST(initialize(p.mcp(), later.access) == 401u);
    BOOST_TEST(json_of(get(p.issuer() + "/control/clock")).at("offset_seconds").as_int64() <= 0);
}

BOOST_AUTO_TEST_CASE(restoring_brings_back_policy_keys_and_clients_and_ends_streams) {
    program p;
    login client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    auto const keys = get(p.issuer() + "/.well-known/jwks.json").body;
    post_json(p.issuer() + "/control/expires-in", R"({"seconds":77})");
    auto const id = snapshot_of(p, "default");
    post_json(p.issuer() + "/control/rotate-keys", "");
    post_json(p.issuer() + "/control/reset", R"({"clients":true})");
    login const other(p.mcp());
    auto const others = open_session(p.mcp(), other.now.access);
    auto headers = bearer(other.now.access);
    headers.insert(headers.end(), {{"Mcp-Session-Id", others}, {"Accept", "text/event-stream"}});
    auto const stream = open("GET", p.mcp(), headers);
    BOOST_TEST(stream->read_until("\r\n\r\n").find("200") != std::string::npos);
    restore(p, "default", id);

    stream->read_until("\r\n0\r\n\r\n");
    BOOST_TEST(get(p.issuer() + "/.well-known/jwks.json").body == keys);
    auto const state = json_of(get(p.issuer() + "/control/state"));
    BOOST_TEST(state.at("expiresIn").as_int64() == 77);
    BOOST_TEST(state.at("sessions").as_int64() == 1);
    BOOST_TEST(state.at("clients").as_int64() == 1);
    BOOST_TEST(call_tool(p.mcp(), client.now.access, session, "whoami", "{}").status == 200u);
    BOOST_TEST(call_tool(p.mcp(), other.now.access, others, "whoami", "{}").status == 401u);
    client.refresh();
    BOOST_TEST(other.try_refresh(other.now.refresh).status == 401u);
}

BOOST_DATA_TEST_CASE(a_fork_goes_on_with_the_tokens_of_its_parent, strategies, strategy) {
    program p(with_strategy(strategy));
    post_json(p.issuer() + "/control/realms", R"({"name":"parent"})");
    login client(p.mcp_origin() + "/r/parent/mcp");
    auto const session = open_session(client.mcp_url, client.now.access);
    auto const forks = forks_of(p, "parent", R"("f1","f2")");
    auto one = moved(client, forks.at(0));
    auto two = moved(client, forks.at(1));
    BOOST_TEST(one.mcp_url == p.mcp_origin() + "/r/f1/mcp");

    BOOST_TEST(call_tool(one.mcp_url, one.now.access, session, "whoami", "{}").status == 200u);
    BOOST_TEST(initialize(two.mcp_url, two.now.access) == 200u);
    one.refresh();
    BOOST_TEST(initialize(one.mcp_url, one.now.access) == 200u);
    // Neither sees the other's future, and their parent none of it.
    BOOST_TEST(initialize(client.mcp_url, one.now.access) == 401u);
    BOOST_TEST(initialize(two.mcp_url, one.now.access) == 401u);
    two.refresh();
    // What the parent issues from now on is not theirs, whatever verifies it.
    for (auto const& issuer : {client.issuer, two.issuer})
        clock_of(issuer, R"({"advance":"2s"})");
    client.refresh();
    BOOST_TEST(initialize(client.mcp_url, client.now.access) == 200u);
    BOOST_TEST(initialize(two.mcp_url, client.now.access) == 401u);
    post_json(two.issuer + "/control/revoke-access", "");
    BOOST_TEST(one.try_refresh(one.now.refresh).status == 200u);
    clock_of(one.issuer, R"({"advance":"8h"})");
    BOOST_TEST(initialize(one.mcp_url, one.now.access) == 401u);
    BOOST_TEST(initialize(client.mcp_url, client.now.access) == 200u);
}

BOOST_AUTO_TEST_CASE(a_fork_of_a_fork_refuses_what_its_parent_refuses) {
    program p(with_strategy("jwt"));
    post_json(p.issuer() + "/control/realms", R"({"name":"aa"})");
    login client(p.mcp_origin() + "/r/aa/mcp");
    auto const child = moved(client, forks_of(p, "aa", R"("bb")").at(0));
    for (auto const& issuer : {client.issuer, child.issuer})
        clock_of(issuer, R"({"advance":"2s"})");
    client.refresh();
    auto const grandchild = moved(client, forks_of(p, "bb", R"("cc")").at(0));
    BOOST_TEST(initialize(child.mcp_url, child.now.access) == 200u);
    BOOST_TEST(initialize(grandchild.mcp_url, child.now.access) == 200u);
    BOOST_TEST(initialize(child.mcp_url, client.now.access) == 401u);
    BOOST_TEST(initialize(grandchild.mcp_url, client.now.access) == 401u);
}

// The client goes on as it is: it names the resource and the audience of the parent.
BOOST_AUTO_TEST_CASE(a_fork_takes_the_resource_and_the_issuer_of_its_parent_for_its_own) {
    program p({"tokens.format=jwt"});
    login client(p.mcp());
    auto one = moved(client, forks_of(p, "default", R"("f1")").at(0));
    BOOST_TEST(one.resource == p.mcp());
    one.refresh();  // with resource = the parent's
    BOOST_TEST(initialize(one.mcp_url, one.now.access) == 200u);
    // And one who logs in there is told of the fork's own names.
    login const newcomer(p.mcp_origin() + "/r/f1/mcp");
    BOOST_TEST(newcomer.issuer == p.issuer() + "/r/f1");
    BOOST_TEST(initialize(p.mcp(), newcomer.now.access) == 401u);
}

BOOST_AUTO_TEST_CASE(a_fork_of_a_fork_and_one_with_ports_go_on_as_well,
                     *needs_one_program("a port is one instance's")) {
    program p;
    login const client(p.mcp());
    forks_of(p, "default", R"("f1")");
    auto const made = post_json(p.issuer() + "/control/realms/f1/fork",
                                R"({"names":["f2"],"isolation":"port","ttl":"5m"})");
    BOOST_REQUIRE_MESSAGE(made.status == 201u, made.body);
    auto const realm = json_of(made).at("realms").at(0);
    BOOST_TEST(text_of(realm, "issuer") != p.issuer());
    auto two = moved(client, realm);
    BOOST_TEST(initialize(two.mcp_url, two.now.access) == 200u);
    two.refresh();
    BOOST_TEST(initialize(two.mcp_url, two.now.access) == 200u);
    BOOST_TEST(initialize(p.mcp(), two.now.access) == 401u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
