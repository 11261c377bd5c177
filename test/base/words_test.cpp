#include "base/words.hpp"

#include <boost/test/unit_test.hpp>

#include "base/log/log.hpp"

namespace paint {

enum class colour { red, green, unnamed };
constexpr auto words_of(colour) {
    return std::to_array<tollgate::word<colour>>({{"red", colour::red}, {"green", colour::green}});
}

}  // namespace paint

using namespace tollgate;
using paint::colour;

BOOST_AUTO_TEST_SUITE(words)

BOOST_AUTO_TEST_CASE(gives_the_word_of_a_value_and_the_value_of_a_word) {
    BOOST_TEST(word_of(colour::green) == "green");
    BOOST_TEST((value_of<colour>("green") == colour::green));
}

BOOST_AUTO_TEST_CASE(has_no_word_for_a_value_that_nobody_named) {
    BOOST_TEST(word_of(colour::unnamed) == "");
}

BOOST_AUTO_TEST_CASE(takes_a_word_as_it_is_written_and_no_other_way) {
    for (auto const* wrong : {"", "Red", "RED", " red", "red ", "re", "reds", "red|green"})
        BOOST_TEST(!value_of<colour>(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_CASE(lists_the_alternatives_in_their_order) {
    BOOST_TEST(alternatives<colour>() == "red|green");
}

// server.log_format is text | json.
BOOST_AUTO_TEST_CASE(knows_the_formats_of_the_log) {
    BOOST_TEST(alternatives<log_format>() == "text|json");
}

BOOST_AUTO_TEST_CASE(calls_the_levels_of_the_log_as_its_lines_do) {
    for (auto const level :
         {log_level::debug, log_level::info, log_level::warning, log_level::error}) {
        auto const line = format_log_line(log_format::text, "t", level, "event", {});
        BOOST_TEST(line == "t " + std::string(word_of(level)) + " event");
    }
}

BOOST_AUTO_TEST_SUITE_END()
