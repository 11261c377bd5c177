// public-url: what the body may be, and who takes the names on.
#include <boost/test/unit_test.hpp>

#include "control/api/server_names.hpp"
#include "control/support/plane.hpp"

using namespace test;

namespace {

class fake_names : public control::server_names {
public:
    std::optional<problem> refusal;
    std::optional<http::renaming> taken;

    std::string settle(std::string& url) const override {
        if (!url.starts_with("https://")) return "must be https";
        if (url.ends_with('/')) url.pop_back();
        return {};
    }
    task<outcome<json::object>> rename(http::renaming wanted) override {
        if (refusal) co_return *refusal;
        taken = std::move(wanted);
        json::object now;
        now["issuer"] = "https://as.example";
        co_return now;
    }
};

struct renamed_plane : fake_names, plane {
    renamed_plane() : plane(&control::control_plane::add_shared_routes, {}, {}, this) {}
    std::string mistake_in(std::string const& body) {
        taken.reset();
        auto const a = post("public-url", body);
        BOOST_TEST(a.status == 400u, body);
        BOOST_TEST(!taken.has_value());
        return text(a.json(), "error_description");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(control_public_url, renamed_plane)

BOOST_AUTO_TEST_CASE(hands_the_names_on_and_says_where_the_server_is) {
    auto const a = post("public-url", R"({"authorization_server":"https://as.example/","mcp":""})");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(text(a.json(), "issuer") == "https://as.example");
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    BOOST_REQUIRE(taken.has_value());
    BOOST_TEST((taken->as == "https://as.example"));
    BOOST_TEST((taken->mcp == ""));
    BOOST_TEST(post("public-url", R"({"mcp":"https://mcp.example"})").status == 200u);
    BOOST_TEST(!taken->as.has_value());
    BOOST_TEST((taken->mcp == "https://mcp.example"));
}

BOOST_AUTO_TEST_CASE(names_the_place_of_a_mistake) {
    BOOST_TEST(mistake_in(R"({"mcp":"http://x"})") == "/mcp: must be https");
    BOOST_TEST(mistake_in(R"({"authorization_server":1})").starts_with("/authorization_server: "));
    BOOST_TEST(mistake_in(R"({"mcp":null})").starts_with("/mcp: "));
    BOOST_TEST(mistake_in(R"({"MCP":"https://x"})").starts_with("/MCP: "));
    BOOST_TEST(
        mistake_in(R"({"mcp":"https://)" + std::string(3000, 'x') + "\"}").starts_with("/mcp: "));
    mistake_in("{}");
    mistake_in("[]");
    mistake_in("");
    mistake_in("https://x");
}

BOOST_AUTO_TEST_CASE(passes_a_refusal_on) {
    refusal = problem(409, "conflict", "control.token is empty");
    auto const a = post("public-url", R"({"mcp":"https://mcp.example"})");
    BOOST_TEST(a.status == 409u);
    BOOST_TEST(text(a.json(), "error_description") == "control.token is empty");
}

BOOST_AUTO_TEST_CASE(stands_at_both_origins_and_answers_no_other_method) {
    BOOST_TEST(get("public-url").status == 405u);
    for (auto const side :
         {&control::control_plane::add_as_routes, &control::control_plane::add_mcp_routes}) {
        fake_names names;
        plane one(side, {}, {}, &names);
        BOOST_TEST(one.post("public-url", R"({"mcp":""})").status == 200u);
    }
    plane without;
    BOOST_TEST(without.post("public-url", R"({"mcp":""})").status == 404u);
}

BOOST_AUTO_TEST_SUITE_END()
