// Which characters are what: tokens, spaces, UTF-8, and those that cannot be seen.
#include <boost/test/unit_test.hpp>

#include "base/text.hpp"

using namespace tollgate;

namespace {

std::string byte(unsigned value) {
    return std::string(1, static_cast<char>(static_cast<unsigned char>(value)));
}

// RFC 3629 §3: the table of it, without its exceptions (surrogates are written, too).
std::string utf8(char32_t c) {
    if (c < 0x80) return byte(c);
    if (c < 0x800) return byte(0xc0 | (c >> 6)) + byte(0x80 | (c & 0x3f));
    if (c < 0x10000)
        return byte(0xe0 | (c >> 12)) + byte(0x80 | ((c >> 6) & 0x3f)) + byte(0x80 | (c & 0x3f));
    return byte(0xf0 | (c >> 18)) + byte(0x80 | ((c >> 12) & 0x3f)) +
           byte(0x80 | ((c >> 6) & 0x3f)) + byte(0x80 | (c & 0x3f));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(characters)

// RFC 9110 §5.6.2: tchar
BOOST_AUTO_TEST_CASE(knows_the_characters_of_a_token_and_no_other) {
    std::string_view const tchar =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (unsigned i = 0; i < 256; ++i) {
        auto const c = byte(i)[0];
        BOOST_TEST(is_token_char(c) == (tchar.find(c) != tchar.npos), "byte " << i);
        BOOST_TEST(is_token_text(std::string("x") + c) == is_token_char(c), "byte " << i);
    }
}

// RFC 9110 §5.1: names compare without regard to ASCII case, and no other
BOOST_AUTO_TEST_CASE(lowers_the_letters_of_ascii_alone) {
    BOOST_TEST(to_lower("Content-TYPE") == "content-type");
    BOOST_TEST(to_lower("@[`{AZ") == "@[`{az");
    std::string const capitals = utf8(0xc9) + utf8(0x130) + utf8(0x212a);  // É, İ, the Kelvin sign
    BOOST_TEST(to_lower(capitals) == capitals);
}

// RFC 9110 §5.6.3: optional white space is spaces and tabs
BOOST_AUTO_TEST_CASE(trims_spaces_and_tabs_and_nothing_else) {
    BOOST_TEST(trim(" \t a b\t ") == "a b");
    BOOST_TEST(trim(" \t ") == "");
    BOOST_TEST(trim("") == "");
    for (auto const* kept : {"\r\na", "a\v", "\fa", "a\n"})
        BOOST_TEST(trim(kept) == kept);
    BOOST_TEST(trim(utf8(0xa0) + "a") == utf8(0xa0) + "a");
}

BOOST_AUTO_TEST_CASE(takes_the_whole_rest_where_no_separator_is_left) {
    std::string_view rest = "only";
    BOOST_TEST(next_part(rest, ';') == "only");
    BOOST_TEST(rest == "");
    BOOST_TEST(next_part(rest, ';') == "");
    rest = ";";
    BOOST_TEST(next_part(rest, ';') == "");
    BOOST_TEST(rest == "");
    rest = "a,b; c";
    BOOST_TEST(next_part(rest, ';') == "a,b");
    BOOST_TEST(rest == " c");
}

// RFC 3629 §3 and §4: all scalar values have one form, and surrogates have none
BOOST_AUTO_TEST_CASE(takes_every_scalar_value_and_no_surrogate) {
    std::size_t wrong = 0;
    for (char32_t c = 0; c <= 0x10ffff; ++c) {
        bool const surrogate = c >= 0xd800 && c <= 0xdfff;
        if (is_utf8(utf8(c)) == surrogate) ++wrong;
    }
    BOOST_TEST(wrong == 0u);
    BOOST_TEST(!is_utf8(utf8(0x110000)));
}

// RFC 3629 §4: no octet begins two forms, and none ends early
BOOST_AUTO_TEST_CASE(refuses_a_character_that_is_cut_anywhere) {
    for (char32_t const c : {0xe9u, 0x20acu, 0x1f600u}) {
        auto const whole = utf8(c);
        for (std::size_t n = 1; n < whole.size(); ++n) {
            BOOST_TEST(!is_utf8(whole.substr(0, n)));
            BOOST_TEST(!is_utf8(whole.substr(0, n) + "a"));
            BOOST_TEST(!is_utf8(whole.substr(n)));
        }
    }
}

// Unicode TR36, "Bidirectional Text Spoofing", and Default_Ignorable_Code_Point.
BOOST_AUTO_TEST_CASE(takes_out_the_controls_of_format_and_direction) {
    char32_t const gone[] = {0xad,   0x34f,   0x61c,   0x115f,  0x1160,  0x17b4,  0x17b5,  0x180e,
                             0x200b, 0x200c,  0x200d,  0x200e,  0x200f,  0x202a,  0x202b,  0x202c,
                             0x202d, 0x202e,  0x2060,  0x2064,  0x2066,  0x2067,  0x2068,  0x2069,
                             0x206a, 0x206f,  0x3164,  0xfeff,  0xffa0,  0xfff9,  0xfffb,  0x2028,
                             0x2029, 0x1bca0, 0x1bca3, 0x1d173, 0x1d17a, 0xe0001, 0xe0020, 0xe007f};
    for (auto const c : gone)
        BOOST_TEST(without_invisible("a" + utf8(c) + "b") == "ab",
                   "U+" << std::hex << static_cast<unsigned>(c));
}

// Variation selectors choose how a sign looks, and neighbours of a range are letters.
BOOST_AUTO_TEST_CASE(keeps_variation_selectors_and_the_neighbours_of_what_it_takes) {
    char32_t const kept[] = {0x180b, 0xfe00, 0xfe0f,  0xe0100, 0xe01ef, 0xac,    0xae,
                             0x350,  0x61b,  0x115e,  0x1161,  0x17b6,  0x200a,  0x2010,
                             0x2027, 0x202f, 0x205f,  0x2070,  0x3163,  0x3165,  0xff9f,
                             0xffa1, 0xfffc, 0x1bc9f, 0x1d172, 0x1d17b, 0x10ffff};
    for (auto const c : kept)
        BOOST_TEST(without_invisible("a" + utf8(c) + "b") == "a" + utf8(c) + "b",
                   "U+" << std::hex << static_cast<unsigned>(c));
}

BOOST_AUTO_TEST_CASE(escapes_html_once_and_lets_other_languages_be) {
    BOOST_TEST(html_escape("&amp;") == "&amp;amp;");
    auto const word = utf8(0xe9) + utf8(0x20ac) + utf8(0x1f600);
    BOOST_TEST(html_escape(word) == word);
}

// RFC 9110 §5.6.4: what a reader makes of the quoted-string is what was said
BOOST_AUTO_TEST_CASE(says_every_printable_character_in_a_quoted_string) {
    std::string said;
    for (char c = ' '; c <= '~'; ++c)
        said += c;
    std::string heard;
    auto const inside = quoted_string_escape(said);
    for (std::size_t i = 0; i < inside.size(); ++i) {
        BOOST_TEST(inside[i] != '"');
        if (inside[i] == '\\') ++i;
        BOOST_REQUIRE(i < inside.size());
        heard += inside[i];
    }
    BOOST_TEST(heard == said);
}

BOOST_AUTO_TEST_CASE(shows_two_hundred_characters_unless_it_is_told_otherwise) {
    BOOST_TEST(printable(std::string(200, 'a')) == std::string(200, 'a'));
    BOOST_TEST(printable(std::string(201, 'a')) == std::string(200, 'a') + "...");
    BOOST_TEST(printable("\x7f" + utf8(0xe9) + "~ ") == "???~ ");
    BOOST_TEST(printable("", 0) == "");
    BOOST_TEST(printable("a", 0) == "...");
}

BOOST_AUTO_TEST_SUITE_END()
