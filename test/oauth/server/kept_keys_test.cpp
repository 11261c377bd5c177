// Signing keys that outlive the process.
#include "oauth/server/kept_keys.hpp"

#include "oauth/records/failing_store.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct kept_keys {
    tollgate::manual_clock time;
    failing_store of_keys{oauth::make_memory_store(time)};
    std::shared_ptr<oauth::key_keeper> const keeper =
        std::make_shared<oauth::key_keeper>(of_keys, "the secret of that store");
    boost::asio::io_context io;

    template <class T>
    T done(tollgate::task<T> work) {
        return test::run(io, std::move(work));
    }
    static std::string id(oauth::signing_key const& key) {
        return std::string(key.algorithm()) + ' ' + std::string(key.key_id());
    }
    std::string body(std::string_view realm) {
        auto const found = done(of_keys.get(realm, oauth::kind::state, "keys"));
        return found ? found->body : std::string();
    }
    void write(std::string_view realm, std::string text) {
        done(of_keys.erase(realm, oauth::kind::state, "keys")).value();
        oauth::record r(std::move(text), {}, tollgate::time_point::max());
        done(of_keys.put(realm, oauth::kind::state, "keys", std::move(r))).value();
    }
    static oauth::key_ring ring() {
        return oauth::key_ring(
            std::make_shared<oauth::key_source>(std::vector<oauth::signing_key>{shared_key()}));
    }
};

struct rotating : kept_keys, authorization_bench {
    rotating() : authorization_bench(with(keeper)) {}
    static oauth::server_options with(std::shared_ptr<oauth::key_keeper> keeper) {
        oauth::server_options o;
        o.keeper = std::move(keeper);
        return o;
    }
    std::string published() { return web.get("/.well-known/jwks.json").body; }
    // What the control plane does with them; a failure as "503 temporarily_unavailable".
    template <class T>
    std::string told(tollgate::task<tollgate::http::outcome<T>> work) {
        auto const r = done(std::move(work));
        return r ? "done" : std::to_string(r.error().status()) + ' ' + r.error().error();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(kept_keys_suite, kept_keys)

BOOST_AUTO_TEST_CASE(the_first_keys_are_made_once_one_of_each_algorithm) {
    auto const first = done(keeper->first_keys()).value();
    auto const again = done(keeper->first_keys()).value();
    BOOST_TEST(first.size() == oauth::algorithm_names.size());
    BOOST_REQUIRE(again.size() == first.size());
    for (std::size_t i = 0; i < first.size(); ++i)
        BOOST_TEST(id(again[i]) == id(first[i]));
}

BOOST_AUTO_TEST_CASE(a_ring_comes_back_with_its_old_keys) {
    auto keys = ring();
    auto const fresh = oauth::signing_key::generate(oauth::jws_algorithm::es256);
    auto const until = time.now() + std::chrono::hours(1);
    BOOST_REQUIRE(bool(keys.replace({fresh}, time.now(), until)));
    BOOST_REQUIRE(bool(done(keeper->keep("alpha", keys))));
    auto const found = done(keeper->find("alpha")).value();
    BOOST_REQUIRE(found.has_value());
    auto const place = static_cast<std::size_t>(oauth::jws_algorithm::es256);
    BOOST_REQUIRE(found->keys.at(place).has_value());
    BOOST_TEST(id(*found->keys.at(place)) == id(fresh));
    BOOST_REQUIRE(found->old.size() == 1u);
    BOOST_TEST((found->old.front().until == until));
    // What all realms share stands with none of them.
    BOOST_TEST(!found->keys.at(static_cast<std::size_t>(oauth::jws_algorithm::rs256)).has_value());
}

BOOST_AUTO_TEST_CASE(a_realm_without_keys_of_its_own_has_none) {
    BOOST_TEST(!done(keeper->find("alpha")).value().has_value());
}

BOOST_AUTO_TEST_CASE(nobody_reads_a_key_in_the_store) {
    done(keeper->first_keys()).value();
    BOOST_TEST(body("") != "");
    BOOST_TEST(body("").find("PRIVATE KEY") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_secret_or_realm_opens_nothing_nor_does_damage) {
    auto keys = ring();
    BOOST_REQUIRE(bool(done(keeper->keep("alpha", keys))));
    oauth::key_keeper stranger(of_keys, "another secret");
    BOOST_TEST(done(stranger.find("alpha")).error().status() == 500u);
    write("beta", body("alpha"));
    BOOST_TEST(done(keeper->find("beta")).error().status() == 500u);
    write("alpha", "damaged");
    auto const damaged = done(keeper->find("alpha"));
    BOOST_REQUIRE(!damaged);
    BOOST_TEST(damaged.error().error() == "server_error");
    BOOST_TEST(damaged.error().log_text().find("cannot be read") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_away_is_503) {
    for (int const call : {1, 2}) {
        of_keys.fail_at(call);
        BOOST_TEST(done(keeper->first_keys()).error().status() == 503u);
    }
}

// Whoever is refused finds the keys as they were: what nobody could write down is not so.
BOOST_FIXTURE_TEST_CASE(keys_that_cannot_be_kept_are_not_exchanged, rotating) {
    auto const before = published();
    of_keys.fail_at(1);
    BOOST_TEST(told(server.rotate_keys(*web.realm)) == "503 temporarily_unavailable");
    BOOST_TEST(published() == before);
    of_keys.fail_at(1);
    BOOST_TEST(told(server.renew_keys_by_old_names(*web.realm)) == "503 temporarily_unavailable");
    BOOST_TEST(published() == before);
    BOOST_TEST(told(server.rotate_keys(*web.realm)) == "done");
    auto const rotated = published();
    BOOST_TEST(rotated != before);
    of_keys.fail_at(1);
    BOOST_TEST(told(server.drop_old_keys(*web.realm)) == "503 temporarily_unavailable");
    BOOST_TEST(published() == rotated);
}

BOOST_AUTO_TEST_SUITE_END()
