// Broker mode, afterwards: what the provider gave is kept, renewed, used, and never told.
#include <thread>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "base/crypto.hpp"
#include "oauth/broker/broker_bench.hpp"
#include "oauth/grants/exchanged_token.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

struct brokered : broker_bench {
    brokered() {
        policy([](auto& p) {
            p.rotation = oauth::refresh_rotation::never;
            p.access_ttl = 24h;
            p.refresh_ttl = 720h;
        });
    }
    std::string token_now(json::value const& tokens, std::string refused = "") {
        auto const got = access(tokens, std::move(refused));
        return got ? got->token : got.error().error() + ": " + got.error().description();
    }
    // As a client would that may: what the token endpoint makes of it.
    json::value exchanged(json::value const& tokens) {
        auto const secret = text(tokens, "access_token");
        auto const from = *run(server.records().find_access("default", secret));
        oauth::client who;
        who.id = "exchanger";
        auto made = from;
        made.grant = *oauth::exchanged_grant(from, who);
        made.id = tollgate::random_token(16);
        json::object o;
        o["access_token"] = tollgate::random_token();
        run(server.records().add_access("default", text(o, "access_token"), made)).value();
        return o;
    }
    bool has_upstream(std::string const& family) {
        return run(broker->tokens().find("default", family)).has_value();
    }
};

bool contains(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(broker_refresh, brokered)

BOOST_AUTO_TEST_CASE(keeps_the_providers_tokens_sealed_and_takes_them_for_nothing_here) {
    auto const tokens = brokered_tokens();
    BOOST_TEST(token_now(tokens) == "upstream-access-1");
    auto const keys = run(oauth::all_keys(*kept, "default", oauth::kind::upstream_token));
    BOOST_REQUIRE_EQUAL(keys->size(), 1u);
    auto const record = run(kept->get("default", oauth::kind::upstream_token, keys->front()));
    BOOST_TEST(!contains(record->body, "upstream"));
    BOOST_TEST(record->group == family_of(tokens));
    BOOST_TEST(!is_active("upstream-access-1"));
    BOOST_TEST(!is_active("upstream-refresh-1"));
    auto const used = token(refresh_request(id, "upstream-refresh-1"));
    BOOST_TEST(refusal(used) == "400 invalid_grant");
    BOOST_TEST(web.get("/userinfo", {{"Authorization", "Bearer upstream-access-1"}}).status ==
               401u);
}

// RFC 6749 §6: the provider is asked with the refresh token, and its new one replaces the old
BOOST_AUTO_TEST_CASE(renews_the_providers_token_when_the_client_refreshes_after_its_end) {
    auto const tokens = brokered_tokens();
    BOOST_TEST(refresh(tokens).status == 200u);
    BOOST_TEST(upstream.refreshes() == 0u);
    later(1h);
    BOOST_TEST(refresh(tokens).status == 200u);
    BOOST_TEST(upstream.refreshes() == 1u);
    BOOST_TEST(token_now(tokens) == "upstream-access-2");
    later(1h);
    auto const third = refresh(tokens);
    BOOST_TEST(third.status == 200u);
    BOOST_TEST(upstream.token_requests().back().one("refresh_token").value() ==
               "upstream-refresh-2");
    BOOST_TEST(!contains(third.body, "upstream-"));
}

BOOST_AUTO_TEST_CASE(keeps_the_old_refresh_token_where_the_provider_gives_no_new_one) {
    auto const tokens = brokered_tokens();
    upstream.token_members["refresh_token"] = nullptr;
    for (int i = 0; i < 2; ++i) {
        later(1h);
        BOOST_TEST(refresh(tokens).status == 200u);
        BOOST_TEST(upstream.token_requests().back().one("refresh_token").value() ==
                   "upstream-refresh-1");
    }
}

BOOST_AUTO_TEST_CASE(ends_the_login_where_the_provider_ended_it) {
    auto const tokens = brokered_tokens();
    upstream.on_token = [](http::form const&) {
        return scripted_provider::refuse("invalid_grant", 400, "token upstream-refresh-1 is dead");
    };
    later(1h);
    auto const refused = refresh(tokens);
    BOOST_TEST(refusal(refused) == "400 invalid_grant");
    BOOST_TEST(contains(refused.body, "log in again"));
    BOOST_TEST(contains(refused.body, "token *** is dead"));
    BOOST_TEST(!is_active(text(tokens, "access_token")));
    BOOST_TEST(!is_active(text(tokens, "refresh_token")));
}

// RFC 6749 §5.2 wants 400 and invalid_grant. GitHub says bad_refresh_token with status 200, Slack
// invalid_refresh_token beside "ok": false.
BOOST_DATA_TEST_CASE_F(
    brokered, ends_the_login_of_a_provider_that_refuses_with_status_200,
    boost::unit_test::data::make(
        {R"({"error":"bad_refresh_token","error_description":"It is incorrect or expired."})",
         R"({"ok":false,"error":"invalid_refresh_token"})"}),
    body) {
    auto const tokens = brokered_tokens();
    std::string const said = body;
    upstream.on_token = [said](http::form const&) { return http::json_reply(200, said); };
    later(1h);
    auto const refused = refresh(tokens);
    BOOST_TEST(refusal(refused) == "400 invalid_grant");
    BOOST_TEST(contains(refused.body, "log in again"));
    BOOST_TEST(!is_active(text(tokens, "access_token")));
}

// RFC 9110 §10.2.3
BOOST_AUTO_TEST_CASE(passes_on_when_a_busy_provider_wants_to_be_asked_again) {
    auto const tokens = brokered_tokens();
    later(1h);
    for (unsigned const status : {200u, 400u, 429u, 503u}) {
        upstream.on_token = [status](http::form const&) {
            auto busy = http::json_reply(status, R"({"error":"temporarily_unavailable"})");
            busy.headers.add("Retry-After", "17");
            return busy;
        };
        auto const a = refresh(tokens);
        BOOST_TEST(refusal(a) == "503 temporarily_unavailable");
        BOOST_TEST(a.header("Retry-After") == "17");
    }
    BOOST_TEST(is_active(text(tokens, "refresh_token")));
}

BOOST_AUTO_TEST_CASE(loses_nothing_while_the_provider_cannot_be_asked) {
    auto const tokens = brokered_tokens();
    later(1h);
    for (unsigned const status : {500u, 502u, 401u}) {
        upstream.on_token = [status](http::form const&) {
            return status == 401 ? scripted_provider::refuse("invalid_client", 401)
                                 : http::reply(status, "text/html", "<p>");
        };
        auto const a = refresh(tokens);
        BOOST_TEST(refusal(a) == "503 temporarily_unavailable");
        BOOST_TEST(!a.header("Retry-After").empty());
    }
    BOOST_TEST(is_active(text(tokens, "refresh_token")));
    BOOST_TEST(is_active(text(tokens, "access_token")));
    upstream.on_token = nullptr;
    BOOST_TEST(refresh(tokens).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_login_without_a_refresh_token_goes_on_until_its_end_and_says_so_then) {
    upstream.token_members["refresh_token"] = nullptr;
    auto const tokens = brokered_tokens();
    later(3599s);
    BOOST_TEST(refresh(tokens).status == 200u);
    later(1s);
    auto const a = refresh(tokens);
    BOOST_TEST(refusal(a) == "400 invalid_grant");
    BOOST_TEST(contains(a.body, "has expired and it gave none to renew it with"));
    BOOST_TEST(upstream.refreshes() == 0u);
}

BOOST_AUTO_TEST_CASE(a_token_without_an_end_lives_until_somebody_calls_it_dead) {
    upstream.token_members["expires_in"] = nullptr;
    auto const tokens = brokered_tokens();
    later(24h * 20);
    BOOST_TEST(refresh(tokens).status == 200u);
    BOOST_TEST(upstream.refreshes() == 0u);
    auto const now = refresh(tokens).json();
    BOOST_TEST(token_now(now) == "upstream-access-1");
    BOOST_TEST(token_now(now, "upstream-access-1") == "upstream-access-2");
    BOOST_TEST(upstream.refreshes() == 1u);
    // Somebody else's complaint about the old one is answered already.
    BOOST_TEST(token_now(now, "upstream-access-1") == "upstream-access-2");
    BOOST_TEST(upstream.refreshes() == 1u);
}

BOOST_AUTO_TEST_CASE(a_token_without_an_end_or_a_renewal_is_over_when_it_is_called_dead) {
    upstream.token_members["expires_in"] = nullptr;
    upstream.token_members["refresh_token"] = nullptr;
    auto const tokens = brokered_tokens();
    BOOST_TEST(token_now(tokens, "upstream-access-1").starts_with("invalid_grant: "));
    BOOST_TEST(refusal(refresh(tokens)) == "400 invalid_grant");
}

// OpenID Connect Core §12.2: the ID Token of a refresh is for the same subject
BOOST_AUTO_TEST_CASE(takes_no_renewal_for_somebody_else) {
    auto const tokens = brokered_tokens();
    upstream.on_token = [&](http::form const&) {
        upstream.id_claims["sub"] = "mallory";
        return scripted_provider::say(upstream.tokens(true));
    };
    later(1h);
    BOOST_TEST(refusal(refresh(tokens)) == "400 invalid_grant");
    BOOST_TEST(!is_active(text(tokens, "access_token")));
}

BOOST_AUTO_TEST_CASE(asks_the_provider_once_for_fifty_refreshes_at_the_same_time) {
    auto const tokens = brokered_tokens();
    later(1h);
    upstream.peer.delay = 100ms;
    auto const form = refresh_request(id, text(tokens, "refresh_token"));
    std::vector<answer> answers(50);
    // Each has a connection of its own, and all of them stay open until the last was answered.
    std::vector<std::unique_ptr<bench>> clients;
    std::vector<std::thread> threads;
    for (auto& a : answers) {
        auto& mine = *clients.emplace_back(std::make_unique<bench>(routes));
        mine.realm = web.realm;
        mine.clock.advance(web.clock.now() - mine.clock.now());
        threads.emplace_back([&a, &mine, &form] { a = mine.post_form("/token", form); });
    }
    for (auto& t : threads)
        t.join();
    for (auto const& a : answers)
        BOOST_TEST(a.status == 200u, a.body);
    BOOST_TEST(upstream.refreshes() == 1u);
    BOOST_TEST(token_now(tokens) == "upstream-access-2");
}

BOOST_AUTO_TEST_CASE(keeps_what_the_provider_gave_as_long_as_the_client_refreshes) {
    upstream.token_members["expires_in"] = nullptr;
    auto tokens = brokered_tokens();
    policy([](auto& p) { p.rotation = oauth::refresh_rotation::always; });
    for (int month = 0; month < 3; ++month) {
        later(24h * 29);
        auto const a = refresh(tokens);
        BOOST_REQUIRE_EQUAL(a.status, 200);
        tokens = a.json();
    }
    BOOST_TEST(token_now(tokens) == "upstream-access-1");
}

// RFC 7009 §2.1: with the refresh token go the grant and what it rests on
BOOST_AUTO_TEST_CASE(forgets_the_providers_tokens_with_the_family) {
    auto const tokens = brokered_tokens();
    auto const family = family_of(tokens);
    BOOST_TEST(has_upstream(family));
    web.post_form("/revoke", {{"token", text(tokens, "refresh_token")}, {"client_id", id}});
    BOOST_TEST(!has_upstream(family));
    auto const others = redeem(log_in(with(request(), "prompt", "consent")));
    auto const other = family_of(others);
    run(server.revoke_access_tokens(*web.realm));
    BOOST_TEST(has_upstream(other));
    BOOST_TEST(refresh(others).status == 200u);
    run(server.reset(*web.realm));
    BOOST_TEST(!has_upstream(other));
}

// RFC 8693: an exchanged token has a family of its own, and lives by the login of its subject
BOOST_AUTO_TEST_CASE(
    keeps_the_providers_tokens_with_the_login_and_not_with_what_it_is_exchanged_for) {
    auto const tokens = brokered_tokens();
    auto const family = family_of(tokens);
    auto const first = exchanged(tokens);
    BOOST_TEST(family_of(first) != family);
    BOOST_TEST(token_now(first) == "upstream-access-1");
    auto const second = exchanged(first);
    later(1h);
    BOOST_TEST(token_now(second) == "upstream-access-2");
    // The exchanger goes, and takes nothing but what is its own.
    run(server.records().revoke_client("default", "exchanger")).value();
    BOOST_TEST(!is_active(text(first, "access_token")));
    BOOST_TEST(has_upstream(family));
    BOOST_TEST(is_active(text(tokens, "refresh_token")));
    BOOST_TEST(token_now(tokens) == "upstream-access-2");
}

BOOST_AUTO_TEST_CASE(ends_what_a_login_was_exchanged_for_with_the_login_at_the_provider) {
    auto const tokens = brokered_tokens();
    auto const first = exchanged(tokens);
    upstream.on_token = [](auto const&) {
        return http::json_reply(400, R"({"error":"invalid_grant"})");
    };
    later(1h);
    BOOST_TEST(token_now(first).starts_with("invalid_grant: "));
    BOOST_TEST(!is_active(text(first, "access_token")));
    BOOST_TEST(!is_active(text(tokens, "refresh_token")));
}

// RFC 7592 §2.3: with the client of the login go its tokens, the provider's among them
BOOST_AUTO_TEST_CASE(forgets_the_providers_tokens_with_the_client_of_the_login) {
    auto const tokens = brokered_tokens();
    auto const family = family_of(tokens);
    BOOST_TEST(refresh(tokens).status == 200u);
    later(1h);
    BOOST_TEST(refresh(tokens).status == 200u);  // the record was replaced since
    auto const first = exchanged(tokens);
    run(server.records().revoke_client("default", id)).value();
    BOOST_TEST(!has_upstream(family));
    BOOST_TEST(!is_active(text(first, "access_token")));
    BOOST_TEST(!is_active(text(tokens, "refresh_token")));
}

BOOST_AUTO_TEST_CASE(gives_access_to_nobody_who_did_not_log_in_at_the_provider) {
    run(server.seed_refresh_token(*web.realm, "seeded"));
    auto const a = token(refresh_request(id, "seeded"));
    BOOST_REQUIRE_EQUAL(a.status, 200);
    BOOST_TEST(token_now(a.json()).starts_with("invalid_grant: this token came of no login"));
    json::object unknown{{"access_token", "upstream-access-1"}};
    BOOST_TEST(token_now(unknown).starts_with("invalid_grant: "));
}

BOOST_AUTO_TEST_SUITE_END()
