// OAuth 2.0 Form Post Response Mode.
#include "oauth/authorize/browser.hpp"

using namespace test;

namespace {

struct posted : authorization_bench {
    std::string id = public_client();
    fields good = with(authorize_request(id), "response_mode", "form_post");

    static std::string field(answer const& page, std::string const& name) {
        std::string found = "(none)";
        for (auto const& [n, value] : hidden_fields(page))
            if (n == name) found = value;
        return found;
    }
    static std::string target(answer const& page) {
        auto const forms = tags(page.body, "<form");
        BOOST_REQUIRE_EQUAL(forms.size(), 1u);
        BOOST_TEST(attribute(forms[0], "method") == "post");
        return attribute(forms[0], "action");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(form_post, posted)

// OAuth 2.0 Form Post Response Mode §2: the parameters are form values that the user agent posts to
// the client
// RFC 9207 §2: iss is among them
BOOST_AUTO_TEST_CASE(sends_the_code_in_a_form_that_posts_itself) {
    auto const a = authorize(good);
    BOOST_TEST(a.status == 200);
    BOOST_TEST(!a.headers.has("Location"));
    BOOST_TEST(target(a) == callback);
    BOOST_TEST(field(a, "state") == "xyz&=\xc3\xa9");
    BOOST_TEST(field(a, "iss") == "http://localhost:9100");
    BOOST_TEST(token(code_request(id, field(a, "code"))).status == 200);
    BOOST_TEST(says(a, "<script>document.forms[0].submit()</script>"));
    BOOST_TEST(says(a, "<button"));  // and without JavaScript the person does
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    auto const policy = a.header("Content-Security-Policy");
    BOOST_TEST(policy.find("script-src 'sha256-") != policy.npos);
    BOOST_TEST(policy.find("unsafe") == policy.npos);
    BOOST_TEST(policy.find("form-action") == policy.npos);  // page.hpp says why
}

// OAuth 2.0 Form Post Response Mode §2: error responses travel the same way.
// RFC 9207 §2: iss is in error answers
BOOST_AUTO_TEST_CASE(sends_errors_likewise) {
    auto const a = authorize(with(good, "scope", "root"));
    BOOST_TEST(a.status == 200);
    BOOST_TEST(target(a) == callback);
    BOOST_TEST(field(a, "error") == "invalid_scope");
    BOOST_TEST(field(a, "state") == "xyz&=\xc3\xa9");
    BOOST_TEST(field(a, "iss") == "http://localhost:9100");
}

BOOST_AUTO_TEST_CASE(escapes_what_it_sends) {
    auto const a = authorize(with(good, "state", "\"><script>alert(1)</script>"));
    BOOST_TEST(field(a, "state") == "\"><script>alert(1)</script>");
    BOOST_TEST(!says(a, "<script>alert"));
}

BOOST_AUTO_TEST_CASE(follows_a_consent_page) {
    policy([](auto& p) { p.consent = oauth::consent_mode::page; });
    browser person(*this);
    auto const page = person.open(good);
    BOOST_TEST(field(person.press(page, "approve"), "code") != "(none)");
    BOOST_TEST(field(person.press(person.open(good), "deny"), "error") == "access_denied");
    auto const wrong = person.press(person.open(good), "wrong-state");
    BOOST_TEST(field(wrong, "state") != "xyz&=\xc3\xa9");
    BOOST_TEST(tags(wrong.body, "<input type=\"hidden\" name=\"state\"").size() == 1u);
}

// OAuth 2.0 Multiple Response Type Encoding Practices §2.1: response_mode says how the answer
// travels.
BOOST_AUTO_TEST_CASE(knows_query_and_form_post_and_tells_so) {
    BOOST_TEST(parameter(authorize(with(good, "response_mode", "query")), "code") != "(none)");
    for (auto const* mode : {"fragment", "form_post.jwt", "web_message", "FORM_POST"}) {
        auto const a = authorize(with(good, "response_mode", mode));
        BOOST_TEST(parameter(a, "error") == "invalid_request", mode);
    }
    auto const metadata = web.get("/.well-known/oauth-authorization-server").json();
    BOOST_TEST(json::serialize(metadata.at("response_modes_supported")) ==
               R"(["query","form_post"])");
}

BOOST_AUTO_TEST_CASE(posts_to_websites_only) {
    json::object m;
    m["redirect_uris"] = json::array{"cursor://app/cb"};
    auto const other = text(register_client(m), "client_id");
    auto request = with(authorize_request(other), "redirect_uri", "cursor://app/cb");
    request.emplace_back("response_mode", "form_post");
    auto const a = authorize(request);
    BOOST_TEST(a.status == 302);
    BOOST_TEST(parameter(a, "error") == "invalid_request");
}

BOOST_AUTO_TEST_SUITE_END()
