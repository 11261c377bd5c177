// Limits of what the Redis backend reads and writes: URLs, keys, records, replies at their edges.
#include <cstdint>
#include <limits>
#include <set>

#include <boost/test/unit_test.hpp>

#include "store/redis/protocol/layout.hpp"
#include "store/redis/protocol/script.hpp"
#include "store/redis/protocol/url.hpp"
#include "store/redis/protocol/wire.hpp"

using namespace tollgate::oauth;
using namespace tollgate::oauth::redis;
using namespace std::chrono_literals;

namespace {

std::string const wants_scheme = "must begin with redis://, rediss:// or redis+unix://";
std::string const wants_host =
    "must name a host and, if it is not 6379, a port, as in redis://127.0.0.1:6379/0";
std::string const wants_number =
    "must end in the number of a database, as in redis://127.0.0.1:6379/0";
std::string const wants_path =
    "must name the absolute path of a socket, as in redis+unix:///run/redis/redis.sock";
std::string const wants_password =
    "names a user without a password; write user:password@, or leave both out";
std::string const wants_escape =
    "has a user or password with a % that begins no %XX; write %25 for it";

std::string verdict(std::string const& text) {
    auto const parsed = parse_url(text);
    return parsed ? parsed->shown() : parsed.error().why;
}

reply only_reply(std::string const& bytes) {
    reply_reader in;
    BOOST_REQUIRE(in.feed(bytes));
    auto got = in.next();
    BOOST_REQUIRE(got.has_value());
    return *got;
}

std::string value_of(std::string const& groups, std::string const& body = "body") {
    auto const length = digits(groups.size()).substr(10);
    return digits(std::uint64_t(1) << 63) + digits(7) + '0' + length + groups + body;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(redis_limits)

BOOST_AUTO_TEST_CASE(takes_a_port_from_1_to_65535) {
    BOOST_TEST(verdict("redis://h:1") == "redis://h:1/0");
    BOOST_TEST(verdict("redis://h:65535") == "redis://h:65535/0");
    for (auto const* port : {":", ":0", ":65536", ":-1", ":+1", ":1x", ":1:2", ": 1", ":0x10"})
        BOOST_TEST(verdict(std::string("redis://h") + port) == wants_host, port);
}

BOOST_AUTO_TEST_CASE(takes_a_database_below_a_million_and_none_for_the_first) {
    for (auto const* none : {"redis://h", "redis://h/", "redis://h/0", "redis://h/00"})
        BOOST_TEST(verdict(none) == "redis://h:6379/0", none);
    BOOST_TEST(verdict("rediss://h/1048575") == "rediss://h:6379/1048575");
    for (auto const* wrong : {"1048576", "-1", "1/", "1/2", "0?db=1", "4294967296", "%31", " 1"})
        BOOST_TEST(verdict(std::string("redis://h/") + wrong) == wants_number, wrong);
}

BOOST_AUTO_TEST_CASE(takes_hosts_by_name_and_by_either_kind_of_address) {
    BOOST_TEST(verdict("redis://[::1]") == "redis://[::1]:6379/0");
    BOOST_TEST(verdict("redis://[fe80::1]:7/2") == "redis://[fe80::1]:7/2");
    BOOST_TEST(verdict("redis://my-redis.example") == "redis://my-redis.example:6379/0");
    for (auto const* wrong :
         {"", ":6379", "[]", "[]:1", "[::1", "[::1]1", "::1", "a b", "a]", "h?db=1", "h#x", "/0"})
        BOOST_TEST(verdict(std::string("redis://") + wrong) == wants_host, wrong);
}

BOOST_AUTO_TEST_CASE(tells_user_and_password_apart_at_the_first_colon_and_the_last_at) {
    struct {
        char const* text;
        char const* user;
        char const* password;
    } const rows[] = {{"redis://u:p@h", "u", "p"},        {"redis://:p@h", "", "p"},
                      {"redis://u:a:b@h", "u", "a:b"},    {"redis://u:a@b@h", "u", "a@b"},
                      {"redis://u:%3a%3A@h", "u", "::"},  {"redis://a%3Ab:p@h", "a:b", "p"},
                      {"redis://u:p%2F%20@h", "u", "p/ "}};
    for (auto const& row : rows) {
        auto const parsed = parse_url(row.text);
        BOOST_REQUIRE_MESSAGE(bool(parsed), row.text);
        BOOST_TEST(parsed->user == row.user, row.text);
        BOOST_TEST(parsed->password == row.password, row.text);
        BOOST_TEST(parsed->where.host == "h", row.text);
    }
}

BOOST_AUTO_TEST_CASE(refuses_half_of_a_user_and_password_and_half_of_an_escape) {
    for (auto const* half :
         {"redis://u@h", "redis://u:@h", "redis://@h", "redis://:@h", "redis+unix://u@/s"})
        BOOST_TEST(verdict(half) == wants_password, half);
    for (auto const* broken : {"redis://u:%@h", "redis://u:%4@h", "redis://u:a%4g@h",
                               "redis://%zz:p@h", "redis://u:p%@h"})
        BOOST_TEST(verdict(broken) == wants_escape, broken);
}

BOOST_AUTO_TEST_CASE(takes_no_other_scheme_and_none_in_other_words) {
    for (auto const* wrong : {"", "redis", "redis:", "redis:/h", "redis:h", "://h", "Redis://h",
                              "redis+tls://h", "unix:///s", " redis://h"})
        BOOST_TEST(verdict(wrong) == wants_scheme, wrong);
}

// unix(7): sun_path holds 108 bytes with the NUL that ends it
BOOST_AUTO_TEST_CASE(takes_the_longest_path_that_a_socket_may_have) {
    auto const longest = '/' + std::string(106, 's');
    BOOST_TEST(verdict("redis+unix://" + longest) == "redis+unix://" + longest);
    BOOST_TEST(verdict("redis+unix://" + longest + 's') == wants_path);
    BOOST_TEST(parse_url("redis+unix:///a%20b?db=2")->where.path == "/a b");
    for (auto const* wrong : {"redis+unix://", "redis+unix://s", "redis+unix://?db=1",
                              "redis+unix:///%zz", "redis+unix:///s%00.sock"})
        BOOST_TEST(verdict(wrong) == wants_path, wrong);
}

BOOST_AUTO_TEST_CASE(takes_nothing_but_a_database_behind_the_path_of_a_socket) {
    BOOST_TEST(verdict("redis+unix:///s?db=") == "redis+unix:///s");
    BOOST_TEST(verdict("redis+unix:///s?db=7") == "redis+unix:///s?db=7");
    for (auto const* wrong : {"?", "?DB=1", "?x=1&db=1", "?database=1"})
        BOOST_TEST(verdict(std::string("redis+unix:///s") + wrong) ==
                       "may have ?db=NUMBER behind the path, nothing else",
                   wrong);
    for (auto const* wrong : {"?db=x", "?db=1&db=2", "?db=-1"})
        BOOST_TEST(verdict(std::string("redis+unix:///s") + wrong) == wants_number, wrong);
}

BOOST_AUTO_TEST_CASE(reads_no_address_of_a_cluster_without_a_port) {
    address a;
    for (auto const* wrong : {"", ":", "h", "h:", "h:0", "h:65536", "h:1@16381", "h:x", "h: 1"})
        BOOST_TEST(!read_address(wrong, "here", a), wrong);
    BOOST_TEST(read_address("h:65535", "here", a));
    BOOST_TEST(a.text() == "h:65535");
    BOOST_TEST(!read_address("?:1", "", a));
}

// Redis Cluster specification, "Hash tags"
BOOST_AUTO_TEST_CASE(hashes_what_stands_between_the_first_brace_and_the_next_that_closes) {
    BOOST_TEST(slot_of("{user1000}.following") == slot_of("{user1000}.followers"));
    BOOST_TEST(slot_of("foo{bar}{zap}") == slot_of("bar"));
    BOOST_TEST(slot_of("foo{}{bar}") != slot_of("bar"));
    BOOST_TEST(slot_of("foo{bar") != slot_of("bar"));
    BOOST_TEST(slot_of("foo}bar{") != slot_of("bar"));
    BOOST_TEST(slot_of("") == 0);
}

BOOST_AUTO_TEST_CASE(makes_a_key_of_its_own_of_every_byte_of_a_name) {
    std::set<std::string> all;
    for (int c = 0; c < 256; ++c) {
        std::string const name(1, static_cast<char>(static_cast<unsigned char>(c)));
        auto const key = realm_keys("t", name).of("due");
        BOOST_TEST(key.find('{', 1) == std::string::npos, key);
        BOOST_TEST(key.find('}') == key.rfind('}'), key);
        all.insert(key);
    }
    BOOST_TEST(all.size() == 256u);
    BOOST_TEST(realm_keys("t", "Az09_.-").of("due") == "{t/Az09_.-}:due");
    BOOST_TEST(realm_keys("t", "a:b/c").of("due") == "{t/a%3Ab%2Fc}:due");
    BOOST_TEST(realm_keys("t", server_wide).of("meta") == "{t/}:meta");
}

// Scripts find the hash of a kind by its number, behind the first three.
BOOST_AUTO_TEST_CASE(names_the_keys_of_scripts_in_the_order_of_the_kinds) {
    realm_keys const keys("t", "r");
    auto const all = keys.all();
    BOOST_REQUIRE(all.size() == 3 + kind_count);
    BOOST_TEST(all[0] == "{t/r}:due");
    BOOST_TEST(all[1] == "{t/r}:members");
    BOOST_TEST(all[2] == "{t/r}:dead");
    for (std::size_t k = 0; k < kind_count; ++k)
        BOOST_TEST(all[3 + k] == "{t/r}:" + std::to_string(k));
    BOOST_TEST(keys.kinds().front() == all[3]);
}

BOOST_AUTO_TEST_CASE(takes_a_prefix_of_up_to_64_letters) {
    BOOST_TEST(is_prefix("x"));
    BOOST_TEST(is_prefix(std::string(64, 'x')));
    BOOST_TEST(!is_prefix(std::string(65, 'x')));
    for (auto const* wrong : {"{a", "a%b", "a*", "\xc3\xa9", "a\n", "?"})
        BOOST_TEST(!is_prefix(wrong), wrong);
    BOOST_TEST(!is_prefix(std::string_view("a\0b", 3)));
}

BOOST_AUTO_TEST_CASE(keeps_a_record_at_the_ends_of_time_and_of_its_versions) {
    for (auto const end :
         {tollgate::time_point::min(), tollgate::time_point(), tollgate::time_point::max()}) {
        auto const back =
            unpacked(packed(record("", "", end), std::numeric_limits<std::uint64_t>::max(), false));
        BOOST_REQUIRE(back.has_value());
        BOOST_TEST((back->expires_at == end));
        BOOST_TEST(back->version == std::numeric_limits<std::uint64_t>::max());
        BOOST_TEST(!back->redeemed);
        BOOST_TEST(back->body == "");
    }
}

BOOST_AUTO_TEST_CASE(keeps_groups_whose_names_look_like_what_parts_them) {
    record r("12:x", "1:a", {":", "3:", "", std::string(300, '9')}, tollgate::time_point::max());
    auto const back = unpacked(packed(r, 1, false));
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST(back->group == "1:a");
    BOOST_TEST(back->others == r.others, boost::test_tools::per_element());
    BOOST_TEST(back->body == "12:x");
}

BOOST_AUTO_TEST_CASE(takes_no_value_for_a_record_whose_groups_are_damaged) {
    BOOST_TEST(unpacked(value_of("0:"))->body == "body");
    BOOST_TEST(unpacked(value_of(""))->group == "");
    for (auto const* groups :
         {"x", "1:", "2:a", ":", "-1:", "1a:b", "1:ab", "99999999999999999999:a"})
        BOOST_TEST(!unpacked(value_of(groups)).has_value(), groups);
}

BOOST_AUTO_TEST_CASE(takes_no_value_for_a_record_whose_numbers_are_damaged) {
    auto const good = value_of("0:", "");
    for (std::size_t const at : {0u, 19u, 20u, 39u, 41u, 50u}) {
        auto bad = good;
        bad[at] = '-';
        BOOST_TEST(!unpacked(bad).has_value(), at);
    }
    auto too_long = good;
    too_long.replace(41, 10, "0000000003");
    BOOST_TEST(!unpacked(too_long).has_value());
}

BOOST_AUTO_TEST_CASE(is_due_in_the_millisecond_after_its_end_and_never_before_it) {
    auto const at = [](auto since) { return due(record("", "", tollgate::time_point(since))); };
    BOOST_TEST(at(1000ms) == "1000");
    BOOST_TEST(at(1000ms + 1ns) == "1001");
    BOOST_TEST(at(-1ns) == "0");
    BOOST_TEST(at(-1ms - 1ns) == "-1");
    BOOST_TEST(milliseconds_before(tollgate::time_point(-1ns)) == "-1");
}

BOOST_AUTO_TEST_CASE(tells_a_reply_in_one_line_of_bounded_length) {
    BOOST_TEST(shown(only_reply("*3\r\n$1\r\na\r\n:-1\r\n*1\r\n+b\r\n")) == "a, -1, b");
    BOOST_TEST(shown(only_reply("$2\r\na\n\r\n")) == "a?");
    BOOST_TEST(shown(only_reply("$-1\r\n")) == "");
    BOOST_TEST(shown(only_reply("$300\r\n" + std::string(300, 'x') + "\r\n")) ==
               std::string(200, 'x') + "...");
    std::string many = "*1000\r\n";
    for (int i = 0; i < 1000; ++i)
        many += ":1\r\n";
    BOOST_TEST(shown(only_reply(many)).size() == 203u);
}

BOOST_AUTO_TEST_CASE(has_the_code_of_an_error_alone) {
    BOOST_TEST(only_reply("-OOM command not allowed\r\n").code() == "OOM");
    BOOST_TEST(only_reply("-NOAUTH\r\n").code() == "NOAUTH");
    BOOST_TEST(only_reply("+MOVED 1 h:1\r\n").code() == "");
    BOOST_TEST(only_reply("$5\r\nOOM x\r\n").code() == "");
    BOOST_TEST(only_reply("*1\r\n+a\r\n").item(1) == "");
}

BOOST_AUTO_TEST_CASE(reads_lists_without_items_and_texts_of_every_byte) {
    BOOST_TEST((only_reply("*0\r\n").is == reply::type::list));
    BOOST_TEST(only_reply("$0\r\n\r\n").text == "");
    BOOST_TEST((only_reply("$0\r\n\r\n").is == reply::type::text));
    BOOST_TEST((only_reply("*-1\r\n").is == reply::type::nothing));
    BOOST_TEST(only_reply(std::string("$4\r\n\0\r\n\xff\r\n", 10)).text ==
               std::string("\0\r\n\xff", 4));
    BOOST_TEST(only_reply(":-9223372036854775808\r\n").number ==
               std::numeric_limits<std::int64_t>::min());
}

BOOST_AUTO_TEST_CASE(is_broken_by_a_length_that_is_none_and_stays_so) {
    for (auto const* wrong : {"$-2\r\n", "$x\r\n", "*x\r\n", ":\r\n", ":1x\r\n", "?\r\n", "\r\n"}) {
        reply_reader in;
        in.feed(wrong);
        BOOST_TEST(!in.next().has_value(), wrong);
        BOOST_TEST(in.broken(), wrong);
        in.feed("+OK\r\n");
        BOOST_TEST(!in.next().has_value(), wrong);
    }
}

// A script is called by the SHA-1 of its text: forty letters of lower case.
BOOST_AUTO_TEST_CASE(calls_every_script_by_a_digest_of_its_own) {
    std::set<std::string> digests;
    script const* const all[] = {
        &put_script(),         &redeem_script(),      &replace_script(),      &erase_script(),
        &erase_group_script(), &erase_kinds_script(), &replace_all_script(),  &sweep_script(),
        &page_script(),        &copy_script(),        &forget_realm_script(), &join_script(),
        &leave_script(),       &claim_script(),       &release_script(),      &look_script()};
    for (auto const* one : all) {
        BOOST_TEST(one->digest().size() == 40u);
        BOOST_TEST(one->digest().find_first_not_of("0123456789abcdef") == std::string::npos);
        digests.insert(one->digest());
    }
    BOOST_TEST(digests.size() == std::size(all));
}

BOOST_AUTO_TEST_SUITE_END()
