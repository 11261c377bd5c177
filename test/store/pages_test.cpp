// Keys in pages, and how many there are.
#include <set>

#include "store/store_bench.hpp"

using namespace test::stores;

namespace {

std::string name(int i) {
    return "k" + std::to_string(i);
}

void fill(store& s, int first, int end) {
    realm_records some;
    for (int i = first; i < end; ++i) {
        some.push_back({kind::client, name(i), text("x")});
        if (some.size() < 500 && i + 1 < end) continue;
        now(s.put_all("r", std::move(some))).value();
        some = {};
    }
}

// All keys as the pages tell them, and what is done behind the first page.
template <class Meanwhile>
std::vector<std::string> told(store& s, Meanwhile meanwhile) {
    std::vector<std::string> all;
    std::string from;
    int pages = 0;
    do {
        auto const some = now(s.page("r", kind::client, from)).value();
        all.insert(all.end(), some.keys.begin(), some.keys.end());
        from = some.next;
        if (++pages == 1) meanwhile();
    } while (!from.empty());
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_pages)

BOOST_AUTO_TEST_CASE_TEMPLATE(many_keys_come_in_pages_and_each_once, Backend, backends) {
    Backend b;
    fill(b.s, 0, 5000);
    auto const first = now(b.s.page("r", kind::client, "")).value();
    BOOST_TEST(first.keys.size() < 2500u);
    BOOST_TEST(!first.next.empty());
    auto const all = told(b.s, [] {});
    BOOST_TEST(all.size() == 5000u);
    BOOST_TEST((std::set<std::string>(all.begin(), all.end()).size() == 5000u));
    BOOST_TEST(*now(b.s.count("r", kind::client)) == 5000u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_key_that_stays_is_told_whatever_comes_and_goes, Backend, backends) {
    Backend b;
    fill(b.s, 0, 4000);
    auto const all = told(b.s, [&] {
        for (int i = 0; i < 4000; i += 2)
            now(b.s.erase("r", kind::client, name(i))).value();
        fill(b.s, 4000, 9000);
    });
    std::set<std::string> const once(all.begin(), all.end());
    for (int i = 1; i < 4000; i += 2)
        BOOST_REQUIRE_MESSAGE(once.contains(name(i)), name(i));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(counts_what_is_alive_and_was_not_used, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::code, "a", text("x"))).value();
    now(b.s.put("r", kind::code, "used", text("x"))).value();
    now(b.s.put("r", kind::code, "late", record("x", "", b.time.now() + 1s))).value();
    now(b.s.put("r", kind::client, "c", text("x"))).value();
    BOOST_TEST(*now(b.s.count("r", kind::code)) == 3u);
    now(b.s.redeem("r", kind::code, "used")).value();
    b.time.advance(1s);
    BOOST_TEST(*now(b.s.count("r", kind::code)) == 1u);
    BOOST_TEST(*now(b.s.count("q", kind::code)) == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(nothing_is_one_empty_page, Backend, backends) {
    Backend b;
    auto const some = now(b.s.page("r", kind::client, "")).value();
    BOOST_TEST(some.keys.empty());
    BOOST_TEST(some.next.empty());
}

BOOST_AUTO_TEST_SUITE_END()
