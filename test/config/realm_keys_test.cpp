// The keys that each realm can have its own value of: read from JSON, printed back, taken back.
#include <set>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "config/schema.hpp"
#include "control/input/policy_patch.hpp"

using namespace tollgate;
using control::apply;
using control::print_policy;
using control::read_policy_change;
namespace json = boost::json;

namespace {

json::object object(std::string_view text) {
    return json::parse(text).as_object();
}

json::object one(std::string_view key, json::value value) {
    json::object o;
    o[key] = std::move(value);
    return o;
}

// What `changes` make of the defaults; the problem's sentence when they are refused.
struct changed {
    policies now;
    std::string refusal;
};

changed change(json::object const& changes, policies const& configured = {}) {
    changed result{configured, ""};
    auto const patch = read_policy_change(changes, configured, configured);
    if (patch)
        apply(*patch, configured, result.now);
    else
        result.refusal = patch.error().description();
    return result;
}

std::string refusal(std::string_view changes, policies const& configured = {}) {
    return change(object(changes), configured).refusal;
}

// A value of its own for every such key, none of them the default, and as it is told.
struct own_value {
    char const* key;
    json::value given;
    json::value told;
};

std::vector<own_value> const& own_values() {
    static std::vector<own_value> const all{
        {"authorization_server.consent", "login", "login"},
        {"authorization_server.introspection", "open", "open"},
        {"mcp.versions", json::array{"2025-06-18"}, json::array{"2025-06-18"}},
        {"tokens.format", "jwt", "jwt"},
        {"tokens.signing_alg", "EdDSA", "EdDSA"},
        {"tokens.dpop", "required", "required"},
        {"tokens.dpop_nonce", true, true},
        {"tokens.access_ttl", "90s", "90s"},
        {"tokens.refresh_ttl", "48h", "2d"},
        {"tokens.code_ttl", "1m30s", "90s"},
        {"tokens.code_reuse", "reject", "reject"},
        {"tokens.refresh_rotation", "always", "always"},
        {"tokens.refresh_reuse", "grace:90s", "grace:90s"},
        {"mcp.sessions", "stateless", "stateless"},
        {"mcp.auth", "tools-only", "tools-only"},
        {"mcp.session_binding", "token", "token"},
        {"mcp.answers", "stream", "stream"},
        {"mcp.resource_metadata", "relative", "relative"},
        {"mcp.challenge_realm", "MCP", "MCP"},
        {"mcp.fixtures", true, true},
        {"mcp.page_size", 7.0, 7},
        {"mcp.max_sessions", 3, 3},
        {"mcp.session_idle", 1.5, "1500ms"},
        {"mcp.heartbeat", 0.1, "100ms"},
        {"mcp.sse_retry", 0, "0s"},
        {"mcp.ask_timeout", 7200, "2h"},
        {"mcp.task_ttl", "1s", "1s"},
        {"validation.strategy", "local", "local"},
        {"validation.unreachable", "401", "401"},
        {"registration.dynamic", false, false},
        {"registration.client_id_metadata_documents", false, false},
    };
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_realm_keys)

BOOST_AUTO_TEST_CASE(each_key_has_a_value_of_its_own_in_this_test_and_no_other_key_has) {
    std::set<std::string_view> tested;
    for (auto const& v : own_values())
        tested.insert(v.key);
    for (auto const& row : settings::config_settings())
        BOOST_TEST(tested.contains(row.is.key) == (row.locate_in != nullptr), row.is.key);
}

BOOST_AUTO_TEST_CASE(each_is_read_from_json_and_printed_back_and_changes_no_other) {
    auto const standard = print_policy({});
    for (auto const& [key, given, told] : own_values()) {
        auto const after = change(one(key, given));
        BOOST_TEST(after.refusal == "", key);
        auto expected = standard;
        BOOST_TEST((expected.at(key) != told), key);
        expected[key] = told;
        BOOST_TEST(json::value(print_policy(after.now)) == json::value(expected), key);
    }
}

BOOST_AUTO_TEST_CASE(what_is_printed_of_one_realm_makes_another_one_like_it) {
    json::object all;
    for (auto const& v : own_values())
        all[v.key] = v.given;
    auto const printed = print_policy(change(all).now);
    auto const copied = change(printed);
    BOOST_TEST(copied.refusal == "");
    BOOST_TEST(json::value(print_policy(copied.now)) == json::value(printed));
}

// The configuration's value, which need not be the default.
BOOST_AUTO_TEST_CASE(null_takes_each_key_back_to_the_configuration_and_leaves_the_others) {
    json::object all;
    for (auto const& v : own_values())
        all[v.key] = v.given;
    policies configured;
    configured.oauth.access_ttl = std::chrono::hours(7);
    auto const standard = print_policy(configured);
    auto const own = change(all, configured).now;
    for (auto const& v : own_values()) {
        auto const patch = read_policy_change(one(v.key, nullptr), configured, own);
        BOOST_REQUIRE_MESSAGE(patch.has_value(), v.key);
        auto now = own;
        apply(*patch, configured, now);
        auto expected = print_policy(own);
        expected[v.key] = standard.at(v.key);
        BOOST_TEST(json::value(print_policy(now)) == json::value(expected), v.key);
    }
}

// In a configuration and in what a realm has, a key is the same place.
BOOST_AUTO_TEST_CASE(each_key_stands_where_the_configuration_has_it) {
    for (auto const& [key, given, told] : own_values()) {
        auto const* row = settings::find_setting(key);
        BOOST_REQUIRE_MESSAGE(row != nullptr, key);
        config c;
        settings::mistakes wrong;
        settings::read(settings::from_json(given.is_number() ? told : given, {"here", ""}), key,
                       row->is, row->locate(c), "", wrong);
        BOOST_TEST(wrong.empty(), key);
        BOOST_TEST(settings::to_json(row->locate_in(c)) == told, key);
    }
}

// GET policy tells all of them to whoever may look.
BOOST_AUTO_TEST_CASE(no_secret_no_file_and_no_address_is_among_them) {
    for (auto const& row : settings::config_settings()) {
        if (!row.locate_in) continue;
        BOOST_TEST(!row.is.secret, row.is.key);
        BOOST_TEST(!row.is.file_only, row.is.key);
        BOOST_TEST(
            (row.is.form == settings::format::any || row.is.form == settings::format::one_of ||
             row.is.form == settings::format::printable),
            row.is.key);
    }
}

BOOST_AUTO_TEST_CASE(a_duration_may_be_a_number_of_seconds) {
    struct {
        char const* seconds;
        char const* told;
    } const rows[] = {{"1", "1s"},       {"90", "90s"},    {"3600", "1h"},
                      {"0.25", "250ms"}, {"1e3", "1000s"}, {"0.0014", "1ms"},
                      {"86400", "1d"},   {"1.9999", "2s"}, {"3153600000", "36500d"}};
    for (auto const& [seconds, told] : rows) {
        auto const after = change(object(R"({"tokens.access_ttl":)" + std::string(seconds) + '}'));
        BOOST_TEST(after.refusal == "", seconds);
        BOOST_TEST(print_policy(after.now).at("tokens.access_ttl").as_string() == told, seconds);
    }
}

BOOST_AUTO_TEST_CASE(a_number_of_seconds_keeps_to_the_bounds_of_its_key) {
    struct {
        char const* changes;
        char const* why;
    } const rows[] = {
        {R"({"tokens.refresh_ttl":0})", "too short; at least \"1ms\""},
        {R"({"tokens.code_ttl":0.0004})", "too short; at least \"1ms\""},
        {R"({"mcp.heartbeat":0.099})", "too short; at least \"100ms\""},
        {R"({"mcp.session_idle":0.5})", "too short; at least \"1s\""},
        {R"({"mcp.sse_retry":2147483.648})", "too long; at most \"2147483647ms\""},
        {R"({"tokens.refresh_ttl":3153600001})", "too long; at most \"36500d\""},
        {R"({"tokens.access_ttl":-1})", "expected a duration"},
        {R"({"tokens.access_ttl":1e300})", "expected a duration"},
        {R"({"tokens.access_ttl":"90"})", "expected a duration"},
        {R"({"tokens.access_ttl":true})", "expected a duration"},
        {R"({"tokens.access_ttl":[90]})", "expected a duration"},
    };
    for (auto const& [changes, why] : rows) {
        auto const text = refusal(changes);
        BOOST_TEST(text.find(why) != std::string::npos, changes << ": " << text);
    }
}

BOOST_AUTO_TEST_CASE(a_value_of_another_type_is_refused_at_its_pointer) {
    struct {
        char const* changes;
        char const* why;
    } const rows[] = {
        {R"({"mcp.page_size":"7"})", "/mcp.page_size: expected a whole number"},
        {R"({"mcp.page_size":7.5})", "/mcp.page_size: expected a whole number"},
        {R"({"mcp.page_size":18446744073709551615})", "/mcp.page_size: expected a whole number"},
        {R"({"mcp.page_size":1001})", "/mcp.page_size: 1001 is too large; at most 1000"},
        {R"({"mcp.max_sessions":-1})", "/mcp.max_sessions: -1 is too small; at least 1"},
        {R"({"mcp.fixtures":"true"})", "/mcp.fixtures: expected true or false"},
        {R"({"mcp.fixtures":1})", "/mcp.fixtures: expected true or false"},
        {R"({"validation.unreachable":401})", "/validation.unreachable: expected one of"},
        {R"({"mcp.auth":"off"})", "/mcp.auth: \"off\" is none of \"required\", \"tools-only\""},
        {R"({"mcp.challenge_realm":"a\u0007"})", "/mcp.challenge_realm: must be printable ASCII"},
        {R"({"tokens.refresh_reuse":"grace"})", "/tokens.refresh_reuse: \"grace\" is none of"},
        {R"({"tokens.refresh_reuse":"grace:0s"})", "has no duration behind \"grace:\""},
    };
    for (auto const& [changes, why] : rows) {
        auto const text = refusal(changes);
        BOOST_TEST(text.find(why) != std::string::npos, changes << ": " << text);
    }
}

// What is common to all realms is refused by name, also where the control plane could tell it.
BOOST_AUTO_TEST_CASE(a_key_that_all_realms_share_is_refused) {
    for (auto const& row : settings::config_settings()) {
        if (row.locate_in) continue;
        auto const text = change(one(row.is.key, nullptr)).refusal;
        BOOST_TEST(text.find(row.is.key) != std::string::npos, row.is.key << ": " << text);
    }
}

// RFC 9728 §2: dpop_bound_access_tokens_required and dpop_signing_alg_values_supported follow
// tokens.dpop, wherever it was changed.
BOOST_AUTO_TEST_CASE(the_resource_metadata_follow_the_key_of_the_authorization_server) {
    auto const off = change(object(R"({"tokens.dpop":"off"})")).now;
    BOOST_TEST(!off.mcp.dpop_spoken);
    BOOST_TEST(!off.mcp.dpop_required);
    auto const required = change(object(R"({"tokens.dpop":"required"})")).now;
    BOOST_TEST(required.mcp.dpop_spoken);
    BOOST_TEST(required.mcp.dpop_required);
    policies configured;
    configured.oauth.dpop = oauth::dpop_mode::required;
    settle(configured);
    auto const back = change(object(R"({"tokens.dpop":"optional"})"), configured).now;
    BOOST_TEST(back.mcp.dpop_spoken);
    BOOST_TEST(!back.mcp.dpop_required);
}

BOOST_AUTO_TEST_CASE(proofs_that_nobody_can_check_are_not_spoken_of_whatever_is_changed) {
    policies configured;
    configured.oauth.foreign_tokens = true;
    configured.oauth.validation = oauth::strategy::userinfo;
    settle(configured);
    BOOST_TEST(!configured.mcp.dpop_spoken);
    BOOST_TEST(!change(object(R"({"tokens.dpop":"required"})"), configured).now.mcp.dpop_spoken);
}

BOOST_AUTO_TEST_CASE(what_does_not_go_with_the_configuration_is_refused) {
    policies brokered;
    brokered.oauth.brokered = true;
    BOOST_TEST(refusal(R"({"authorization_server.consent":"login"})", brokered)
                   .find("people log in at the provider") != std::string::npos);
    BOOST_TEST(refusal(R"({"authorization_server.consent":"page"})", brokered) == "");
    policies signed_ones;
    signed_ones.oauth.validation = oauth::strategy::jwt;
    signed_ones.oauth.format = oauth::token_format::jwt;
    BOOST_TEST(refusal(R"({"tokens.format":"opaque"})", signed_ones).find("strategy \"jwt\"") !=
               std::string::npos);
    BOOST_TEST(refusal(R"({"tokens.format":null})", signed_ones) == "");
}

// The same words as at the start of the server.
BOOST_AUTO_TEST_CASE(a_strategy_that_cannot_work_here_is_refused) {
    BOOST_TEST(refusal(R"({"validation.strategy":"jwt"})") ==
               "/validation.strategy: \"jwt\" needs tokens.format = \"jwt\": opaque tokens have no "
               "signature to check");
    BOOST_TEST(refusal(R"({"validation.strategy":"jwt","tokens.format":"jwt"})") == "");
    policies nobody;
    nobody.oauth.scopes = {"mcp:tools"};
    BOOST_TEST(refusal(R"({"validation.strategy":"userinfo"})", nobody)
                   .starts_with("/validation.strategy: \"userinfo\" needs \"openid\""));
    policies foreign;
    foreign.oauth.asks_itself = false;
    foreign.oauth.unusable_strategies = {{oauth::strategy::local, "the reason"}};
    BOOST_TEST(refusal(R"({"validation.strategy":"local"})", foreign) ==
               "/validation.strategy: the reason");
    BOOST_TEST(refusal(R"({"validation.strategy":"jwt"})", foreign) == "");
}

BOOST_AUTO_TEST_CASE(to_ask_for_tokens_needs_a_strategy_that_can_check_them) {
    policies open;
    open.mcp.auth = mcp::auth_mode::none;
    open.oauth.asks_itself = false;
    open.oauth.validation = oauth::strategy::local;
    open.oauth.unusable_strategies = {{oauth::strategy::local, "the reason"}};
    BOOST_TEST(refusal(R"({"mcp.auth":"required"})", open) == "/mcp.auth: the reason");
    BOOST_TEST(refusal(R"({"mcp.auth":"required","validation.strategy":"jwt"})", open) == "");
}

BOOST_AUTO_TEST_CASE(what_userinfo_needs_is_asked_for_as_long_as_it_is_asked) {
    policies configured;
    settle(configured);
    auto changed = change(object(R"({"validation.strategy":"userinfo"})"), configured).now;
    std::vector<std::string> const with{"mcp:tools", "openid"}, without{"mcp:tools"};
    BOOST_TEST(changed.mcp.scopes == with, boost::test_tools::per_element());
    changed = change(object(R"({"validation.strategy":"local"})"), changed).now;
    BOOST_TEST(changed.mcp.scopes == without, boost::test_tools::per_element());
}

// As it is told where POST /control/expires-in has put it.
BOOST_AUTO_TEST_CASE(a_token_may_be_dead_at_once) {
    auto const dead = change(object(R"({"tokens.access_ttl":"0s"})"));
    BOOST_TEST(dead.refusal == "");
    BOOST_TEST(dead.now.oauth.access_ttl.count() == 0);
}

BOOST_AUTO_TEST_CASE(a_grace_is_kept_for_reuse_alone_and_survives_another_word) {
    auto const graced = change(object(R"({"tokens.refresh_reuse":"grace:7s"})")).now;
    BOOST_TEST((graced.oauth.reuse == oauth::refresh_reuse::grace));
    auto const patch =
        read_policy_change(object(R"({"tokens.refresh_reuse":"reject"})"), graced, graced);
    BOOST_REQUIRE(patch.has_value());
    auto now = graced;
    apply(*patch, {}, now);
    BOOST_TEST((now.oauth.reuse == oauth::refresh_reuse::reject));
    BOOST_TEST(print_policy(now).at("tokens.refresh_reuse").as_string() == "reject");
}

BOOST_AUTO_TEST_SUITE_END()
