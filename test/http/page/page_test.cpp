#include "http/page/page.hpp"

#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

page simple() {
    html body;
    body.paragraph("hello");
    return page("A <title>", std::move(body));
}

std::string policy_of(page const& p) {
    return std::string(html_page(p).headers.get("Content-Security-Policy"));
}

std::string between(std::string const& text, std::string_view from, std::string_view to) {
    auto const begin = text.find(from);
    if (begin == std::string::npos) return "(none)";
    auto const end = text.find(to, begin);
    return text.substr(begin + from.size(), end - begin - from.size());
}

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pages)

BOOST_AUTO_TEST_CASE(a_page_is_html_with_a_title_a_language_and_a_viewport) {
    auto p = simple();
    p.status = 400;
    auto const r = html_page(p);
    BOOST_TEST(r.status == 400u);
    BOOST_TEST(r.headers.get("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(r.body.starts_with("<!doctype html>"));
    BOOST_TEST(has(r.body, "<html lang=\"en\">"));
    BOOST_TEST(has(r.body, "name=\"viewport\""));
    BOOST_TEST(has(r.body, "<title>A &lt;title&gt; - tollgate</title>"));
    BOOST_TEST(has(r.body, "<main>\n<h1>A &lt;title&gt;</h1>\n<p>hello</p>\n</main>"));
    BOOST_TEST(has(r.body, "prefers-color-scheme:dark"));
    BOOST_TEST(!has(r.body, "<script"));
}

// RFC 9700 §4.16: pages of the authorization server are protected against being framed.
BOOST_AUTO_TEST_CASE(a_page_is_never_framed_kept_or_named_to_others) {
    auto const r = html_page(simple());
    BOOST_TEST(r.headers.get("Cache-Control") == "no-store");
    BOOST_TEST(r.headers.get("Referrer-Policy") == "no-referrer");
    BOOST_TEST(r.headers.get("X-Content-Type-Options") == "nosniff");
    BOOST_TEST(r.headers.get("X-Frame-Options") == "DENY");
    auto const policy = policy_of(simple());
    BOOST_TEST(policy.starts_with("default-src 'none'; "));
    BOOST_TEST(has(policy, "frame-ancestors 'none'"));
    BOOST_TEST(has(policy, "base-uri 'none'"));
    BOOST_TEST(!has(policy, "unsafe"));
    BOOST_TEST(!has(policy, "script-src"));
}

// Fetch, "append a request Origin header": under no-referrer alone, a form says that it is from
// nowhere.
BOOST_AUTO_TEST_CASE(a_form_says_whose_it_is_and_no_more) {
    constexpr auto line = "<meta name=\"referrer\" content=\"same-origin\">";
    auto p = simple();
    BOOST_TEST(!has(html_page(p).body, line));
    for (auto const where : {forms_lead::home, forms_lead::onwards}) {
        p.forms = where;
        auto const r = html_page(p);
        BOOST_TEST(r.headers.get("Referrer-Policy") == "no-referrer");
        BOOST_TEST(has(r.body.substr(0, r.body.find("<title>")), line));
    }
}

BOOST_AUTO_TEST_CASE(the_policy_knows_the_very_style_and_script_by_their_digests) {
    auto p = simple();
    p.script = "document.forms[0].submit()";
    auto const r = html_page(p);
    auto const digest = [](std::string const& text) {
        return "'sha256-" + to_base64(sha256(text)) + "'";
    };
    auto const policy = policy_of(p);
    BOOST_TEST(has(policy, "style-src " + digest(between(r.body, "<style>", "</style>")) + ";"));
    BOOST_TEST(between(r.body, "<script>", "</script>") == p.script);
    BOOST_TEST(has(policy, "script-src " + digest(p.script) + ";"));
}

BOOST_AUTO_TEST_CASE(a_page_says_where_its_forms_may_lead) {
    auto p = simple();
    BOOST_TEST(has(policy_of(p), "form-action 'none'"));
    p.forms = forms_lead::home;
    BOOST_TEST(has(policy_of(p), "form-action 'self'"));
    p.forms = forms_lead::onwards;
    BOOST_TEST(!has(policy_of(p), "form-action"));
}

BOOST_AUTO_TEST_SUITE_END()
