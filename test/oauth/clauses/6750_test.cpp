// What RFC 6750 demands of challenges and of where tokens are kept, over real requests.
#include <algorithm>
#include <map>

#include "oauth/authorize/browser.hpp"

using namespace test;

namespace {

// The parameters of a challenge, unescaped; a name that is there twice fails the test.
std::map<std::string, std::string> parameters_of(std::string_view challenge) {
    std::map<std::string, std::string> all;
    BOOST_REQUIRE(challenge.starts_with("Bearer "));
    challenge.remove_prefix(7);
    while (!challenge.empty()) {
        auto const equals = challenge.find("=\"");
        BOOST_REQUIRE_NE(equals, challenge.npos);
        std::string const name(challenge.substr(0, equals));
        std::string value;
        auto at = equals + 2;
        for (; at < challenge.size() && challenge[at] != '"'; ++at) {
            if (challenge[at] == '\\') ++at;
            value += challenge[at];
        }
        BOOST_TEST(all.emplace(name, value).second, name);
        challenge.remove_prefix(std::min(at + 1, challenge.size()));
        if (challenge.starts_with(", ")) challenge.remove_prefix(2);
    }
    return all;
}

bool is_error_text(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return c >= 0x20 && c <= 0x7e && c != '"' && c != '\\'; });
}

fields bearer(std::string const& token) {
    return {{"Authorization", "Bearer " + token}};
}

struct protected_resource : authorization_bench {
    answer post(std::string const& type, std::string const& body) {
        return web.send(http::verb::post, "/userinfo", body, {{"Content-Type", type}});
    }
    std::vector<answer> refusals() {
        auto const form = "application/x-www-form-urlencoded";
        auto two = bearer("a");
        two.push_back(two.front());
        return {web.get("/userinfo"),
                web.get("/userinfo", bearer("")),
                web.get("/userinfo", bearer("\"a\\b\"")),
                web.get("/userinfo", bearer("guess")),
                web.get("/userinfo", two),
                web.get("/userinfo", bearer(text(login(public_client()), "access_token"))),
                web.get("/userinfo?access_token=x"),
                web.get("/userinfo?%zz=\"\\"),
                post(form, "access_token=%zz"),
                post(form, "access_token=\"\\"),
                post(form, "access_token=a&access_token=b")};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clauses_6750, protected_resource)

// RFC 6750 §3: the scheme is Bearer, and a parameter follows it
// RFC 6750 §3: realm, scope, error and error_description are there once at most
BOOST_AUTO_TEST_CASE(every_refusal_has_a_challenge_that_names_nothing_twice) {
    for (auto const& a : refusals()) {
        BOOST_TEST(a.status >= 400u);
        BOOST_TEST(!parameters_of(a.header("WWW-Authenticate")).empty());
    }
}

// RFC 6750 §3: scope holds %x21 / %x23-5B / %x5D-7E and the space between two
// RFC 6750 §3: error and error_description hold %x20-21 / %x23-5B / %x5D-7E alone
BOOST_AUTO_TEST_CASE(challenges_hold_allowed_characters_alone) {
    for (auto const& a : refusals()) {
        for (auto const& [name, value] : parameters_of(a.header("WWW-Authenticate")))
            BOOST_TEST(is_error_text(value), name << ": " << value);
    }
}

// RFC 6750 §5.3: no token stands in a cookie
BOOST_AUTO_TEST_CASE(cookies_hold_no_token_and_no_code) {
    policy([](auto& p) { p.consent = oauth::consent_mode::page; });
    auto const id = public_client();
    browser person(*this);
    auto const a = person.press(person.open(authorize_request(id)), "approve");
    auto const code = parameter(a, "code");
    auto const tokens = token(code_request(id, code)).json();
    BOOST_TEST(!person.cookies.empty());
    for (auto const& [name, value] : person.cookies) {
        for (auto const& secret :
             {code, text(tokens, "access_token"), text(tokens, "refresh_token")})
            BOOST_TEST(value.find(secret) == value.npos, name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
