// [store]: where records are kept.
#include <boost/test/unit_test.hpp>

#include "app/records_store.hpp"
#include "config/config_file.hpp"

using namespace tollgate;
using test::load;
using test::mistakes;

BOOST_AUTO_TEST_SUITE(config_store)

BOOST_AUTO_TEST_CASE(all_that_redis_needs_has_a_key) {
    auto const c = load({.toml = "[store]\nbackend = \"redis\"\n"
                                 "url = \"rediss://tg:pw@redis.example:6380/2\"\n"
                                 "prefix = \"team.a\"\nkey_file = \"keys/a.key\"\n"
                                 "timeout = \"500ms\"\n"});
    auto const o = redis_options(c);
    BOOST_TEST(o.url == "rediss://tg:pw@redis.example:6380/2");
    BOOST_TEST(o.prefix == "team.a");
    BOOST_TEST(o.key_file.ends_with("/keys/a.key"), o.key_file);
    BOOST_TEST(o.key_file.starts_with("/"), o.key_file);
    BOOST_TEST(o.timeout.count() == 500);
    BOOST_TEST(name_of_store(c) == "rediss://redis.example:6380/2 with the prefix team.a");
}

BOOST_AUTO_TEST_CASE(a_url_that_is_none_is_refused_and_its_password_is_not_shown) {
    BOOST_TEST(mistakes({.sets = {"store.url=http://127.0.0.1:6379"}}) ==
               "--set store.url: must begin with redis://, rediss:// or redis+unix://");
    auto const why = mistakes({.sets = {"store.url=redis://tg:s3cret@host:port"}});
    BOOST_TEST(why.find("must name a host and") != std::string::npos, why);
    BOOST_TEST(why.find("s3cret") == std::string::npos, why);
}

BOOST_AUTO_TEST_CASE(a_prefix_that_would_break_keys_is_refused) {
    for (auto const* wrong : {"", "a/b", "a}", "a b"})
        BOOST_TEST(mistakes({.sets = {"store.prefix=\"" + std::string(wrong) + '"'}})
                           .find("is not made of 1 to 64 letters, digits and _ . : -") !=
                       std::string::npos,
                   wrong);
}

BOOST_AUTO_TEST_CASE(a_call_takes_neither_no_time_nor_for_ever) {
    BOOST_TEST(mistakes({.sets = {"store.timeout=99ms"}}) != "");
    BOOST_TEST(mistakes({.sets = {"store.timeout=61s"}}) != "");
}

// It is told to the others.
BOOST_AUTO_TEST_CASE(an_instance_listens_where_others_can_connect) {
    BOOST_TEST(load({.sets = {"store.instance_address=10.0.0.7:7400"}}).store.instance_address ==
               "10.0.0.7:7400");
    for (auto const* wrong : {"10.0.0.7", ":7400", "10.0.0.7:", "10.0.0.7:70000", "10.0.0.7:x"})
        BOOST_TEST(mistakes({.sets = {"store.instance_address=\"" + std::string(wrong) + '"'}})
                           .find("is not HOST:PORT") != std::string::npos,
                   wrong);
    BOOST_TEST(mistakes({.sets = {"store.instance_address=0.0.0.0:7400"}})
                   .find("is no address that another instance could connect to") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_password_in_clear_on_the_network_is_told) {
    auto const notes = [](std::string const& url) {
        return load({.sets = {"store.backend=redis", "store.url=" + url}}).notes.size();
    };
    auto const none = notes("redis://127.0.0.1:6379");
    BOOST_TEST(notes("rediss://redis.example") == none);
    BOOST_TEST(notes("redis+unix:///run/redis.sock") == none);
    BOOST_TEST(notes("redis://redis.example") == none + 1);
}

BOOST_AUTO_TEST_SUITE_END()
