// Event ids that name a stream and a place in it.
#include "sse/event_id.hpp"

#include <set>

#include <boost/test/unit_test.hpp>

using namespace tollgate;

BOOST_AUTO_TEST_SUITE(sse_event_id)

// MCP 2025-11-25, Transports, "Resumability and Redelivery": an event id says which stream it is
// of.
BOOST_AUTO_TEST_CASE(names_its_stream_and_its_place_in_it) {
    auto const token = sse::random_stream_token();
    auto const text = sse::to_text({token, 42});
    auto const id = sse::parse_event_id(text);
    BOOST_REQUIRE(id.has_value());
    BOOST_TEST(id->stream == token);
    BOOST_TEST(id->number == 42u);
}

BOOST_AUTO_TEST_CASE(refuses_what_cannot_be_one_of_ours) {
    std::string const token(16, 'a');
    for (auto const& wrong :
         {std::string(), std::string("7"), token, token + ".", token + ".x", token + ".1x",
          token + ".-1", token + ".01", token + ".99999999999999999999999", token + "_1",
          token.substr(1) + ".1", "b" + token + ".1", token + ". 1", token + ".1 "}) {
        BOOST_TEST_CONTEXT(wrong) {
            BOOST_TEST(!sse::parse_event_id(wrong).has_value());
        }
    }
}

// MCP 2025-11-25, Transports, "Resumability and Redelivery": ids are unique across streams.
BOOST_AUTO_TEST_CASE(streams_have_names_of_their_own) {
    std::set<std::string> names;
    for (int i = 0; i < 200; ++i)
        names.insert(sse::random_stream_token());
    BOOST_TEST(names.size() == 200u);
    BOOST_TEST(names.begin()->size() == 16u);
}

BOOST_AUTO_TEST_CASE(a_stream_may_say_in_its_name_what_it_is_about) {
    for (std::string const subject : {"7", "\"a-request\"", "\"with . and ~ and 1\""}) {
        auto const text = sse::to_text({sse::random_stream_token(subject), 3});
        auto const id = sse::parse_event_id(text);
        BOOST_REQUIRE(id.has_value());
        BOOST_TEST(id->number == 3u);
        BOOST_TEST(sse::subject_of(id->stream).value() == subject);
    }
}

BOOST_AUTO_TEST_CASE(a_name_without_a_subject_has_none) {
    BOOST_TEST(!sse::subject_of(sse::random_stream_token()).has_value());
    BOOST_TEST(!sse::subject_of(sse::random_stream_token("")).has_value());
    std::string const longest(sse::longest_subject, 'x');
    BOOST_TEST(sse::subject_of(sse::random_stream_token(longest)).value() == longest);
    BOOST_TEST(!sse::subject_of(sse::random_stream_token(longest + 'x')).has_value());
    BOOST_TEST(!sse::subject_of(std::string(16, 'a') + "~not base64url").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
