// Pages and their pieces where a stranger has a say.
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "http/page/page.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::size_t times(std::string const& text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++n;
    return n;
}

std::string policy_of(reply const& r) {
    return std::string(r.headers.get("Content-Security-Policy"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(page_frame)

BOOST_AUTO_TEST_CASE(a_title_cannot_end_its_element) {
    auto const r = html_page(page("</title><script>x</script>", html()));
    BOOST_TEST(times(r.body, "</title>") == 1u);
    BOOST_TEST(!has(r.body, "<script"));
    BOOST_TEST(has(r.body, "<h1>&lt;/title&gt;"));
}

BOOST_AUTO_TEST_CASE(a_body_that_a_stranger_wrote_cannot_end_the_page) {
    html body;
    body.text("</main></body></html><form action=\"https://evil.example\">");
    auto const r = html_page(page("t", std::move(body)));
    BOOST_TEST(times(r.body, "</main>") == 1u);
    BOOST_TEST(times(r.body, "</html>") == 1u);
    BOOST_TEST(!has(r.body, "<form"));
}

BOOST_AUTO_TEST_CASE(a_wide_page_differs_in_its_width_alone) {
    auto narrow = page("t", html().paragraph("x"));
    auto wide = narrow;
    wide.wide = true;
    auto const a = html_page(narrow);
    auto const b = html_page(wide);
    BOOST_TEST(has(a.body, "<main>\n"));
    BOOST_TEST(has(b.body, "<main class=\"wide\">\n"));
    BOOST_TEST(policy_of(a) == policy_of(b));
}

// Content Security Policy Level 3, "default-src": other fetch directives fall back to it.
BOOST_AUTO_TEST_CASE(a_policy_allows_no_source_but_its_own_digests) {
    auto p = page("t", html());
    for (std::string const script : {"", "history.back()"}) {
        p.script = script;
        auto const policy = policy_of(html_page(p));
        for (auto const* lax : {"'unsafe", "*", "http:", "https:", "data:", "blob:", "'nonce"})
            BOOST_TEST(!has(policy, lax), policy);
        BOOST_TEST(has(policy, "script-src") == !script.empty(), policy);
        BOOST_TEST(times(policy, "'sha256-") == (script.empty() ? 1u : 2u));
    }
}

BOOST_AUTO_TEST_CASE(another_script_is_allowed_by_another_digest) {
    auto p = page("t", html());
    p.script = "a()";
    auto const first = policy_of(html_page(p));
    p.script = "b()";
    BOOST_TEST(policy_of(html_page(p)) != first);
}

BOOST_AUTO_TEST_CASE(the_status_of_a_page_changes_nothing_of_its_protection) {
    for (unsigned const status : {200u, 400u, 403u, 429u, 500u}) {
        auto p = page("t", html());
        p.status = status;
        auto const r = html_page(p);
        BOOST_TEST(r.status == status);
        BOOST_TEST(has(policy_of(r), "frame-ancestors 'none'"));
        BOOST_TEST(r.headers.get("Cache-Control") == "no-store");
        BOOST_TEST(r.headers.get("X-Content-Type-Options") == "nosniff");
    }
}

// It works without JavaScript, and asks nobody else for anything.
BOOST_AUTO_TEST_CASE(a_page_loads_nothing_from_elsewhere) {
    auto const r = html_page(page("t", html().paragraph("x")));
    for (auto const* loads :
         {"<link", "<img", "<iframe", "src=", "@import", "url(", "http://", "https://"})
        BOOST_TEST(!has(r.body, loads), loads);
}

BOOST_AUTO_TEST_CASE(text_of_a_stranger_is_shortened_at_its_limit_and_not_before) {
    std::string const fits(200, 'x');
    BOOST_TEST(html().foreign(fits).string() == "<bdi>" + fits + "</bdi>");
    BOOST_TEST(html().foreign(fits + 'x').string() == "<bdi>" + fits + "\xe2\x80\xa6</bdi>");
    BOOST_TEST(html().foreign("").string() == "<bdi></bdi>");
}

// Unicode TR36: what turns the direction of a text, or cannot be seen, is not shown.
BOOST_AUTO_TEST_CASE(text_of_a_stranger_loses_what_cannot_be_seen) {
    for (std::string const sign : {"\xe2\x80\xae", "\xe2\x80\x8f", "\xe2\x81\xa6", "\xe2\x80\x8b",
                                   "\xef\xbb\xbf", "\xc2\xad"})
        BOOST_TEST(html().foreign("a" + sign + "b").string() == "<bdi>ab</bdi>");
}

// HTML, "attributes": quoted, so that a space or a quote does not begin another one
BOOST_AUTO_TEST_CASE(an_attribute_keeps_spaces_quotes_and_ends_of_tags_inside) {
    BOOST_TEST(html().attribute("title", "a b='c' d=\"e\"> &amp;").string() ==
               " title=\"a b=&#39;c&#39; d=&quot;e&quot;&gt; &amp;amp;\"");
}

BOOST_AUTO_TEST_CASE(a_link_shows_its_text_as_a_strangers_and_tells_its_target_nothing) {
    auto const text = html().link("http://a.example/<b>", "<b>\xe2\x80\xae").string();
    BOOST_TEST(text ==
               "<a rel=\"noreferrer noopener\" href=\"http://a.example/&lt;b&gt;\">"
               "<bdi>&lt;b&gt;</bdi></a>");
    for (auto const* url : {"JavaScript:alert(1)", "vbscript:x", "file:///etc/passwd", "",
                            "\thttps://a.example/", "https:a.example", "/relative", "#x"})
        BOOST_TEST(html().link(url, "t").string() == "<bdi>t</bdi>", url);
}

BOOST_AUTO_TEST_SUITE_END()
