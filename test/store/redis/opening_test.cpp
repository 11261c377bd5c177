// What a store of Redis is refused for, and what it still has when the process begins again.
#include <fstream>

#include "http/net/certs.hpp"
#include "store/redis/redis_bench.hpp"

using namespace test::stores;

namespace {

struct redis_opening : own_redis {};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(redis_opening_suite, redis_opening)

BOOST_AUTO_TEST_CASE(keeps_what_was_written_redeemed_and_revoked) {
    open();
    auto const secret = opened.secret;
    BOOST_TEST(secret.size() > 32u);
    BOOST_TEST(opened.is_new);
    auto const end = time.now() + 1h;
    now(s().put("r", kind::access_token, "k", record("body", "f", {"client:a"}, end))).value();
    now(s().put("r", kind::code, "c", text("x", "g"))).value();
    now(s().redeem("r", kind::code, "c")).value();
    now(s().erase_group("r", "dead")).value();
    auto const version = now(s().get("r", kind::access_token, "k"))->version;
    reopen();
    BOOST_TEST(!opened.is_new);
    auto const got = now(s().get("r", kind::access_token, "k"));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->body == "body");
    BOOST_TEST((got->expires_at == end));
    BOOST_TEST(!now(s().redeem("r", kind::code, "c"))->first_time);
    BOOST_TEST(failure(now(s().put("r", kind::code, "d", text("x", "dead")))) == "group_dead");
    now(s().put("r", kind::client, "n", text("x"))).value();
    BOOST_TEST(now(s().get("r", kind::client, "n"))->version > version);
    BOOST_TEST(*now(s().erase_group("r", "client:a")) == 1u);
    BOOST_TEST(opened.secret == secret);
}

BOOST_AUTO_TEST_CASE(lets_a_second_process_in_and_gives_another_prefix_records_of_its_own) {
    open();
    BOOST_TEST(refusal() == "");
    now(s().put("r", kind::client, "c", text("x"))).value();
    auto elsewhere = options();
    elsewhere.prefix = "other";
    elsewhere.key_file += ".other";
    auto const another = open_redis_store(elsewhere, time);
    BOOST_TEST(now(another.store->realms())->empty());
}

// Of a version of which one process at a time could use the records.
BOOST_AUTO_TEST_CASE(leaves_the_records_to_an_earlier_version_that_uses_them) {
    open();
    opened.store.reset();
    server.ask({"SET", "{own/}:lock", "token host 1"});
    auto const why = refusal();
    BOOST_TEST(contains(why, "is in use by another tollgate (on host, process 1)"), why);
    BOOST_TEST(contains(why, "store.prefix"), why);
}

// The lock of a process that was killed runs out by itself.
BOOST_AUTO_TEST_CASE(waits_for_the_lock_of_a_process_that_is_gone) {
    open();
    opened.store.reset();
    server.ask({"SET", "{own/}:lock", "token host 1", "PX", "700"});
    BOOST_TEST(refusal() == "");
}

BOOST_AUTO_TEST_CASE(says_that_nobody_answers) {
    server.kill();
    auto const why = refusal();
    BOOST_TEST(contains(why, "cannot be used: "), why);
    BOOST_TEST(contains(why, "start the server, or name another one"), why);
}

BOOST_AUTO_TEST_CASE(refuses_a_replica) {
    auto const port = std::to_string(test::redis_server::free_port());
    server.ask({"REPLICAOF", "127.0.0.1", port});
    auto const why = refusal();
    BOOST_TEST(contains(why, "is a replica, which takes no writes"), why);
}

BOOST_AUTO_TEST_CASE(refuses_keys_of_another_program) {
    server.ask({"SET", "{own/}:meta", "mine"});
    BOOST_TEST(contains(refusal(), "has keys of another program ({own/}:meta)"));
    server.ask({"DEL", "{own/}:meta"});
    server.ask({"HSET", "{own/}:meta", "program", "other"});
    BOOST_TEST(contains(refusal(), "has keys of another program ({own/}:meta)"));
    server.ask({"DEL", "{own/}:meta"});
    server.ask({"RPUSH", "{own/}:realms", "x"});
    BOOST_TEST(contains(refusal(), "has keys of another program ({own/}:realms)"));
    // Nothing of it was touched.
    BOOST_TEST(contains(server.ask({"DBSIZE"}), ":1"));
}

// All of them find what the first has made.
BOOST_AUTO_TEST_CASE(makes_records_once_for_processes_that_begin_together) {
    std::vector<std::string> whys(4);
    {
        std::vector<std::jthread> starts;
        for (auto& why : whys)
            starts.emplace_back([this, &why] { why = refusal(); });
    }
    for (auto const& why : whys)
        BOOST_TEST(why == "");
    BOOST_TEST(contains(server.ask({"HGET", "{own/}:meta", "starts"}), "4"));
}

BOOST_AUTO_TEST_CASE(refuses_records_of_a_later_version) {
    open();
    opened.store.reset();
    server.ask({"HSET", "{own/}:meta", "schema", "7"});
    BOOST_TEST(contains(refusal(), "was written by a later tollgate (schema 7, "));
}

BOOST_AUTO_TEST_CASE(refuses_another_key_and_a_key_that_is_missing) {
    open();
    opened.store.reset();
    auto o = options();
    std::filesystem::rename(o.key_file, o.key_file + ".kept");
    BOOST_TEST(contains(refusal(o), "store.key_file: " + o.key_file + " is missing"));
    std::ofstream(o.key_file) << "another key\n";
    BOOST_TEST(contains(refusal(o), "is not the key that the records of store.url"));
    std::filesystem::rename(o.key_file + ".kept", o.key_file);
    BOOST_TEST(refusal(o) == "");
}

BOOST_AUTO_TEST_CASE(refuses_a_database_that_there_is_not) {
    url = server.url() + "?db=99";
    auto const why = refusal();
    BOOST_TEST(contains(why, "DB index is out of range"), why);
    BOOST_TEST(contains(why, "number of a database"), why);
}

BOOST_AUTO_TEST_CASE(makes_nothing_where_it_may_not) {
    auto o = options();
    o.may_make = false;
    BOOST_TEST(refusal(o) != "");
    BOOST_TEST(contains(server.ask({"DBSIZE"}), ":0"));
}

BOOST_AUTO_TEST_CASE(brings_records_in_where_there_are_none) {
    open();
    now(s().put("r", kind::client, "c", text("x", "g"))).value();
    taken_out all;
    all.key_check = opened.key_check;
    all.realms.emplace_back("r", *now(s().copy("r")));
    opened.store.reset();
    auto o = options();
    BOOST_CHECK_EXCEPTION(fill_redis_store(o, all), std::runtime_error,
                          [](auto const& e) { return contains(e.what(), "has records already"); });
    o.prefix = "second";
    fill_redis_store(o, all);
    auto second = open_redis_store(o, time);
    BOOST_TEST(now(second.store->get("r", kind::client, "c"))->body == "x");
    second.store.reset();
    o.key_file += ".nowhere";
    o.prefix = "third";
    BOOST_CHECK_EXCEPTION(fill_redis_store(o, all), std::runtime_error, [](auto const& e) {
        return contains(e.what(), "is not there, or not the key");
    });
}

BOOST_AUTO_TEST_CASE(does_not_serve_half_an_import) {
    open();
    opened.store.reset();
    server.ask({"HSET", "{own/}:meta", "importing", "1"});
    BOOST_TEST(contains(refusal(), "has a part of an import"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(redis_password_suite)

BOOST_AUTO_TEST_CASE(wants_the_password_of_the_server) {
    own_redis own({"--requirepass", "s3cret"});
    auto const none = own.refusal();
    BOOST_TEST(contains(none, "NOAUTH"), none);
    BOOST_TEST(contains(none, "write redis://user:password@"), none);
    own.url = own.server.url_as(":wr0ng");
    auto const wrong = own.refusal();
    BOOST_TEST(contains(wrong, "WRONGPASS"), wrong);
    BOOST_TEST(contains(wrong, "correct user and password in store.url"), wrong);
    BOOST_TEST(!contains(wrong, "wr0ng"), wrong);
    own.url = own.server.url_as(":s3cret");
    BOOST_TEST(own.refusal() == "");
}

// TLS: the certificate must be known, and made out to the name that was called.
BOOST_AUTO_TEST_CASE(goes_through_tls_to_a_server_that_proves_who_it_is) {
    test::folder certs;
    auto const files = tollgate::http::write_certificates(certs.path());
    auto const port = std::to_string(test::redis_server::free_port());
    own_redis own({"--tls-port", port, "--tls-cert-file", files.certificate.string(),
                   "--tls-key-file", files.key.string(), "--tls-ca-cert-file", files.ca.string(),
                   "--tls-auth-clients", "no"});
    own.url = "rediss://localhost:" + port;
    auto o = own.options();
    auto const unknown = own.refusal(o);
    BOOST_TEST(contains(unknown, "cannot be used: TLS: certificate verify failed"), unknown);
    BOOST_TEST(contains(unknown, "SSL_CERT_FILE"), unknown);
    o.ca_file = files.ca.string();
    BOOST_TEST(own.refusal(o) == "");
    // Without TLS it is no server of Redis.
    o.url = "redis://localhost:" + port;
    BOOST_TEST(own.refusal(o) != "");
}

// A name that has to be looked up, while the first calls arrive already.
BOOST_AUTO_TEST_CASE(finds_its_server_by_a_name) {
    auto const port = std::to_string(test::redis_server::free_port());
    own_redis own({"--port", port, "--bind", "127.0.0.1"});
    own.url = "redis://127.1:" + port;  // no literal, and every resolver knows it
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(own.refusal() == "");
}

// It may be another program, or a proxy, that repeats what it does not know.
BOOST_AUTO_TEST_CASE(repeats_no_password_that_the_server_repeats) {
    own_redis own({"--rename-command", "AUTH", "XAUTH"});
    own.url = own.server.url_as("tg:the-password-of-it");
    auto const why = own.refusal();
    BOOST_TEST(contains(why, "unknown command"), why);
    BOOST_TEST(!contains(why, "the-password"), why);
}

BOOST_AUTO_TEST_CASE(is_content_with_a_user_who_may_do_what_the_documentation_says) {
    own_redis own;
    own.server.ask({"ACL", "SETUSER", "tg", "on", ">pw", "~{own/*", "+@hash", "+@sortedset",
                    "+@string", "+@scripting", "+@keyspace", "+@connection", "-@dangerous", "+info",
                    "+time"});
    own.url = own.server.url_as("tg:pw");
    own.open();
    BOOST_TEST(failure(now(own.s().put("r", kind::code, "k", text("x", "g")))) == "success");
    BOOST_TEST(*now(own.s().erase_group("r", "g")) == 1u);
    BOOST_TEST(now(own.s().realms())->empty());
    own.opened.store.reset();
    own.server.ask({"ACL", "SETUSER", "tg", "-evalsha"});
    auto const why = own.refusal();
    BOOST_TEST(contains(why, "NOPERM"), why);
    BOOST_TEST(contains(why, "must be allowed"), why);
}

BOOST_AUTO_TEST_SUITE_END()
