#include "control/faults/catalogue.hpp"

#include <algorithm>
#include <set>

#include <boost/test/unit_test.hpp>

#include "control/faults/endpoints.hpp"
#include "control/support/plane.hpp"

using namespace test;

BOOST_AUTO_TEST_SUITE(catalogue)

BOOST_AUTO_TEST_CASE(says_of_every_fault_what_it_does_where_and_by_which_clause) {
    std::set<std::string_view> names;
    for (auto const& f : control::catalogue()) {
        BOOST_TEST(names.insert(f.name).second, f.name << " is there twice");
        BOOST_TEST(!f.summary.empty());
        BOOST_TEST(!f.clause.empty());
        BOOST_TEST(!f.client.empty());
        for (auto const& e : f.endpoints)
            BOOST_TEST(control::side_of(e) != 0u, f.name << " acts at " << e);
        BOOST_TEST(control::find_named_fault(f.name) == &f);
        for (auto const& alias : f.aliases) {
            BOOST_TEST(names.insert(alias).second, alias << " is there twice");
            BOOST_TEST(control::find_named_fault(alias) == &f);
        }
    }
    BOOST_TEST(control::find_named_fault("no.such") == nullptr);
}

BOOST_AUTO_TEST_CASE(knows_the_side_whose_reset_takes_a_fault_away) {
    BOOST_TEST(control::settings_of("refresh.invalid_grant").side == control::as_side);
    BOOST_TEST(control::settings_of("scope.forbidden").side == control::mcp_side);
    BOOST_TEST(control::settings_of("metadata.not_found").side == control::as_side);
    BOOST_TEST(control::settings_of("resource_metadata.not_found").side == control::mcp_side);
}

struct expectation {
    std::string_view fault;
    unsigned status;
    std::string_view error;   // OAuth error code, where there is one
    std::string_view header;  // that must be there
};
constexpr expectation at_token[] = {
    {"refresh.invalid_grant", 400, "invalid_grant", "Pragma"},
    {"token.invalid_client", 401, "invalid_client", "WWW-Authenticate"},
    {"token.server_error", 500, "", "Cache-Control"},
    {"token.unavailable", 503, "", "Retry-After"},
    {"token.rate_limited", 429, "", "Retry-After"},
};

BOOST_FIXTURE_TEST_CASE(answers_at_the_token_endpoint_what_it_promises, plane) {
    for (auto const& e : at_token) {
        fault(R"({"name":")" + std::string(e.fault) + R"("})");
        auto const a = token();
        BOOST_TEST(a.status == e.status, e.fault);
        BOOST_TEST(a.headers.has(e.header), e.fault);
        if (!e.error.empty()) BOOST_TEST(text(a.json(), "error") == e.error);
        BOOST_TEST(call().status == 200u);
        del("faults");
        BOOST_TEST(token().status == 200u);
    }
    BOOST_TEST(served.token == static_cast<int>(std::size(at_token)));
}

// RFC 6749 §5.1: both members may be missing from a successful answer.
BOOST_FIXTURE_TEST_CASE(takes_members_out_of_token_answers, plane) {
    fault(R"({"name":"token.no_refresh_token"})");
    BOOST_TEST(token().body == R"({"access_token":"at","expires_in":3600})");
    fault(R"({"name":"token.no_expires_in"})");
    BOOST_TEST(token().body == R"({"access_token":"at"})");
    BOOST_TEST(text(token({{"code", "bad"}}).json(), "error") == "invalid_grant");
}

BOOST_FIXTURE_TEST_CASE(spoils_the_metadata, plane) {
    fault(R"({"name":"metadata.issuer_foreign"})");
    BOOST_TEST(b.get("/metadata").body == R"({"issuer":"https://issuer.example","x":1})");
    fault(R"({"name":"metadata.not_found"})");
    BOOST_TEST(b.get("/metadata").status == 404u);
    BOOST_TEST(served.metadata == 1);
}

BOOST_FIXTURE_TEST_CASE(spoils_the_mcp_endpoints, plane) {
    fault(R"({"name":"mcp.server_error"})");
    BOOST_TEST(call().status == 500u);
    BOOST_TEST(b.post_json("/messages", "{}").status == 500u);
    BOOST_TEST(token().status == 200u);
    del("faults");
    fault(R"({"name":"mcp.unavailable","params":{"retry_after":7}})");
    auto const a = call();
    BOOST_TEST(a.status == 503u);
    BOOST_TEST(a.header("Retry-After") == "7");
}

BOOST_FIXTURE_TEST_CASE(is_shown_by_the_api_with_raw_at_its_end, plane) {
    auto const list = get("catalogue").json().at("faults").as_array();
    BOOST_TEST(list.size() == control::catalogue().size() + 1);
    auto const first = std::ranges::find_if(
        list, [](auto const& f) { return text(f, "name") == "refresh.invalid_grant"; });
    BOOST_REQUIRE(first != list.end());
    BOOST_TEST(text(*first, "clause") == "RFC 6749 §5.2");
    BOOST_TEST(text(*first, "grant_type") == "refresh_token");
    BOOST_TEST(text(list.back(), "name") == "raw");
    BOOST_TEST(list.back().at("parameters").as_object().contains("merge_patch"));
    BOOST_TEST(list.back().at("parameters").as_object().contains("close"));
}

BOOST_FIXTURE_TEST_CASE(tells_the_trigger_of_those_that_have_one_of_their_own, plane) {
    auto const list = get("catalogue").json().at("faults").as_array();
    for (auto const& f : list) {
        auto const name = text(f, "name");
        if (name == "prm.as_flaps") BOOST_TEST(f.at("trigger").at("every").as_int64() == 2);
        if (name == "refresh.invalid_grant") BOOST_TEST(!f.as_object().contains("trigger"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
