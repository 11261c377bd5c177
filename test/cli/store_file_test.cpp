// Records as the lines of a file, and again as records.
#include "cli/store_file.hpp"

#include <sstream>

#include <boost/test/unit_test.hpp>

using namespace tollgate;

namespace {

oauth::taken_out two_realms() {
    oauth::record full("{\"a\":\"\xc3\xa9\\n\"}", "family", {"client:a", "x"},
                       time_point(std::chrono::nanoseconds(1'800'000'000'000'000'001)));
    full.redeemed = true;
    oauth::record bare("", "", time_point::max());
    oauth::taken_out all;
    all.key_check = "the check of a key";
    all.realms.push_back({"", {{oauth::kind::realm, "alpha", bare}}});
    all.realms.push_back({"alpha", {{oauth::kind::code, "k", full}}});
    return all;
}

std::string written(oauth::taken_out const& all) {
    std::ostringstream to;
    write_store_file(all, to);
    return to.str();
}

oauth::taken_out read(std::string const& text) {
    std::istringstream from(text);
    return read_store_file(from, "FILE");
}

// What is wrong with it; empty: nothing.
std::string flaw(std::string const& text) {
    try {
        read(text);
        return {};
    } catch (bad_store_file const& e) {
        return e.what();
    }
}

std::string without_last_line(std::string text) {
    text.pop_back();
    text.resize(text.rfind('\n') + 1);
    return text;
}

std::string const head = "{\"tollgate_store\":1,\"key\":\"k\"}\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(store_file)

BOOST_AUTO_TEST_CASE(comes_back_as_it_was) {
    auto const all = read(written(two_realms()));
    BOOST_TEST(all.key_check == "the check of a key");
    BOOST_REQUIRE(all.realms.size() == 2u);
    BOOST_TEST(all.realms[0].first == "");
    BOOST_TEST(all.realms[1].first == "alpha");
    BOOST_TEST(written(all) == written(two_realms()));
    auto const& code = all.realms[1].second.at(0);
    BOOST_TEST((code.kind == oauth::kind::code));
    BOOST_TEST(code.record.redeemed);
    BOOST_TEST(code.record.belongs_to("x"));
    BOOST_TEST(code.record.belongs_to("family"));
    auto const& birth = all.realms[0].second.at(0);
    BOOST_TEST((birth.record.expires_at == time_point::max()));
}

BOOST_AUTO_TEST_CASE(every_kind_has_a_name_of_its_own) {
    oauth::taken_out all;
    for (auto const k : oauth::all_kinds())
        all.realms.push_back({"r" + std::to_string(static_cast<int>(k)),
                              {{k, "k", oauth::record("x", "", time_point::max())}}});
    auto const again = read(written(all));
    BOOST_TEST(again.realms.size() == oauth::kind_count);
    for (auto const& [realm, records] : again.realms)
        BOOST_TEST(realm == "r" + std::to_string(static_cast<int>(records.at(0).kind)));
}

BOOST_AUTO_TEST_CASE(says_in_which_line_it_is_wrong) {
    BOOST_TEST(flaw("").starts_with("FILE:1: ends where the head"));
    BOOST_TEST(flaw("{}\n").starts_with("FILE:1: is not what tollgate store export writes"));
    BOOST_TEST(flaw("{\"tollgate_store\":2,\"key\":\"k\"}\n")
                   .starts_with("FILE:1: was written by a later tollgate"));
    BOOST_TEST(flaw(head + "no JSON\n").starts_with("FILE:2: is no JSON object"));
    BOOST_TEST(flaw(head + "{\"realm\":\"r\"}\n").starts_with("FILE:2: is no record"));
    BOOST_TEST(flaw(head + R"({"realm":"r","kind":"song","key":"k","body":"x"})" + "\n{}\n")
                   .find("no record is of the kind \"song\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_one_whose_end_is_missing_or_whose_lines_are) {
    auto const whole = written(two_realms());
    BOOST_TEST(flaw(without_last_line(whole)).find("ends where") != std::string::npos);
    auto const fewer = without_last_line(without_last_line(whole)) + "{\"records\":2}\n";
    BOOST_TEST(flaw(fewer).find("says that there are 2 records, and there were 1") !=
               std::string::npos);
}

// Secrets that are on their way for some minutes stand in clear in their records.
BOOST_AUTO_TEST_CASE(logins_that_are_at_a_provider_stay_behind) {
    auto all = two_realms();
    all.realms[1].second.push_back(
        {oauth::kind::upstream_login, "state", oauth::record("x", "", time_point::max())});
    leave_out_passing(all);
    BOOST_TEST(written(all) == written(two_realms()));
}

BOOST_AUTO_TEST_SUITE_END()
