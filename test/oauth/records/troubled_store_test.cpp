// A store with a trouble: what fails, what is lost without a word, and what the trouble never
// touches.
#include "oauth/records/troubled_store.hpp"

#include <boost/test/unit_test.hpp>

#include "support/exchange.hpp"
#include "support/lent_context.hpp"

using namespace tollgate::oauth;
using namespace std::chrono_literals;

namespace {

struct trouble_bench {
    tollgate::manual_clock time;
    std::unique_ptr<store> behind = make_memory_store(time);
    std::unique_ptr<store> troubled;
    std::uint64_t version = 0;  // of the record "k"

    trouble_bench() {
        done(behind->put("r", kind::code, "k", one("there"))).value();
        version = done(behind->get("r", kind::code, "k"))->version;
    }
    void with(store_trouble what) { troubled = make_troubled_store(*behind, what); }
    store& s() { return *troubled; }

    static record one(std::string body) {
        return {std::move(body), "g", tollgate::time_point::max()};
    }
    static realm_records list(std::string key) {
        realm_records all;
        all.push_back({kind::code, std::move(key), one("x")});
        return all;
    }
    template <class T>
    T done(tollgate::task<T> work) {
        test::lent_context mine;
        return test::run(mine.io(), std::move(work));
    }
    template <class T>
    std::string said(tollgate::task<tollgate::outcome<T>> work) {
        auto const got = done(std::move(work));
        return got ? "done" : std::to_string(got.error().status()) + ' ' + got.error().error();
    }
    // What each call that only changes something says.
    std::vector<std::string> changes() {
        return {said(s().put("r", kind::code, "new", one("x"))),
                said(s().put_all("r", list("newer"))),
                said(s().replace("r", kind::code, "k", one("changed"), version)),
                said(s().erase("r", kind::code, "k")),
                said(s().erase_group("r", "g")),
                said(s().erase_kinds("r", {kind::code}))};
    }
    // What is there in truth.
    std::string truth() {
        std::string all;
        for (auto const& kept : *done(behind->copy("r")))
            all += kept.key + '=' + kept.record.body + (kept.record.redeemed ? " used" : "") + ';';
        return all;
    }
};

std::vector<std::string> const six_failures(6, "503 unavailable");
std::vector<std::string> const six_done(6, "done");

store_trouble reads_fail() {
    store_trouble t;
    t.reads_fail = true;
    return t;
}
store_trouble writes_fail() {
    store_trouble t;
    t.writes_fail = true;
    return t;
}
store_trouble writes_lost() {
    store_trouble t;
    t.writes_lost = true;
    return t;
}
store_trouble reads_empty() {
    store_trouble t;
    t.reads_empty = true;
    return t;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(troubled_stores, trouble_bench)

BOOST_AUTO_TEST_CASE(does_what_the_store_behind_it_does_where_there_is_no_trouble) {
    with({});
    BOOST_TEST(done(s().get("r", kind::code, "k"))->body == "there");
    BOOST_TEST(done(s().redeem("r", kind::code, "k"))->first_time);
    BOOST_TEST(!done(s().redeem("r", kind::code, "k"))->first_time);
    BOOST_TEST(said(s().put("r", kind::code, "k", one("x"))) == "409 conflict");
    BOOST_TEST(said(s().put("r", kind::code, "new", one("x"))) == "done");
    BOOST_TEST(*done(s().count("r", kind::code)) == 1u);
    BOOST_TEST(*done(s().erase_group("r", "g")) == 2u);
    BOOST_TEST(said(s().get("r", kind::code, "k")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(fails_every_change_and_makes_none_while_writes_fail) {
    with(writes_fail());
    BOOST_TEST(changes() == six_failures, boost::test_tools::per_element());
    BOOST_TEST(said(s().redeem("r", kind::code, "k")) == "503 unavailable");
    BOOST_TEST(truth() == "k=there;");
    BOOST_TEST(done(s().get("r", kind::code, "k"))->body == "there");
    BOOST_TEST(*done(s().count("r", kind::code)) == 1u);
}

BOOST_AUTO_TEST_CASE(says_of_every_change_that_it_was_done_while_writes_are_lost) {
    with(writes_lost());
    BOOST_TEST(changes() == six_done, boost::test_tools::per_element());
    BOOST_TEST(*done(s().erase_group("r", "g")) == 0u);
    BOOST_TEST(*done(s().erase_kinds("r", {kind::code})) == 0u);
    BOOST_TEST(truth() == "k=there;");
}

// The fault that lets a code be used twice.
BOOST_AUTO_TEST_CASE(redeems_for_the_first_time_again_and_again_while_writes_are_lost) {
    with(writes_lost());
    for (int time = 0; time < 2; ++time) {
        auto const got = done(s().redeem("r", kind::code, "k"));
        BOOST_TEST(got->first_time);
        BOOST_TEST(got->record.body == "there");
    }
    BOOST_TEST(said(s().redeem("r", kind::code, "nobody")) == "404 not_found");
    BOOST_TEST(truth() == "k=there;");
}

BOOST_AUTO_TEST_CASE(knows_of_a_record_that_was_used_before_the_writes_were_lost) {
    done(behind->redeem("r", kind::code, "k")).value();
    with(writes_lost());
    BOOST_TEST(!done(s().redeem("r", kind::code, "k"))->first_time);
}

BOOST_AUTO_TEST_CASE(reads_nothing_and_writes_all_while_reads_fail) {
    with(reads_fail());
    BOOST_TEST(said(s().get("r", kind::code, "k")) == "503 unavailable");
    BOOST_TEST(said(s().redeem("r", kind::code, "k")) == "503 unavailable");
    BOOST_TEST(said(s().count("r", kind::code)) == "503 unavailable");
    BOOST_TEST(said(s().page("r", kind::code, "")) == "503 unavailable");
    BOOST_TEST(truth() == "k=there;");
    BOOST_TEST(changes() == six_done, boost::test_tools::per_element());
    BOOST_TEST(truth() == "");
}

BOOST_AUTO_TEST_CASE(finds_nothing_while_reads_are_empty_and_uses_nothing_up) {
    with(reads_empty());
    BOOST_TEST(said(s().get("r", kind::code, "k")) == "404 not_found");
    BOOST_TEST(said(s().redeem("r", kind::code, "k")) == "404 not_found");
    BOOST_TEST(truth() == "k=there;");
    BOOST_TEST(said(s().put("r", kind::code, "k", one("x"))) == "409 conflict");
}

BOOST_AUTO_TEST_CASE(fails_rather_than_to_be_empty_or_to_lose_where_it_has_both_troubles) {
    with(reads_fail() | reads_empty() | writes_fail() | writes_lost());
    BOOST_TEST(said(s().get("r", kind::code, "k")) == "503 unavailable");
    BOOST_TEST(changes() == six_failures, boost::test_tools::per_element());
    with(reads_empty() | writes_lost());
    BOOST_TEST(said(s().redeem("r", kind::code, "k")) == "404 not_found");
    BOOST_TEST(said(s().put("r", kind::code, "new", one("x"))) == "done");
    BOOST_TEST(truth() == "k=there;");
}

// The clock and the whole of a realm are the control plane's.
BOOST_AUTO_TEST_CASE(leaves_to_the_control_plane_the_clock_and_the_whole_of_a_realm) {
    with(reads_fail() | writes_fail());
    BOOST_TEST(done(s().copy("r"))->size() == 1u);
    BOOST_TEST(done(s().realms())->size() == 1u);
    BOOST_TEST(said(s().replace_all("r", list("other"))) == "done");
    BOOST_TEST(truth() == "other=x;");
    auto const shift = std::make_shared<tollgate::time_shift>();
    shift->advance(1h, time.now());
    s().keep_time("r", shift);
    BOOST_TEST((behind->now("r") == time.now() + 1h));
    BOOST_TEST((s().now("r") == time.now() + 1h));
    BOOST_TEST(s().is_durable() == behind->is_durable());
}

BOOST_AUTO_TEST_SUITE_END()
