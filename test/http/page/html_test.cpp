#include "http/page/html.hpp"

#include <boost/test/unit_test.hpp>

using tollgate::http::html;

BOOST_AUTO_TEST_SUITE(html_pieces)

BOOST_AUTO_TEST_CASE(lets_in_as_markup_only_what_stands_in_the_source) {
    html h;
    h << "<b>";
    h.text("<b>&\"'") << "</b>";
    BOOST_TEST(h.string() == "<b>&lt;b&gt;&amp;&quot;&#39;</b>");
    html whole;
    whole << "<i>" << h << "</i>";
    BOOST_TEST(whole.string() == "<i>" + h.string() + "</i>");
}

BOOST_AUTO_TEST_CASE(keeps_a_value_inside_its_attribute) {
    BOOST_TEST(html().attribute("value", "\" onload=\"alert(1)").string() ==
               " value=\"&quot; onload=&quot;alert(1)\"");
    BOOST_TEST(html().hidden("st\"ate", "a'b>").string() ==
               "<input type=\"hidden\" name=\"st&quot;ate\" value=\"a&#39;b&gt;\">\n");
}

BOOST_AUTO_TEST_CASE(shows_control_characters_and_bad_utf_8_as_what_they_are) {
    BOOST_TEST(html()
                   .text(std::string_view("a\0b\x1b"
                                          "c\n\td\x7f",
                                          9))
                   .string() ==
               "a\xef\xbf\xbd"
               "b\xef\xbf\xbd"
               "c\n\td\xef\xbf\xbd");
    BOOST_TEST(html().text("caf\xc3\xa9").string() == "caf\xc3\xa9");
    BOOST_TEST(html().text("\xff<").string() == "?&lt;");
}

BOOST_AUTO_TEST_CASE(isolates_and_shortens_what_a_stranger_chose) {
    BOOST_TEST(html().foreign("\xe2\x80\xae<x>").string() == "<bdi>&lt;x&gt;</bdi>");
    BOOST_TEST(html().foreign("abcdef", 3).string() == "<bdi>abc\xe2\x80\xa6</bdi>");
    // Not in the middle of a character.
    BOOST_TEST(html()
                   .foreign("ab\xc3\xa9"
                            "d",
                            3)
                   .string() == "<bdi>ab\xe2\x80\xa6</bdi>");
}

BOOST_AUTO_TEST_CASE(links_to_web_addresses_only) {
    BOOST_TEST(html().link("https://a.example/?x=1&y=\"", "A").string() ==
               "<a rel=\"noreferrer noopener\" href=\"https://a.example/?x=1&amp;y=&quot;\">"
               "<bdi>A</bdi></a>");
    for (auto const* url : {"javascript:alert(1)", "data:text/html,x", " https://a.example/",
                            "//a.example", "https://me@a.example/"})
        BOOST_TEST(html().link(url, "A").string() == "<bdi>A</bdi>", url);
}

BOOST_AUTO_TEST_CASE(has_paragraphs_and_warnings) {
    BOOST_TEST(html().paragraph("1 < 2").string() == "<p>1 &lt; 2</p>\n");
    BOOST_TEST(html().warning("Look:", "<b>").string() ==
               "<p class=\"warning\" role=\"note\"><strong>Look:</strong> &lt;b&gt;</p>\n");
}

BOOST_AUTO_TEST_SUITE_END()
