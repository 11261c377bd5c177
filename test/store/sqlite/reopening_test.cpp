// What the file still has when the process begins again.
#include "store/store_bench.hpp"

using namespace test::stores;

namespace {

struct file {
    test::folder folder;
    manual_clock time;
    std::string const path = (folder.path() / "store.db").string();
    std::string secret;
    std::unique_ptr<store> s = open();

    std::unique_ptr<store> open() {
        auto opened = open_sqlite_store({path}, time);
        secret = opened.secret;
        return std::move(opened.store);
    }
    void reopen() {
        s.reset();
        s = open();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(store_reopening, file)

BOOST_AUTO_TEST_CASE(keeps_every_record_as_it_was) {
    auto const end = time.now() + 1h;
    now(s->put("r", kind::access_token, "k", record("body", "f", {"client:a", "x"}, end))).value();
    now(s->put("", kind::realm, "r", text("{}"))).value();
    reopen();
    auto const got = now(s->get("r", kind::access_token, "k"));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->body == "body");
    BOOST_TEST(got->group == "f");
    std::vector<std::string> const others{"client:a", "x"};
    BOOST_TEST(got->others == others, boost::test_tools::per_element());
    BOOST_TEST((got->expires_at == end));
    BOOST_TEST(now(s->get("", kind::realm, "r"))->body == "{}");
    time.advance(1h);
    BOOST_TEST(failure(now(s->get("r", kind::access_token, "k"))) == "not_found");
}

BOOST_AUTO_TEST_CASE(keeps_what_was_redeemed) {
    now(s->put("r", kind::code, "k", text("x", "f"))).value();
    now(s->redeem("r", kind::code, "k")).value();
    reopen();
    BOOST_TEST(!now(s->redeem("r", kind::code, "k"))->first_time);
}

BOOST_AUTO_TEST_CASE(keeps_a_dead_group_dead) {
    now(s->put("r", kind::code, "k", text("x", "f"))).value();
    now(s->erase_group("r", "f")).value();
    reopen();
    BOOST_TEST(failure(now(s->get("r", kind::code, "k"))) == "not_found");
    BOOST_TEST(failure(now(s->put("r", kind::access_token, "t", text("x", "f")))) == "group_dead");
}

BOOST_AUTO_TEST_CASE(keeps_the_groups_of_records) {
    now(s->put("r", kind::code, "1", member("f", {"client"}))).value();
    now(s->put("r", kind::code, "2", member("g", {"client"}))).value();
    reopen();
    BOOST_TEST(*now(s->erase_group("r", "client")) == 2u);
}

BOOST_AUTO_TEST_CASE(never_gives_a_version_of_before_again) {
    now(s->put("r", kind::client, "k", text("x"))).value();
    auto const before = now(s->get("r", kind::client, "k"))->version;
    now(s->erase("r", kind::client, "k")).value();
    reopen();
    now(s->put("r", kind::client, "k", text("y"))).value();
    BOOST_TEST(now(s->get("r", kind::client, "k"))->version > before);
}

BOOST_AUTO_TEST_CASE(keeps_the_secret) {
    auto const before = secret;
    BOOST_TEST(before.size() > 32u);
    reopen();
    BOOST_TEST(secret == before);
}

BOOST_AUTO_TEST_CASE(shows_its_files_to_nobody_else) {
    now(s->put("r", kind::client, "k", text("x"))).value();
    namespace fs = std::filesystem;
    for (auto const* end : {"", ".key", "-wal"}) {
        auto const rights = fs::status(path + end).permissions();
        BOOST_TEST(((rights & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none),
                   path + end);
    }
}

BOOST_AUTO_TEST_CASE(sweeps_what_is_over_from_the_file) {
    for (int i = 0; i < 40; ++i)
        now(s->put("a", kind::code, std::to_string(i), record("x", "f", time.now() + 1s))).value();
    time.advance(1h);
    for (int i = 0; i < 8; ++i)
        now(s->put("b", kind::code, std::to_string(i), text("x"))).value();
    BOOST_TEST(now(s->copy("a"))->empty());
}

BOOST_AUTO_TEST_SUITE_END()
