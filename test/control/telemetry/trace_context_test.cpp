// traceparent and tracestate (W3C Trace Context §3).
#include "control/telemetry/trace_context.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

using namespace tollgate::control;

namespace {

std::string const good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::string with(std::size_t at, std::string_view text) {
    auto changed = good;
    return changed.replace(at, text.size(), text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(trace_context)

BOOST_AUTO_TEST_CASE(reads_the_ids_and_whether_it_is_sampled) {
    auto const found = read_trace_context(good, "a=1,b=2");
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->at.trace == "4bf92f3577b34da6a3ce929d0e0e4736");
    BOOST_TEST(found->at.span == "00f067aa0ba902b7");
    BOOST_TEST(found->at.state == "a=1,b=2");
    BOOST_TEST(found->sampled);
    BOOST_TEST(!read_trace_context(with(53, "02"), "")->sampled);
    BOOST_TEST(read_trace_context(with(53, "0b"), "")->sampled);
}

// §3.2.2.3: all zeroes is no id; digits are lower case.
BOOST_AUTO_TEST_CASE(takes_no_other_form_for_one) {
    for (auto const& wrong :
         {std::string(), std::string("00"), good.substr(1), good + "0", good + "-00", with(0, "ff"),
          with(0, "0G"), with(3, "4BF9"), with(2, "_"), with(35, "_"), with(52, "_"),
          with(3, std::string(32, '0')), with(36, std::string(16, '0')), with(53, "0x")})
        BOOST_TEST(!read_trace_context(wrong, "").has_value(), wrong);
}

// §4.3: what a later version has behind the flags does not matter.
BOOST_AUTO_TEST_CASE(reads_later_versions) {
    BOOST_TEST(read_trace_context(with(0, "01"), "").has_value());
    BOOST_TEST(read_trace_context(with(0, "01") + "-more", "").has_value());
    BOOST_TEST(!read_trace_context(with(0, "01") + "more", "").has_value());
}

BOOST_AUTO_TEST_CASE(leaves_out_a_state_that_cannot_be_passed_on) {
    BOOST_TEST(read_trace_context(good, std::string(513, 'a'))->at.state == "");
    BOOST_TEST(read_trace_context(good, "a=\x01")->at.state == "");
}

BOOST_AUTO_TEST_SUITE_END()
