#include <boost/test/unit_test.hpp>

#include "http/realm/resolver.hpp"

using namespace tollgate;
using namespace tollgate::http;
using by = realm_path::by;

namespace {

struct expected {
    char const* path;
    by how;
    char const* name;  // or "SCENARIO/RUN"
    char const* base;
    char const* rest;
};

void check(expected const& e) {
    std::string const path = e.path;
    auto const found = split_realm_path(path);
    auto name = std::string(found.name);
    if (found.named == by::scenario)
        name = std::string(found.scenario) + '/' + std::string(found.run);
    BOOST_TEST_CONTEXT(e.path) {
        BOOST_CHECK(found.named == e.how);
        BOOST_TEST(name == e.name);
        BOOST_TEST(found.base == e.base);
        BOOST_TEST(found.rest == e.rest);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(realm_paths)

BOOST_AUTO_TEST_CASE(paths_of_the_origin_stay_as_they_are) {
    for (auto const* path :
         {"/", "/mcp", "/token", "/r", "/s", "/rr/alpha", "/run/x", "", "*",
          "/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp",
          "/.well-known/oauth-authorization-serverx/r/alpha", "/.well-known/jwks.json",
          "/.well-known/other/r/alpha"}) {
        check({path, by::origin, "", "", path});
    }
}

BOOST_AUTO_TEST_CASE(a_named_realm_stands_below_r) {
    check({"/r/alpha/mcp", by::name, "alpha", "/r/alpha", "/mcp"});
    check({"/r/alpha/oauth/token", by::name, "alpha", "/r/alpha", "/oauth/token"});
    check({"/r/alpha", by::name, "alpha", "/r/alpha", "/"});
    check({"/r/alpha/", by::name, "alpha", "/r/alpha", "/"});
    check({"/r//mcp", by::name, "", "/r/", "/mcp"});
    check({"/r/", by::name, "", "/r/", "/"});
}

BOOST_AUTO_TEST_CASE(a_cell_names_run_revision_and_the_longest_scenario) {
    cell_words const words{[](std::string_view s) noexcept { return s == "2026-07-28"; },
                           [](std::string_view rest) {
                               std::size_t const longest = rest.starts_with("auth/x") ? 6 : 0;
                               return longest == 0 && rest.starts_with("tools") ? std::size_t(5)
                                                                                : longest;
                           }};
    std::string const path = "/s/mine/2026-07-28/auth/x/mcp";
    auto const found = split_realm_path(path, &words);
    BOOST_CHECK(found.named == by::scenario);
    BOOST_TEST(found.run == "mine");
    BOOST_TEST(found.revision == "2026-07-28");
    BOOST_TEST(found.scenario == "auth/x");
    BOOST_TEST(found.base == "/s/mine/2026-07-28/auth/x");
    BOOST_TEST(found.rest == "/mcp");
    std::string const inserted =
        "/.well-known/oauth-protected-resource/s/mine/2026-07-28/tools/mcp";
    auto const document = split_realm_path(inserted, &words);
    BOOST_TEST(document.base == "/s/mine/2026-07-28/tools");
    BOOST_TEST(document.rest == "/.well-known/oauth-protected-resource/mcp");
    for (std::string const wrong : {"/s/tools/2026-07-28/mcp", "/s/2026-07-28/2026-07-28/tools/mcp",
                                    "/s/2026-07-28/mine/mcp", "/s/mine/2026-07-28"})
        BOOST_CHECK(split_realm_path(wrong, &words).named == by::wrong_cell);
    std::string const plain = "/s/tools/mine/mcp";
    BOOST_TEST(split_realm_path(plain, &words).scenario == "tools");
}

BOOST_AUTO_TEST_CASE(an_implicit_realm_stands_below_s) {
    check({"/s/refresh.rotate/run-1/mcp", by::scenario, "refresh.rotate/run-1",
           "/s/refresh.rotate/run-1", "/mcp"});
    check({"/s/plain/7", by::scenario, "plain/7", "/s/plain/7", "/"});
    check({"/s/plain", by::scenario, "plain/", "/s/plain", "/"});
    check({"/s//x/mcp", by::scenario, "/x", "/s//x", "/mcp"});
}

// RFC 8414 §3: the well-known path stands between host and path of the issuer.
// RFC 9728 §3.1: that of a resource likewise.
BOOST_AUTO_TEST_CASE(
    rfc_8414_3_1_and_rfc_9728_3_1_the_base_is_inserted_behind_the_well_known_name) {
    check({"/.well-known/oauth-authorization-server/r/alpha", by::name, "alpha", "/r/alpha",
           "/.well-known/oauth-authorization-server"});
    check({"/.well-known/openid-configuration/r/alpha", by::name, "alpha", "/r/alpha",
           "/.well-known/openid-configuration"});
    check({"/.well-known/oauth-protected-resource/r/alpha/mcp", by::name, "alpha", "/r/alpha",
           "/.well-known/oauth-protected-resource/mcp"});
    check({"/.well-known/oauth-protected-resource/s/plain/7/sse", by::scenario, "plain/7",
           "/s/plain/7", "/.well-known/oauth-protected-resource/sse"});
    check({"/.well-known/oauth-protected-resource/r/alpha", by::name, "alpha", "/r/alpha",
           "/.well-known/oauth-protected-resource"});
}

BOOST_AUTO_TEST_CASE(openid_connect_discovery_4_1_and_jwks_are_appended) {
    check({"/r/alpha/.well-known/openid-configuration", by::name, "alpha", "/r/alpha",
           "/.well-known/openid-configuration"});
    check({"/s/plain/7/.well-known/jwks.json", by::scenario, "plain/7", "/s/plain/7",
           "/.well-known/jwks.json"});
}

BOOST_AUTO_TEST_CASE(inserted_documents_asked_for_below_the_base_are_misplaced) {
    check({"/r/alpha/.well-known/oauth-authorization-server", by::misplaced_well_known, "alpha",
           "/r/alpha", "/.well-known/oauth-authorization-server/r/alpha"});
    check({"/r/alpha/.well-known/oauth-protected-resource/mcp", by::misplaced_well_known, "alpha",
           "/r/alpha", "/.well-known/oauth-protected-resource/r/alpha/mcp"});
    auto const found = split_realm_path("/s/plain/7/.well-known/oauth-protected-resource");
    BOOST_CHECK(found.named == by::misplaced_well_known);
    BOOST_TEST(found.rest == "/.well-known/oauth-protected-resource/s/plain/7");
}

BOOST_AUTO_TEST_SUITE_END()
