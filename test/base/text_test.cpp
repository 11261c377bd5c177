#include "base/text.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(takes_utf8_of_every_length) {
    BOOST_TEST(is_utf8(""));
    BOOST_TEST(is_utf8("plain"));
    BOOST_TEST(is_utf8("\xc3\xa9"));               // é
    BOOST_TEST(is_utf8("\xe2\x82\xac"));           // €
    BOOST_TEST(is_utf8("\xf0\x9f\x98\x80"));       // emoji
    BOOST_TEST(is_utf8("\xf4\x8f\xbf\xbf"));       // U+10FFFF
    BOOST_TEST(is_utf8("\xee\x80\x80 and more"));  // U+E000
}

BOOST_AUTO_TEST_CASE(refuses_what_rfc_3629_forbids) {
    for (auto const* bad : {"\x80", "\xc3", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80",
                            "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
                            "\xe2\x82", "a\xe2\x28\xa1", "\xf0\x9f\x98"}) {
        BOOST_TEST(!is_utf8(bad), "accepted bytes of length " << std::string_view(bad).size());
    }
}

BOOST_AUTO_TEST_CASE(escapes_html_for_text_and_attributes) {
    BOOST_TEST(html_escape("<a href=\"x\" title='y'>&</a>") ==
               "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
    BOOST_TEST(html_escape("plain") == "plain");
}

BOOST_AUTO_TEST_CASE(a_quoted_string_cannot_be_left) {
    BOOST_TEST(quoted_string_escape("a\"b\\c") == "a\\\"b\\\\c");
    BOOST_TEST(quoted_string_escape("x\r\nSet-Cookie: y") == "x??Set-Cookie: y");
    BOOST_TEST(quoted_string_escape("\xc3\xa9") == "??");
}

BOOST_AUTO_TEST_CASE(what_a_peer_sent_is_shown_short_and_printable) {
    BOOST_TEST(printable("/a\x1b[31m\n") == "/a?[31m?");
    BOOST_TEST(printable("abcdef", 3) == "abc...");
    BOOST_TEST(printable("abc", 3) == "abc");
}

BOOST_AUTO_TEST_CASE(parts_are_taken_one_by_one_and_trimmed) {
    std::string_view rest = " a ,\tb,,c";
    BOOST_TEST(next_part(rest, ',') == "a");
    BOOST_TEST(next_part(rest, ',') == "b");
    BOOST_TEST(next_part(rest, ',') == "");
    BOOST_TEST(next_part(rest, ',') == "c");
    BOOST_TEST(rest.empty());
}

// Unicode TR36, "Bidirectional Text Spoofing": what turns the text around it, or cannot be seen.
BOOST_AUTO_TEST_CASE(takes_out_what_cannot_be_seen) {
    BOOST_TEST(without_invisible("a\xe2\x80\x8b"
                                 "b\xe2\x80\x8f"
                                 "c\xe2\x80\xae"
                                 "d\xe2\x81\xa6"
                                 "e\xe2\x81\xa9"
                                 "f\xef\xbb\xbf"
                                 "g\xc2\xad"
                                 "h\xe2\x80\xa9"
                                 "i\xf3\xa0\x81\x81"
                                 "j\xd8\x9c") == "abcdefghij");
    for (std::string const kept :
         {"", "plain, with spaces", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xe3\x82\xa2",
          "\xf0\x9f\x98\x80", "\xe2\x80\x90\xe2\x80\xa6", "\xff is no UTF-8"})
        BOOST_TEST(without_invisible(kept) == kept);
}

BOOST_AUTO_TEST_SUITE_END()
