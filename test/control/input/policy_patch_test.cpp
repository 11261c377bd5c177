// Policy as JSON: which keys a realm can have of its own, and what goes together.
#include "control/input/policy_patch.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::control;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

json::object object(std::string_view text) {
    return json::parse(text).as_object();
}

struct fixture {
    policies configured;

    policies after(std::string_view patch) const {
        auto changed = configured;
        apply(read_policy_patch(object(patch), "", configured).value(), configured, changed);
        return changed;
    }
    // The sentence of the refusal, "" where there is none.
    std::string refusal(std::string_view patch) const {
        auto const r = read_policy_patch(object(patch), "/policy", configured);
        return r ? std::string() : r.error().description();
    }
    std::string refused_change(std::string_view patch) const {
        auto const r = read_policy_change(object(patch), configured, configured);
        return r ? std::string() : r.error().description();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(policy_patches, fixture)

BOOST_AUTO_TEST_CASE(changes_nothing_when_it_is_empty) {
    BOOST_TEST(print_policy(after("{}")) == print_policy(configured));
}

BOOST_AUTO_TEST_CASE(takes_a_key_by_its_name_or_by_the_end_of_it) {
    BOOST_TEST((after(R"({"access_ttl":"5s"})").oauth.access_ttl == 5s));
    BOOST_TEST((after(R"({"tokens.access_ttl":"5s"})").oauth.access_ttl == 5s));
    BOOST_TEST(refusal(R"({"ttll":"5s"})").starts_with("/policy/ttll: is not known here"));
    BOOST_TEST(refusal(R"({"ttl":"5s"})")
                   .starts_with("/policy/ttl: is a key of the whole server (realms.ttl)"));
    BOOST_TEST(refusal(R"({"mcp.access_ttl":"5s"})").starts_with("/policy/mcp.access_ttl: "));
}

// As everywhere in the control API: a number is seconds.
BOOST_AUTO_TEST_CASE(reads_a_duration_as_text_or_as_seconds) {
    BOOST_TEST((after(R"({"access_ttl":90})").oauth.access_ttl == 90s));
    BOOST_TEST((after(R"({"access_ttl":0.25})").oauth.access_ttl == 250ms));
    BOOST_TEST((after(R"({"access_ttl":"1h30m"})").oauth.access_ttl == 90min));
    for (auto const* wrong : {"-1", "1e300", "true", "null", "[]", "\"\"", "\"-5s\""})
        BOOST_TEST(refusal(R"({"access_ttl":)" + std::string(wrong) + "}")
                       .starts_with("/policy/access_ttl: "),
                   wrong);
}

BOOST_AUTO_TEST_CASE(refuses_a_value_of_another_kind_by_its_pointer) {
    std::pair<std::string_view, std::string_view> const all[] = {
        {R"({"refresh_rotation":true})", "/policy/refresh_rotation: "},
        {R"({"refresh_rotation":"sometimes"})", "/policy/refresh_rotation: "},
        {R"({"page_size":"7"})", "/policy/page_size: "},
        {R"({"page_size":0})", "/policy/page_size: "},
        {R"({"page_size":1001})", "/policy/page_size: "},
        {R"({"page_size":1.5})", "/policy/page_size: "},
        {R"({"fixtures":"yes"})", "/policy/fixtures: "},
        {R"({"refresh_reuse":"grace"})", "/policy/refresh_reuse: "},
        {R"({"refresh_reuse":"grace:soon"})", "/policy/refresh_reuse: "},
        {R"({"signing_alg":"none"})", "/policy/signing_alg: "},
        {R"({"deny_consent":1})", "/policy/deny_consent: "},
        {R"({"test_buttons":"on"})", "/policy/test_buttons: "}};
    for (auto const& [patch, pointer] : all)
        BOOST_TEST(refusal(patch).starts_with(pointer), patch << ": " << refusal(patch));
}

// What all realms share would change under the feet of the others.
BOOST_AUTO_TEST_CASE(refuses_what_all_realms_have_in_common) {
    for (std::string const key :
         {"server.workers", "mcp.listen", "mcp.public_url", "mcp.path", "authorization_server.mode",
          "authorization_server.scopes", "control.token", "store.backend", "realms.max",
          "tokens.signing_key", "tools.authenticated_request", "validation.endpoint"})
        BOOST_TEST(refused_change(R"({")" + key + R"(":null})")
                       .starts_with("/" + key + ": is a key of the whole server"),
                   key);
    BOOST_TEST(refusal(R"({"validation.endpoint":"http://localhost:1/"})")
                   .starts_with("/policy/validation.endpoint: is a key of the whole server"));
}

// RFC 9449 §5: what is required of tokens is told by the resource, too
BOOST_AUTO_TEST_CASE(tells_the_mcp_server_what_is_asked_of_tokens) {
    BOOST_TEST(after(R"({"dpop":"required"})").mcp.dpop_required);
    BOOST_TEST(after(R"({"dpop":"required"})").mcp.dpop_spoken);
    BOOST_TEST(!after(R"({"dpop":"off"})").mcp.dpop_spoken);
    BOOST_TEST(!after(R"({"dpop":"off"})").mcp.dpop_required);
    BOOST_TEST(!after(R"({"dpop":"optional"})").mcp.dpop_required);
}

BOOST_AUTO_TEST_CASE(keeps_the_login_of_a_broker_at_the_provider) {
    configured.oauth.brokered = true;
    BOOST_TEST(refusal(R"({"consent":"login"})").starts_with("/policy/consent: people log in"));
    BOOST_TEST(refused_change(R"({"authorization_server.consent":"login"})")
                   .starts_with("/authorization_server.consent: people log in"));
    BOOST_TEST(refusal(R"({"consent":"page"})") == "");
    BOOST_TEST(refusal(R"({"access_ttl":"5s"})") == "");
}

BOOST_AUTO_TEST_CASE(keeps_tokens_readable_for_who_validates_them_as_jwt) {
    configured.oauth.validation = oauth::strategy::jwt;
    configured.oauth.format = oauth::token_format::jwt;
    BOOST_TEST(refused_change(R"({"tokens.format":"opaque"})")
                   .starts_with("/tokens.format: opaque tokens cannot be validated"));
    BOOST_TEST(refused_change(R"({"tokens.format":null})") == "");
    configured.oauth.validation = oauth::strategy::introspection;
    BOOST_TEST(refused_change(R"({"tokens.format":"opaque"})") == "");
}

BOOST_AUTO_TEST_CASE(takes_a_key_back_to_the_configuration_and_not_to_the_default) {
    configured.oauth.access_ttl = 7min;
    configured.mcp.page_size = 9;
    auto changed = configured;
    changed.oauth.access_ttl = 1s;
    changed.mcp.page_size = 2;
    auto const patch =
        read_policy_change(object(R"({"tokens.access_ttl":null})"), configured, changed).value();
    apply(patch, configured, changed);
    BOOST_TEST((changed.oauth.access_ttl == 7min));
    BOOST_TEST(changed.mcp.page_size == 2u);
    BOOST_TEST(patch.changes_key("tokens.access_ttl"));
    BOOST_TEST(!patch.changes_key("mcp.page_size"));
}

// Only PATCH knows null: a realm that is being made has nothing to take back.
BOOST_AUTO_TEST_CASE(takes_no_null_where_a_realm_is_made) {
    BOOST_TEST(refusal(R"({"page_size":null})").starts_with("/policy/page_size: "));
}

BOOST_AUTO_TEST_CASE(knows_the_switches_only_where_a_realm_is_made) {
    BOOST_TEST(after(R"({"deny_consent":true})").oauth.deny_consent);
    BOOST_TEST((after(R"({"test_buttons":false})").oauth.test_buttons == false));
    BOOST_TEST(refused_change(R"({"deny_consent":true})").starts_with("/deny_consent: "));
    BOOST_TEST(refused_change(R"({"access_ttl":"5s"})").starts_with("/access_ttl: "));
}

BOOST_AUTO_TEST_CASE(prints_each_key_as_it_would_be_written) {
    auto const printed = print_policy(
        after(R"({"access_ttl":"90m","refresh_reuse":"grace:10s","dpop":"off","page_size":3,
                  "fixtures":true,"challenge_realm":"MCP"})"));
    BOOST_TEST((printed.at("tokens.access_ttl") == "90m"));
    BOOST_TEST((printed.at("tokens.refresh_reuse") == "grace:10s"));
    BOOST_TEST((printed.at("tokens.dpop") == "off"));
    BOOST_TEST((printed.at("mcp.page_size") == 3));
    BOOST_TEST((printed.at("mcp.fixtures") == true));
    BOOST_TEST((printed.at("mcp.challenge_realm") == "MCP"));
}

BOOST_AUTO_TEST_SUITE_END()
