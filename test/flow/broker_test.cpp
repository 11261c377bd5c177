// Broker mode as two whole servers: one logs people in, the other is what MCP clients know.
#include <fstream>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "oauth/upstream/provider_peer.hpp"
#include "support/folder.hpp"
#include "support/waiting.hpp"

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace json = boost::json;

constexpr char hello[] = R"({"message":"hello"})";

std::vector<std::string> with(std::vector<std::string> all, std::vector<std::string> more) {
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

// Where our callback is registered: on any port of this machine.
std::vector<std::string> provider_settings(std::vector<std::string> more = {}) {
    return with(
        {"clients=[{client_id=\"broker\",client_secret=\"the-broker-s-own-secret\","
         "redirect_uris=[\"http://localhost/callback\",\"http://localhost/r/alpha/callback\","
         "\"http://localhost/api/callback\"]}]",
         "tokens.refresh_rotation=always"},
        std::move(more));
}

struct broker_file {
    folder where;
    std::string name = (where.path() / "config.toml").string();
    explicit broker_file(std::string const& api) {
        std::ofstream out(name);
        out << "[tools]\nauthenticated_request = true\n";
        if (!api.empty()) out << "authenticated_request_url = \"" << api << "\"\n";
    }
};

// The provider may go away before the broker does.
struct pair_of_servers {
    std::unique_ptr<program> provider;
    broker_file file;
    program broker;

    explicit pair_of_servers(std::vector<std::string> of_broker = {},
                             std::vector<std::string> of_provider = {}, std::string const& api = "")
        : provider(std::make_unique<program>(provider_settings(std::move(of_provider)))),
          file(api),
          broker(with({"authorization_server.mode=broker", "authorization_server.consent=auto",
                       "upstream.issuer=" + provider->issuer(), "upstream.client_id=broker",
                       "upstream.client_secret=the-broker-s-own-secret",
                       "upstream.timeout=60s",  // a busy machine makes keys slowly
                       "tokens.refresh_rotation=never"},
                      std::move(of_broker)),
                 file.name) {}

    std::string subject() const { return "demo@" + provider->issuer().substr(7); }
};

json::object call(std::string const& mcp, std::string const& token, std::string_view tool,
                  std::string_view arguments) {
    auto const session = open_session(mcp, token);
    return json_of(call_tool(mcp, token, session, tool, arguments)).at("result").as_object();
}

std::string hex(char c) {
    static constexpr char digits[] = "0123456789abcdef";
    auto const byte = static_cast<unsigned char>(c);
    return {digits[byte >> 4], digits[byte & 15]};
}

std::string whoami(std::string const& mcp, login const& client) {
    auto const r = call(mcp, client.now.access, "whoami", "{}");
    return text_of(r.at("structuredContent"), "subject");
}

BOOST_AUTO_TEST_SUITE(broker_flow)

BOOST_AUTO_TEST_CASE(logs_people_in_at_the_provider_under_every_strategy) {
    for (std::string const strategy : {"introspection", "userinfo", "local", "jwt"}) {
        std::vector<std::string> sets{"validation.strategy=" + strategy};
        if (strategy == "jwt") sets.emplace_back("tokens.format=jwt");
        pair_of_servers p(sets);
        login const client(p.broker.mcp());
        BOOST_TEST(client.issuer == p.broker.issuer());
        BOOST_TEST(whoami(p.broker.mcp(), client) == p.subject());
    }
}

// MCP 2025-11-25, Security Best Practices, "Token Passthrough": the upstream API gets a token that
// was issued for it, and the MCP server takes none but its own
BOOST_AUTO_TEST_CASE(calls_the_provider_with_its_own_token_and_takes_none_of_them) {
    pair_of_servers p;
    login const client(p.broker.mcp());
    auto const r = call(p.broker.mcp(), client.now.access, "make_authenticated_request", hello);
    auto const& about = r.at("structuredContent").as_object();
    BOOST_TEST(about.at("status").as_int64() == 200, json::serialize(r));
    BOOST_TEST(text_of(about, "url") == p.provider->issuer() + "/userinfo");
    BOOST_TEST(text_of(about.at("body"), "sub") == "demo");

    login const at_provider(p.provider->mcp());
    auto const refused =
        post_json(p.broker.mcp(), initialize_body(), bearer(at_provider.now.access));
    BOOST_TEST(refused.status == 401u);
    auto const other_way =
        post_json(p.provider->mcp(), initialize_body(), bearer(client.now.access));
    BOOST_TEST(other_way.status == 401u);
}

BOOST_AUTO_TEST_CASE(goes_on_after_the_providers_token_has_expired) {
    pair_of_servers p({}, {"tokens.access_ttl=1s"});
    login client(p.broker.mcp());
    outlive(1s);
    client.refresh();
    auto const r = call(p.broker.mcp(), client.now.access, "make_authenticated_request", hello);
    BOOST_TEST(r.at("structuredContent").at("status").as_int64() == 200, json::serialize(r));
    // The tool renews it as well.
    outlive(1s);
    auto const later = call(p.broker.mcp(), client.now.access, "make_authenticated_request", hello);
    BOOST_TEST(later.at("structuredContent").at("status").as_int64() == 200,
               json::serialize(later));
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_away_costs_nothing_but_time) {
    pair_of_servers p({}, {"tokens.access_ttl=1s"});
    login client(p.broker.mcp());
    p.provider->stop();
    outlive(1s);
    auto const away = client.try_refresh(client.now.refresh);
    BOOST_TEST(away.status == 503u);
    BOOST_TEST(text_of(json_of(away), "error") == "temporarily_unavailable");
    BOOST_TEST(whoami(p.broker.mcp(), client) == p.subject());
}

BOOST_AUTO_TEST_CASE(a_login_that_the_provider_ends_is_over) {
    pair_of_servers p({}, {"tokens.access_ttl=1s"});
    login client(p.broker.mcp());
    post_json(p.provider->issuer() + "/control/reset", "");
    outlive(1s);
    auto const dead = client.try_refresh(client.now.refresh);
    BOOST_TEST(dead.status == 400u);
    BOOST_TEST(text_of(json_of(dead), "error") == "invalid_grant");
    BOOST_TEST(post_json(p.broker.mcp(), initialize_body(), bearer(client.now.access)).status ==
               401u);
}

// A token that lives forever for all we know, until the API says otherwise.
BOOST_AUTO_TEST_CASE(renews_a_token_that_the_api_calls_dead) {
    pair_of_servers p;
    login const client(p.broker.mcp());
    post_json(p.provider->issuer() + "/control/revoke-access", "");
    auto const r = call(p.broker.mcp(), client.now.access, "make_authenticated_request", hello);
    BOOST_TEST(r.at("structuredContent").at("status").as_int64() == 200, json::serialize(r));
}

BOOST_AUTO_TEST_CASE(lets_an_api_that_echoes_the_token_tell_the_client_nothing) {
    provider_peer api;
    std::string used;
    api.script = [&](heard const& h) {
        used = h.authorization.substr(7);
        std::string escaped;
        for (char const c : used)
            escaped += c == used[2] ? "\\u00" + hex(c) : std::string(1, c);
        http::reply r(200, "application/json",
                      R"({"a":")" + h.authorization + R"(","b":")" + escaped + R"("})");
        r.headers.add("X-Echo", h.authorization);
        return r;
    };
    pair_of_servers p({}, {}, api.url() + "/echo?key=hush");
    login const client(p.broker.mcp());
    auto const r = call(p.broker.mcp(), client.now.access, "make_authenticated_request", hello);
    auto const told = json::serialize(r);
    BOOST_REQUIRE(used.size() > 20);
    BOOST_TEST(used != client.now.access);
    BOOST_TEST(told.find(used) == std::string::npos, told);
    BOOST_TEST(told.find(used.substr(0, 8)) == std::string::npos, told);
    BOOST_TEST(told.find("hush") == std::string::npos);
    BOOST_TEST(told.find("Bearer ***") != std::string::npos, told);
}

BOOST_AUTO_TEST_CASE(works_in_every_realm_and_at_the_mcp_origin) {
    pair_of_servers p;
    post_json(p.broker.issuer() + "/control/realms", R"({"name":"alpha"})");
    login const in_alpha(p.broker.mcp_origin() + "/r/alpha/mcp");
    BOOST_TEST(in_alpha.issuer == p.broker.issuer() + "/r/alpha");
    BOOST_TEST(whoami(in_alpha.mcp_url, in_alpha) == p.subject());
    BOOST_TEST(get(p.broker.mcp_origin() + "/callback?state=x").status == 400u);
}

BOOST_AUTO_TEST_CASE(tells_control_what_it_keeps_and_forgets_it_on_reset) {
    pair_of_servers p;
    login const client(p.broker.mcp());
    auto const state = json_of(get(p.broker.issuer() + "/control/state"));
    BOOST_TEST(state.at("accessTokens").as_int64() == 1);
    auto const refused = post_json(p.broker.issuer() + "/control/realms",
                                   R"({"name":"beta","policy":{"consent":"login"}})");
    BOOST_TEST(refused.status == 400u);
    BOOST_TEST(refused.body.find("people log in at the provider") != std::string::npos);
    post_json(p.broker.issuer() + "/control/reset", "");
    BOOST_TEST(client.try_refresh(client.now.refresh).status == 400u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
