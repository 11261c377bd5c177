// What the consent page says of a client.
#include "oauth/authorize/consent_page.hpp"

#include "oauth/authorize/browser.hpp"

using namespace test;

namespace {

struct shown {
    oauth::policy rules;
    oauth::client who;
    http::place where;
    http::form none;

    shown() { who.id = "abc"; }
    answer page(std::string redirect_uri = "https://app.example.com/cb") {
        oauth::authorize_request r{none, where, rules, who};
        r.redirect_uri = std::move(redirect_uri);
        r.scopes = {"mcp:tools", "files:<read>"};
        oauth::consent_question q(r, http::html());
        q.who = &rules.users.front();
        auto const made = oauth::consent_page(q);
        answer a;
        a.status = made.status;
        a.headers = made.headers;
        a.body = made.body;
        return a;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(consent_pages, shown)

BOOST_AUTO_TEST_CASE(has_one_form_whose_buttons_scripts_can_find) {
    auto const body = page().body;
    BOOST_TEST(body.find("<form method=\"post\"") != std::string::npos);
    BOOST_TEST(body.find("<form") == body.rfind("<form"));
    for (auto const* decision : {"approve", "deny"})
        BOOST_TEST(body.find("<button name=\"decision\" value=\"" + std::string(decision) +
                             "\">") != std::string::npos,
                   decision);
    BOOST_TEST(body.find("<script") == std::string::npos);
}

// RFC 9700 §4.11.2: a person is told where a redirect leads
BOOST_AUTO_TEST_CASE(says_where_the_answer_goes) {
    using oauth::destination_of;
    BOOST_TEST(destination_of("https://app.example.com/cb?x=1") == "app.example.com");
    BOOST_TEST(destination_of("https://app.example.com:8443/") == "app.example.com:8443");
    BOOST_TEST(destination_of("http://127.0.0.1:5/") == "127.0.0.1:5 (this computer)");
    BOOST_TEST(destination_of("http://[::1]:5/") == "[::1]:5 (this computer)");
    BOOST_TEST(destination_of("cursor://anysphere.cursor-mcp/oauth") ==
               "the application that opens cursor: addresses");
    // What looks like a host and is none.
    BOOST_TEST(destination_of("https://app.example.com.evil.example/") ==
               "app.example.com.evil.example");
}

// RFC 7591 §5: metadata without a software statement is self-asserted.
BOOST_AUTO_TEST_CASE(warns_of_a_client_that_registered_itself) {
    BOOST_TEST(says(page(), "Nobody has verified this application."));
    who.configured = true;
    BOOST_TEST(!says(page(), "class=\"warning\""));
}

// MCP 2025-11-25, Authorization, "Localhost Redirect URI Risks": a warning for localhost-only
// redirect URIs.
BOOST_AUTO_TEST_CASE(warns_of_a_metadata_document_that_anybody_on_this_machine_can_use) {
    who.id = "https://app.example.com/client.json";
    who.from_document = true;
    who.redirect_uris = {"http://127.0.0.1/cb", "http://localhost/cb"};
    BOOST_TEST(says(page(), "Any program on this computer can use this identity."));
    who.redirect_uris.push_back("https://app.example.com/cb");
    BOOST_TEST(!says(page(), "Any program on this computer"));
    BOOST_TEST(says(page(), "whoever controls the website of its client ID"));
}

// RFC 6749 §10.14: what was received is sanitized
BOOST_AUTO_TEST_CASE(escapes_and_isolates_everything_that_a_client_chose) {
    who.id = "\"><script>alert(1)</script>";
    who.metadata["client_name"] = "\xe2\x80\xae<img src=x onerror=alert(1)>";
    auto const a = page("http://localhost/<script>");
    BOOST_TEST(!says(a, "<script"));
    BOOST_TEST(!says(a, "<img"));
    BOOST_TEST(says(a, "<strong><bdi>&lt;img"));
    BOOST_TEST(says(a, "<bdi>files:&lt;read&gt;</bdi>"));
}

BOOST_AUTO_TEST_CASE(calls_a_client_by_its_id_when_its_name_cannot_be_seen) {
    who.metadata["client_name"] = "\xe2\x80\x8b\xef\xbb\xbf";
    BOOST_TEST(says(page(), "<strong><bdi>abc</bdi></strong>"));
}

BOOST_AUTO_TEST_CASE(shortens_a_name_that_would_fill_the_page) {
    who.metadata["client_name"] = std::string(5000, 'x');
    BOOST_TEST(!says(page(), std::string(201, 'x')));
}

BOOST_AUTO_TEST_SUITE_END()
