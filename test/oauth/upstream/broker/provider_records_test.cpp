// What broker mode keeps of a login at the provider: who is on the way, what came back, what was
// not saved.
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "oauth/upstream/broker/broker.hpp"
#include "support/exchange.hpp"
#include "support/lent_context.hpp"

using namespace tollgate::oauth;
using namespace std::chrono_literals;
using tollgate::digest_of;
namespace http = tollgate::http;

namespace {

struct records_bench {
    tollgate::manual_clock time;
    std::unique_ptr<store> owned = make_memory_store(time);
    store& s = *owned;
    provider_token_vault tokens{s, "a key"};
    pending_logins logins{s};

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
    grant owner() const {
        grant g;
        g.family = "f";
        g.client_id = "c";
        return g;
    }
    provider_grant given(std::string token = "upstream-secret") const {
        provider_grant g;
        g.access_token = std::move(token);
        g.refresh_token = "upstream-refresh";
        g.subject = "alice";
        g.issued_at = time.now();
        g.expires_at = time.now() + 1500ms;
        return g;
    }
    void add() { done(tokens.add("r", owner(), given(), time.now() + 1h)).value(); }
    std::string body_of(std::string const& family) {
        return done(s.get("r", kind::upstream_token, digest_of(family)))->body;
    }
    static pending_login login() {
        return {"client_id=c&state=\"x\"", "allow", "verifier", "nonce",
                "https://here/callback",   "digest"};
    }
};

struct broker_names {
    provider_options options;

    std::string spoken() {
        tollgate::manual_clock time;
        auto const s = make_memory_store(time);
        http::client outbound{http::client::options()};
        provider p(outbound, options, time);
        return broker(p, {}, *s).spoken_name();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(provider_tokens, records_bench)

BOOST_AUTO_TEST_CASE(are_given_back_whole_to_the_millisecond) {
    add();
    auto const found = done(tokens.find("r", "f"));
    BOOST_REQUIRE(bool(found));
    BOOST_TEST(found->grant.access_token == "upstream-secret");
    BOOST_TEST(found->grant.refresh_token == "upstream-refresh");
    BOOST_TEST(found->grant.subject == "alice");
    BOOST_TEST((found->grant.issued_at == time.now()));
    BOOST_TEST((found->grant.expires_at == time.now() + 1500ms));
    BOOST_TEST((found->keep_until == time.now() + 1h));
    BOOST_TEST(found->groups.at(0) == "client:c");
}

BOOST_AUTO_TEST_CASE(may_have_no_end_and_no_renewal) {
    provider_grant bare;
    bare.access_token = "t";
    done(tokens.add("r", owner(), bare, time.now() + 1h)).value();
    auto const found = done(tokens.find("r", "f"));
    BOOST_TEST(!found->grant.expires_at.has_value());
    BOOST_TEST(found->grant.refresh_token == "");
}

BOOST_AUTO_TEST_CASE(stand_in_the_store_sealed_and_under_a_digest) {
    add();
    auto const all = *done(s.copy("r"));
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST(all[0].key == digest_of("f"));
    for (auto const* secret : {"upstream", "alice", "access"})
        BOOST_TEST(all[0].record.body.find(secret) == std::string::npos, all[0].record.body);
}

BOOST_AUTO_TEST_CASE(die_with_the_family_and_with_the_client) {
    for (auto const* group : {"f", "client:c"}) {
        tollgate::manual_clock now;
        auto const other = make_memory_store(now);
        provider_token_vault v(*other, "a key");
        done(v.add("r", owner(), given(), now.now() + 1h)).value();
        BOOST_TEST(*done(other->erase_group("r", group)) == 1u, group);
        BOOST_TEST(said(v.find("r", "f")) == "404 not_found");
    }
}

BOOST_AUTO_TEST_CASE(are_not_there_any_more_when_their_time_is_over) {
    add();
    time.advance(1h);
    BOOST_TEST(said(tokens.find("r", "f")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(are_not_there_for_who_has_another_key) {
    add();
    provider_token_vault another(s, "another key");
    BOOST_TEST(said(another.find("r", "f")) == "404 not_found");
    provider_token_vault same(s, "a key");
    BOOST_TEST(said(same.find("r", "f")) == "done");
}

// An empty key dies with the process: nobody else opens what was sealed with it.
BOOST_AUTO_TEST_CASE(are_lost_with_the_process_where_no_key_is_configured) {
    provider_token_vault before(s, "");
    done(before.add("r", owner(), given(), time.now() + 1h)).value();
    BOOST_TEST(said(before.find("r", "f")) == "done");
    provider_token_vault after(s, "");
    BOOST_TEST(said(after.find("r", "f")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(are_nothing_in_the_record_of_another_family_or_realm) {
    add();
    record moved(body_of("f"), "g", time.now() + 1h);
    done(s.put("r", kind::upstream_token, digest_of("g"), moved)).value();
    BOOST_TEST(said(tokens.find("r", "g")) == "404 not_found");
    done(s.put("q", kind::upstream_token, digest_of("f"), moved)).value();
    BOOST_TEST(said(tokens.find("q", "f")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(are_sealed_anew_for_a_realm_into_which_they_are_copied) {
    add();
    auto const body = tokens.for_realm(body_of("f"), "f", "r", "q");
    done(s.put("q", kind::upstream_token, digest_of("f"), record(body, "f", time.now() + 1h)))
        .value();
    BOOST_TEST(done(tokens.find("q", "f"))->grant.access_token == "upstream-secret");
    BOOST_TEST(tokens.for_realm(body_of("f"), "f", "q", "r") == "");
    BOOST_TEST(tokens.for_realm(body_of("f"), "g", "r", "q") == "");
    BOOST_TEST(tokens.for_realm("damaged", "f", "r", "q") == "");
    BOOST_TEST(provider_token_vault(s, "another").for_realm(body_of("f"), "f", "r", "q") == "");
}

BOOST_AUTO_TEST_CASE(are_replaced_by_one_of_two_who_renewed_them) {
    add();
    auto found = *done(tokens.find("r", "f"));
    found.grant = given("next");
    found.keep_until = time.now() + 2h;
    BOOST_TEST(said(tokens.replace("r", "f", found)) == "done");
    BOOST_TEST(said(tokens.replace("r", "f", found)) == "409 conflict");
    time.advance(1h);
    BOOST_TEST(done(tokens.find("r", "f"))->grant.access_token == "next");
    BOOST_TEST(*done(s.erase_group("r", "client:c")) == 1u);
}

BOOST_AUTO_TEST_CASE(come_no_more_into_a_family_that_is_over) {
    done(s.erase_group("r", "f")).value();
    BOOST_TEST(said(tokens.add("r", owner(), given(), time.now() + 1h)) == "409 group_dead");
}

BOOST_AUTO_TEST_CASE(are_a_failure_of_the_server_where_what_was_sealed_is_damaged) {
    tollgate::sealer const seal("a key", "tollgate provider tokens");
    for (auto const* text : {"", "[]", "{}", R"({"access":1})",
                             R"({"access":"a","refresh":"","subject":"","iat":"soon"})"}) {
        auto const key = digest_of("f");
        done(s.erase("r", kind::upstream_token, key)).value();
        done(s.put("r", kind::upstream_token, key,
                   record(seal.seal(text, "r\nf"), "", time.now() + 1h)))
            .value();
        BOOST_TEST(said(tokens.find("r", "f")) == "500 server_error", text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(pending_logins_suite, records_bench)

BOOST_AUTO_TEST_CASE(come_back_once_by_their_state) {
    done(logins.add("r", "state", login(), time.now() + pending_logins::life)).value();
    auto const found = done(logins.find("r", "state"));
    BOOST_REQUIRE(bool(found));
    BOOST_TEST(!found->used);
    BOOST_TEST(found->login.request == login().request);
    BOOST_TEST(found->login.decision == "allow");
    BOOST_TEST(found->login.verifier == "verifier");
    BOOST_TEST(found->login.nonce == "nonce");
    BOOST_TEST(found->login.redirect_uri == "https://here/callback");
    BOOST_TEST(found->login.browser == "digest");
    BOOST_TEST(*done(logins.redeem("r", "state")));
    BOOST_TEST(!*done(logins.redeem("r", "state")));
    BOOST_TEST(done(logins.find("r", "state"))->used);
}

// Who can read the store finishes nobody's login.
BOOST_AUTO_TEST_CASE(stand_in_the_store_without_their_state) {
    done(logins.add("r", "the-state", login(), time.now() + 1min)).value();
    auto const all = *done(s.copy("r"));
    BOOST_TEST(all.at(0).key == digest_of("the-state"));
    BOOST_TEST(all.at(0).record.body.find("the-state") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(are_over_after_ten_minutes_and_known_in_their_realm_alone) {
    done(logins.add("r", "state", login(), time.now() + pending_logins::life)).value();
    BOOST_TEST(said(logins.add("r", "state", login(), time.now() + 1h)) == "409 conflict");
    BOOST_TEST(said(logins.find("q", "state")) == "404 not_found");
    time.advance(10min);
    BOOST_TEST(said(logins.find("r", "state")) == "404 not_found");
    BOOST_TEST(said(logins.redeem("r", "state")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(are_a_failure_of_the_server_where_they_are_damaged) {
    for (auto const* body : {"", "[]", "{}", R"({"request":1})"}) {
        done(s.erase("r", kind::upstream_login, digest_of("state"))).value();
        done(
            s.put("r", kind::upstream_login, digest_of("state"), record(body, "", time.now() + 1h)))
            .value();
        BOOST_TEST(said(logins.find("r", "state")) == "500 server_error", body);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(unsaved_grants_suite, records_bench)

BOOST_AUTO_TEST_CASE(serve_while_the_store_has_what_they_are_instead_of) {
    unsaved_grants held;
    held.hold("f", "old", given("new"), time.now() + 1h);
    BOOST_TEST(held.find("f", "old", time.now())->access_token == "new");
    BOOST_TEST(held.find("f", "old", time.now())->access_token == "new");
    BOOST_TEST(!held.find("g", "old", time.now()).has_value());
}

BOOST_AUTO_TEST_CASE(give_way_for_good_to_what_the_store_has_since) {
    unsaved_grants held;
    held.hold("f", "old", given("new"), time.now() + 1h);
    BOOST_TEST(!held.find("f", "newer", time.now()).has_value());
    BOOST_TEST(!held.find("f", "old", time.now()).has_value());
}

BOOST_AUTO_TEST_CASE(are_over_at_their_end_and_when_they_are_forgotten) {
    unsaved_grants held;
    held.hold("f", "old", given("new"), time.now() + 10s);
    held.hold("g", "old", given("new"), time.now() + 1h);
    BOOST_TEST(!held.find("f", "old", time.now() + 10s).has_value());
    held.forget("g");
    held.forget("nobody");
    BOOST_TEST(!held.find("g", "old", time.now()).has_value());
}

BOOST_AUTO_TEST_CASE(are_ten_thousand_at_most_and_the_oldest_goes) {
    unsaved_grants held;
    for (int i = 0; i <= 10'000; ++i)
        held.hold(std::to_string(i), "old", given("new"), time.now() + 1h);
    BOOST_TEST(!held.find("0", "old", time.now()).has_value());
    BOOST_TEST(held.find("1", "old", time.now()).has_value());
    BOOST_TEST(held.find("10000", "old", time.now()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(broker_names_suite, broker_names)

BOOST_AUTO_TEST_CASE(a_person_is_told_the_host_of_the_page_where_they_will_log_in) {
    options.issuer = "https://issuer.example/tenant";
    BOOST_TEST(spoken() == "issuer.example");
    options.authorization_endpoint = "https://login.example:8443/authorize?a=b";
    BOOST_TEST(spoken() == "login.example:8443");
    options.authorization_endpoint = "no address";
    BOOST_TEST(spoken() == "no address");
}

BOOST_AUTO_TEST_CASE(a_subject_is_unique_by_the_issuer_or_by_where_tokens_come_from) {
    provider_metadata m;
    m.token_endpoint = "https://p.example/token";
    BOOST_TEST(broker::name_of(m) == "https://p.example/token");
    m.issuer = "https://p.example";
    BOOST_TEST(broker::name_of(m) == "https://p.example");
}

BOOST_AUTO_TEST_SUITE_END()
