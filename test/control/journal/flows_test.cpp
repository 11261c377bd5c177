#include "control/journal/flows.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate::control;

namespace {

tollgate::http::exchange_facts of(std::string client, std::string family = {},
                                  std::string error = {}) {
    tollgate::http::exchange_facts f;
    f.client_id = std::move(client);
    f.family = std::move(family);
    f.error = std::move(error);
    return f;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_flows)

BOOST_AUTO_TEST_CASE(begins_with_the_first_401_and_follows_the_client_that_comes_of_it) {
    flows f;
    auto const first = f.of(of({}, {}, "missing_token"), "peer");
    BOOST_TEST(f.of(of({}), "peer") == first);              // metadata
    BOOST_TEST(f.of(of("me"), "peer") == first);            // registration, authorization
    BOOST_TEST(f.of(of("me", "family"), "peer") == first);  // tokens
    BOOST_TEST(f.of(of("me"), "elsewhere") == first);       // a tool call from another address
}

BOOST_AUTO_TEST_CASE(keeps_two_clients_of_one_address_apart) {
    flows f;
    auto const one = f.of(of("one"), "peer");
    auto const two = f.of(of("two"), "peer");
    BOOST_TEST(one != two);
    BOOST_TEST(f.of(of("one"), "peer") == one);
}

BOOST_AUTO_TEST_CASE(gives_a_second_login_a_flow_of_its_own) {
    flows f;
    auto const first = f.of(of("me", "family-1"), "peer");
    auto const again = f.of(of("me", "family-2"), "peer");
    BOOST_TEST(again != first);
    // What is about the old grant stays with it.
    BOOST_TEST(f.of(of("me", "family-1"), "peer") == first);
}

BOOST_AUTO_TEST_CASE(begins_anew_where_somebody_comes_without_a_token_after_a_login) {
    flows f;
    auto const first = f.of(of("me", "family"), "peer");
    auto const other = f.of(of({}, {}, "missing_token"), "peer");
    BOOST_TEST(other != first);
    BOOST_TEST(f.of(of("me", "family"), "peer") == first);
}

BOOST_AUTO_TEST_CASE(does_not_grow_for_ever) {
    flows f;
    for (int i = 0; i < 5000; ++i)
        f.of(of("client-" + std::to_string(i), "family-" + std::to_string(i)), "peer");
    auto const one = f.of(of("last", "last"), "peer");
    BOOST_TEST(f.of(of("last", "last"), "peer") == one);
}

BOOST_AUTO_TEST_CASE(goes_on_behind_the_flows_of_an_earlier_process) {
    flows f;
    f.note("f3", "family", "me");
    BOOST_TEST(f.of(of({}, "family"), "") == "f3");
    BOOST_TEST(f.of(of("me"), "") == "f3");
    BOOST_TEST(f.of(of("another"), "") == "f4");
    f.note("f123456789012", {}, "late");
    BOOST_TEST(f.of(of("late"), "") == "f123456789012");
    BOOST_TEST(f.of(of("newer"), "") == "f123456789013");
}

BOOST_AUTO_TEST_CASE(a_text_that_names_no_flow_is_none) {
    flows f;
    for (auto const* text : {"", "f", "f0", "f1x", "x7", "f99999999999999999999"})
        f.note(text, "family", "me");
    BOOST_TEST(f.of(of("me", "family"), "") == "f1");
}

BOOST_AUTO_TEST_SUITE_END()
