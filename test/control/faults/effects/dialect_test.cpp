// Effects that speak OAuth as some providers do.
#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;

namespace {

struct dialect : plane {
    void make(std::string const& effects) {
        fault(R"({"select":{"endpoint":"token"},"effects":[)" + effects + "]}");
    }
    answer failed() { return token({{"code", "bad"}}); }
    std::string mistake(std::string const& effect) {
        return described(post("faults", R"({"effects":[)" + effect + "]}"));
    }
};

constexpr auto scopes = R"({"json":{"merge":{"scope":"a offline_access b"}}},)";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(provider_dialects, dialect)

BOOST_AUTO_TEST_CASE(an_error_becomes_the_providers_own) {
    make(R"({"errors":{"by_code":{"invalid_grant":{"status":200,
         "merge":{"ok":false,"error":"invalid_code"},"remove":["error_description"]}}}})");
    auto const a = failed();
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body == R"({"error":"invalid_code","ok":false})");
    BOOST_TEST(served.token == 1);
    // What is no error stays as it is.
    BOOST_TEST(token().json().as_object().contains("access_token"));
}

BOOST_AUTO_TEST_CASE(an_asterisk_is_about_every_other_code) {
    make(R"({"errors":{"by_code":{"*":{"merge":{"trace_id":"t","timestamp":"{utc}"}},
                                  "invalid_scope":{"merge":{"a":1}}}}})");
    auto const a = failed();
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(text(a.json(), "error") == "invalid_grant");
    BOOST_TEST(text(a.json(), "trace_id") == "t");
    auto const at = text(a.json(), "timestamp");
    BOOST_TEST(at.size() == std::string("2027-01-15 08:00:00Z").size());
    BOOST_TEST(at[10] == ' ');
}

BOOST_AUTO_TEST_CASE(an_error_that_nobody_named_stays) {
    make(R"({"errors":{"by_code":{"invalid_scope":{"status":200}}}})");
    BOOST_TEST(failed().status == 400u);
}

BOOST_AUTO_TEST_CASE(a_form_comes_unless_json_is_asked_for) {
    make(R"({"form":{"unless_accepted":"application/json"}})");
    auto const a = token();
    BOOST_TEST(a.header("Content-Type") == "application/x-www-form-urlencoded");
    BOOST_TEST(a.body == "access_token=at&refresh_token=rt&expires_in=3600");
    auto const json = b.post_form("/token", {{"grant_type", "refresh_token"}},
                                  {{"Accept", "text/html, application/json;q=0.9"}});
    BOOST_TEST(json.body.starts_with("{"));
    // Errors, too.
    BOOST_TEST(failed().body.starts_with("error=invalid_grant&"));
}

BOOST_AUTO_TEST_CASE(scopes_can_have_commas_and_some_are_not_told) {
    make(std::string(scopes) + R"({"scopes":{"separator":",","without":["offline_access"]}})");
    BOOST_TEST(text(token().json(), "scope") == "a,b");
}

BOOST_AUTO_TEST_CASE(members_stand_in_an_object_as_well) {
    make(R"({"copy":{"into":"authed_user","members":["access_token","nothing"]}})");
    auto const told = token().json();
    BOOST_TEST(told.at("authed_user") == json::parse(R"({"access_token":"at"})"));
    BOOST_TEST(text(told, "access_token") == "at");
    BOOST_TEST(!failed().json().as_object().contains("authed_user"));
}

BOOST_AUTO_TEST_CASE(a_member_can_need_a_scope) {
    auto const id = fault(R"({"select":{"endpoint":"token"},"effects":[
        {"only_with_scope":{"scope":"offline_access","members":["refresh_token"]}}]})");
    BOOST_TEST(!token().json().as_object().contains("refresh_token"));
    del("faults/" + id);
    make(std::string(scopes) +
         R"({"only_with_scope":{"scope":"offline_access","members":["refresh_token"]}})");
    BOOST_TEST(text(token().json(), "refresh_token") == "rt");
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_by_their_place) {
    BOOST_TEST(mistake(R"({"errors":{}})").starts_with("/effects/0/errors/by_code: is missing"));
    BOOST_TEST(mistake(R"({"errors":{"by_code":{"invalid_grant":{"status":9}}}})")
                   .starts_with("/effects/0/errors/by_code/invalid_grant/status:"));
    BOOST_TEST(mistake(R"({"errors":{"by_code":{"invalid_grant":1}}})")
                   .starts_with("/effects/0/errors/by_code/invalid_grant:"));
    BOOST_TEST(mistake(R"({"scopes":{}})").starts_with("/effects/0/scopes/separator:"));
    BOOST_TEST(mistake(R"({"copy":{"into":"x"}})").starts_with("/effects/0/copy/members:"));
    BOOST_TEST(mistake(R"({"only_with_scope":{"scope":"x","members":[1]}})")
                   .starts_with("/effects/0/only_with_scope/members:"));
    BOOST_TEST(mistake(R"({"form":{"unless":"x"}})").starts_with("/effects/0/form/unless"));
}

BOOST_AUTO_TEST_SUITE_END()
