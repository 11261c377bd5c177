// The four formats that elicitation knows, by the examples of the standards that define them.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "mcp/schema/rule.hpp"

using tollgate::mcp::schema_rules::has_format;
using tollgate::mcp::schema_rules::is_known_format;

namespace {

template <class List>
void all_fit(char const* format, List const& texts) {
    for (std::string_view const text : texts)
        BOOST_TEST(has_format(format, text), format << " refuses " << text);
}
template <class List>
void none_fits(char const* format, List const& texts) {
    for (std::string_view const text : texts)
        BOOST_TEST(!has_format(format, text), format << " takes " << text);
}

using texts = std::vector<std::string_view>;

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_schema_formats)

// MCP 2025-11-25, Client Features, Elicitation, "Supported Schema Types": email, uri, date and
// date-time.
BOOST_AUTO_TEST_CASE(knows_the_formats_of_elicitation_and_no_others) {
    for (auto const* format : {"email", "uri", "date", "date-time"})
        BOOST_TEST(is_known_format(format), format);
    for (auto const* format : {"", "time", "uuid", "Email", "date_time", "uri-reference"}) {
        BOOST_TEST(!is_known_format(format), format);
    }
}

// JSON Schema Validation 2020-12 §7.2.1: an unknown format is an annotation.
BOOST_AUTO_TEST_CASE(every_text_has_a_format_that_is_not_known) {
    BOOST_TEST(has_format("time", "no time"));
}

// RFC 5321 §4.1.2: a dot-string, an at sign and a domain.
BOOST_AUTO_TEST_CASE(an_address_has_a_dot_string_and_a_domain) {
    all_fit("email", texts{"joe.bloggs@example.com", "te~st@example.com", "~test@example.com",
                           "test~@example.com", "te.s.t@example.com", "!#$%&'*+-/=?^_`{|}@a.org",
                           "1@localhost", "a@1.example", "a@xn--bcher-kva.example"});
    none_fits("email", texts{"",
                             "@",
                             "2962",
                             "user@",
                             "@example.com",
                             ".test@example.com",
                             "test.@example.com",
                             "te..st@example.com",
                             "user@.example.com",
                             "user@example..com",
                             "user@example.com.",
                             "user@example.com-",
                             "user@-example.com",
                             "user@exa mple.com",
                             "user@example.com\n",
                             "us\ter@example.com",
                             "joe@invalid=domain.com",
                             "a@b@example.com",
                             "user@exa_mple.com",
                             "user@example.com:25"});
}

// RFC 5321 §4.5.3.1.1, §4.5.3.1.3: 64 octets before the at sign; a path of 256 with its brackets.
BOOST_AUTO_TEST_CASE(an_address_is_no_longer_than_smtp_allows) {
    std::string const local(64, 'a');
    BOOST_TEST(has_format("email", local + "@example.com"));
    BOOST_TEST(!has_format("email", local + "a@example.com"));
    auto const longest = local + '@' + std::string(189, 'd');
    BOOST_TEST(has_format("email", longest));
    BOOST_TEST(!has_format("email", longest + 'd'));
}

// RFC 3986 §1.1.2: its own examples, and those of the JSON Schema test suite.
BOOST_AUTO_TEST_CASE(a_uri_has_a_scheme_and_only_characters_of_uris) {
    all_fit("uri",
            texts{"ftp://ftp.is.co.za/rfc/rfc1808.txt", "http://www.ietf.org/rfc/rfc2396.txt",
                  "ldap://[2001:db8::7]/c=GB?objectClass?one", "mailto:John.Doe@example.com",
                  "news:comp.infosystems.www.servers.unix", "tel:+1-816-555-1212",
                  "telnet://192.0.2.16:80/", "a+b-c.1:x",
                  "urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
                  "http://foo.com/blah_(wikipedia)_blah#cite-1",
                  "http://foo.bar/?q=Test%20URL-encoded%20stuff",
                  "http://-.~_!$&'()*+,;=:%40:80%2f::::::@example.com"});
    none_fits("uri", texts{"",
                           ":",
                           "//foo.bar/?foo=baz#qux",
                           "/abc",
                           "abc",
                           "?q",
                           "#f",
                           "1a:b",
                           "+a:b",
                           "a_b:c",
                           "bar,baz:foo",
                           ":// should fail",
                           "http:// shouldfail.com",
                           "\\\\WINDOWS\\fileshare",
                           "https://example.org/foobar\\.txt",
                           "http://example.com/<x>",
                           "http://example.com/\"x\"",
                           "http://example.com/{x}",
                           "http://example.com/a|b",
                           "http://example.com/^",
                           "http://example.com/`",
                           "http://example.com/\xc3\xa4",
                           "http://example.com/\n"});
}

// RFC 3339 §5.6, §5.7: full-date, with the days that the month has.
BOOST_AUTO_TEST_CASE(a_date_has_four_two_and_two_digits) {
    all_fit("date", texts{"1963-06-19", "0001-01-01", "9999-12-31"});
    none_fits("date", texts{"", "06/19/1963", "2013-350", "1998-1-20", "1998-01-1", "1998-01-001",
                            "20230328", "2023-W01-2", "2020-11-28Z", "2020-11-28T00:00:00Z",
                            " 2020-01-01", "2020-01-01 ", "2020-00-10", "2020-13-10", "2020-01-00",
                            "-001-01-01", "2020-1a-01", "2020-01--1", "1963-06-1\xe0\xa7\xaa"});
}

// RFC 3339 §5.7, Appendix C: 29 February in years that 4 divides, of the centuries in those that
// 400 divides.
BOOST_AUTO_TEST_CASE(a_month_ends_when_it_ends) {
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (std::size_t i = 0; i < days.size(); ++i) {
        auto const number = std::to_string(i + 1);
        auto const month = "2023-" + std::string(2 - number.size(), '0') + number + '-';
        BOOST_TEST(has_format("date", month + std::to_string(days[i])), month);
        BOOST_TEST(!has_format("date", month + std::to_string(days[i] + 1)), month);
    }
    all_fit("date", texts{"2024-02-29", "2000-02-29", "2400-02-29"});
    none_fits("date", texts{"2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30"});
}

// RFC 3339 §5.8: its own examples; T and Z in either case (§5.6).
BOOST_AUTO_TEST_CASE(a_date_time_is_a_date_a_time_and_an_offset) {
    all_fit("date-time",
            texts{"1985-04-12T23:20:50.52Z", "1996-12-19T16:39:57-08:00", "1990-12-31T23:59:60Z",
                  "1990-12-31T15:59:60-08:00", "1937-01-01T12:00:27.87+00:20",
                  "1963-06-19t08:30:06.283185z", "2020-01-01T00:00:00-00:00",
                  "2020-01-01T00:00:00+23:59", "2020-01-01T00:00:00.123456789012Z"});
    none_fits("date-time", texts{"",
                                 "1963-06-19",
                                 "1963-06-19T",
                                 "12:00:00Z",
                                 "1998-12-31T23:59:61Z",
                                 "1990-02-31T15:59:59.123-08:00",
                                 "1990-12-31T15:59:59-24:00",
                                 "1963-06-19T08:30:06.28123+01:00Z",
                                 "06/19/1963 08:30:06 PST",
                                 "2013-350T01:01:01Z",
                                 "1963-6-19T08:30:06Z",
                                 "1963-06-1T08:30:06Z",
                                 "2020-01-01T12:00Z",
                                 "2020-01-01T1:00:00Z",
                                 "2020-01-01T12:60:00Z",
                                 "2020-01-01T12:00:00+0100",
                                 "2020-01-01T12:00:00+01",
                                 "2020-01-01T12:00:00+01:60",
                                 "2020-01-01T12:00:00,5Z",
                                 "2020-01-01T12:00:00ZZ",
                                 "2020-01-01T12:00:00 Z",
                                 "2020-01-01T12-00-00Z",
                                 "1963-06-11T0\xe0\xa7\xaa:00:00Z"});
}

BOOST_AUTO_TEST_SUITE_END()
