// What the Redis backend is told and writes, without a server: URLs, keys, records, replies.
#include <boost/test/unit_test.hpp>

#include "store/redis/protocol/layout.hpp"
#include "store/redis/protocol/url.hpp"
#include "store/redis/protocol/wire.hpp"

using namespace tollgate::oauth;
using namespace tollgate::oauth::redis;

namespace {

std::string why_not(std::string const& text) {
    auto const parsed = parse_url(text);
    return parsed ? "fine" : parsed.error().why;
}

record full_record() {
    record r("{\"a\":1}", "family", {"client:a", std::string("x\0:y", 4)},
             tollgate::time_point(tollgate::time_point::duration(1'800'000'000'123'456'789)));
    return r;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(redis_formats)

BOOST_AUTO_TEST_CASE(reads_every_form_of_url) {
    auto const plain = *parse_url("redis://127.0.0.1:6379/0");
    BOOST_TEST(plain.where.text() == "127.0.0.1:6379");
    BOOST_TEST(!plain.tls);
    BOOST_TEST(parse_url("redis://redis.example")->where.port == 6379);
    auto const full = *parse_url("rediss://tg:p%40ss%2Fw@[::1]:7000/12");
    BOOST_TEST(full.tls);
    BOOST_TEST(full.where.text() == "[::1]:7000");
    BOOST_TEST(full.user == "tg");
    BOOST_TEST(full.password == "p@ss/w");
    BOOST_TEST(full.database == 12u);
    auto const local = *parse_url("redis+unix://:secret@/run/redis/redis.sock?db=3");
    BOOST_TEST(local.where.path == "/run/redis/redis.sock");
    BOOST_TEST(local.user == "");
    BOOST_TEST(local.password == "secret");
    BOOST_TEST(local.database == 3u);
}

BOOST_AUTO_TEST_CASE(shows_no_password) {
    for (auto const* text : {"redis://tg:secret@h:1/2", "redis+unix://tg:secret@/s?db=2"}) {
        auto const shown = parse_url(text)->shown();
        BOOST_TEST(shown.find("secret") == std::string::npos, shown);
        BOOST_TEST(shown.find("tg") == std::string::npos, shown);
    }
    BOOST_TEST(parse_url("redis://tg:secret@h:1/2")->shown() == "redis://h:1/2");
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_a_url_without_its_password) {
    std::pair<char const*, char const*> const rows[] = {
        {"http://h", "must begin with redis://, rediss:// or redis+unix://"},
        {"127.0.0.1:6379", "must begin with redis://, rediss:// or redis+unix://"},
        {"redis://",
         "must name a host and, if it is not 6379, a port, as in redis://127.0.0.1:6379/0"},
        {"redis://h:0",
         "must name a host and, if it is not 6379, a port, as in redis://127.0.0.1:6379/0"},
        {"redis://h:99999",
         "must name a host and, if it is not 6379, a port, as in redis://127.0.0.1:6379/0"},
        {"redis://h/first", "must end in the number of a database, as in redis://127.0.0.1:6379/0"},
        {"redis://tg@h",
         "names a user without a password; write user:password@, or leave both out"},
        {"redis://tg:a%zz@h",
         "has a user or password with a % that begins no %XX; write %25 for it"},
        {"redis+unix://run/redis.sock",
         "must name the absolute path of a socket, as in redis+unix:///run/redis/redis.sock"},
        {"redis+unix:///s?password=x", "may have ?db=NUMBER behind the path, nothing else"},
    };
    for (auto const& [text, why] : rows)
        BOOST_TEST(why_not(text) == why, text);
}

BOOST_AUTO_TEST_CASE(reads_the_addresses_that_a_cluster_tells) {
    address a;
    BOOST_TEST(read_address("127.0.0.1:6381", "here", a));
    BOOST_TEST(a.text() == "127.0.0.1:6381");
    BOOST_TEST(read_address("::1:6381", "here", a));
    BOOST_TEST(a.text() == "[::1]:6381");
    BOOST_TEST(read_address(":6381", "here", a));
    BOOST_TEST(a.text() == "here:6381");
    BOOST_TEST(read_address("?:6381", "here", a));
    BOOST_TEST(a.text() == "here:6381");
    BOOST_TEST(!read_address("nothing", "here", a));
    BOOST_TEST(!read_address(":6381", "", a));
}

// Redis Cluster specification, "Key distribution model" and "Hash tags".
BOOST_AUTO_TEST_CASE(knows_the_slots_of_a_cluster) {
    BOOST_TEST(slot_of("123456789") == 0x31C3 % 16384);
    BOOST_TEST(slot_of("foo") == 12182);
    BOOST_TEST(slot_of("{foo}.bar") == 12182);
    BOOST_TEST(slot_of("{}foo") != slot_of(""));
    BOOST_TEST(slot_of("foo{{bar}}zap") == slot_of("{bar"));
}

BOOST_AUTO_TEST_CASE(keeps_all_of_a_realm_in_one_slot_whatever_its_name) {
    for (auto const* name : {"", "alpha", "a}b", "{x}", "a b", "\xff%"}) {
        realm_keys const keys("tollgate", name);
        for (auto const& key : keys.all())
            BOOST_TEST(slot_of(key) == keys.slot(), key);
    }
    BOOST_TEST(realm_keys("t", "a}b").of("due") == "{t/a%7Db}:due");
    BOOST_TEST(realm_keys("t", "a%7Db").of("due") != realm_keys("t", "a}b").of("due"));
}

BOOST_AUTO_TEST_CASE(takes_prefixes_that_cannot_break_a_key) {
    for (auto const* good : {"tollgate", "team:a.b_c-1"})
        BOOST_TEST(is_prefix(good), good);
    for (auto const& bad : {std::string(), std::string("a/b"), std::string("a}"),
                            std::string("a b"), std::string(65, 'a')})
        BOOST_TEST(!is_prefix(bad), bad);
}

BOOST_AUTO_TEST_CASE(gives_back_a_record_from_its_value) {
    auto const r = full_record();
    auto const back = unpacked(packed(r, 42, true));
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST(back->body == r.body);
    BOOST_TEST(back->group == r.group);
    BOOST_TEST(back->others == r.others, boost::test_tools::per_element());
    BOOST_TEST((back->expires_at == r.expires_at));
    BOOST_TEST(back->version == 42u);
    BOOST_TEST(back->redeemed);
}

BOOST_AUTO_TEST_CASE(takes_nothing_that_is_cut_for_a_record) {
    auto const whole = packed(full_record(), 1, false);
    auto const head = whole.size() - full_record().body.size();
    for (std::size_t n = 0; n < head; ++n)
        BOOST_TEST(!unpacked(std::string_view(whole).substr(0, n)).has_value(), n);
}

// Scripts compare moments as texts.
BOOST_AUTO_TEST_CASE(orders_moments_as_their_digits) {
    using tollgate::time_point;
    time_point const moments[] = {time_point::min(), time_point() - std::chrono::nanoseconds(1),
                                  time_point(), time_point() + std::chrono::nanoseconds(1),
                                  time_point::max()};
    for (std::size_t i = 1; i < std::size(moments); ++i)
        BOOST_TEST(digits(moments[i - 1]) < digits(moments[i]));
    BOOST_TEST(digits(time_point::max()).size() == 20u);
}

// A sweep may come late, never early.
BOOST_AUTO_TEST_CASE(rounds_the_end_of_a_record_up_and_the_time_of_a_sweep_down) {
    using namespace std::chrono_literals;
    tollgate::time_point const t(1s + 1ns);
    BOOST_TEST(milliseconds_after(t) == "1001");
    BOOST_TEST(milliseconds_before(t) == "1000");
    BOOST_TEST(due(record("", "", tollgate::time_point::max())) == "");
}

BOOST_AUTO_TEST_CASE(reads_replies_however_they_are_cut) {
    std::string const all =
        "*3\r\n$5\r\nfirst\r\n:7\r\n*1\r\n$-1\r\n-MOVED 3999 127.0.0.1:6381\r\n+OK\r\n";
    for (std::size_t cut = 1; cut < all.size(); ++cut) {
        reply_reader in;
        std::vector<reply> found;
        for (auto const& part : {all.substr(0, cut), all.substr(cut)}) {
            BOOST_REQUIRE(in.feed(part));
            while (auto r = in.next())
                found.push_back(std::move(*r));
        }
        BOOST_REQUIRE(found.size() == 3u);
        BOOST_TEST(found[0].item(0) == "first");
        BOOST_TEST(found[0].items[1].number == 7);
        BOOST_TEST((found[0].items[2].items[0].is == reply::type::nothing));
        BOOST_TEST(found[1].code() == "MOVED");
        BOOST_TEST(found[2].text == "OK");
    }
}

BOOST_AUTO_TEST_CASE(takes_nothing_from_what_is_no_redis) {
    reply_reader in;
    in.feed("HTTP/1.1 400 Bad Request\r\n\r\n");
    BOOST_TEST(!in.next().has_value());
    BOOST_TEST(in.broken());
    BOOST_TEST(!in.feed("+OK\r\n"));
}

BOOST_AUTO_TEST_CASE(writes_commands_with_the_lengths_of_their_words) {
    std::string all;
    append_command(all, {"SET", "a b", std::string("\0\r\n", 3)});
    BOOST_TEST(all == std::string("*3\r\n$3\r\nSET\r\n$3\r\na b\r\n$3\r\n\0\r\n\r\n", 31));
}

BOOST_AUTO_TEST_SUITE_END()
