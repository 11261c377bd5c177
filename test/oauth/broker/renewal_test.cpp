// Broker mode: what a provider gave anew is not lost, whatever happens to the store or to those who
// asked for it.
#include <chrono>
#include <memory>
#include <optional>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "oauth/broker/broker_bench.hpp"
#include "oauth/records/failing_store.hpp"

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using wish = oauth::provider_renewal::wish;

// Every refresh token of the provider is good once.
struct rotating : broker_bench {
    failing_store* fragile = nullptr;

    rotating() : broker_bench({}, make_fragile) {
        fragile = static_cast<failing_store*>(kept.get());
        policy([](auto& p) {
            p.rotation = oauth::refresh_rotation::never;
            p.access_ttl = 24h;
            p.refresh_ttl = 720h;
        });
        upstream.on_token = [this](http::form const& f) { return give(f); };
    }
    static std::unique_ptr<oauth::store> make_fragile(std::unique_ptr<oauth::store> s) {
        return std::make_unique<failing_store>(std::move(s));
    }
    http::reply give(http::form const& f) {
        bool const login = f.one("grant_type") == "authorization_code";
        if (!login && f.one("refresh_token") != good_)
            return scripted_provider::refuse("invalid_grant");
        auto const tokens = upstream.tokens(login);
        good_ = text(tokens, "refresh_token");
        return scripted_provider::say(tokens);
    }
    std::string token_now(json::value const& tokens) {
        auto const got = access(tokens);
        return got ? got->token : got.error().error() + ": " + got.error().description();
    }
    json::value another_login() { return redeem(log_in(with(request(), "prompt", "consent"))); }
    wish wish_for(json::value const& tokens) {
        wish w;
        w.realm = "default";
        w.family = family_of(tokens);
        return w;
    }
    oauth::found_provider_grant stored(json::value const& tokens) {
        return *run(broker->tokens().find("default", family_of(tokens)));
    }

private:
    std::string good_;
};

// Somebody who waits for a usable token, and may give up.
struct waiting {
    asio::cancellation_signal cancel;
    std::optional<tollgate::outcome<oauth::provider_grant>> answer;

    void ask(asio::io_context& io, oauth::provider_renewal& renewals, wish w) {
        auto work = renewals.usable(std::move(w));
        auto done = [this](std::exception_ptr, tollgate::outcome<oauth::provider_grant> got) {
            answer = std::move(got);
        };
        asio::co_spawn(io, std::move(work), asio::bind_cancellation_slot(cancel.slot(), done));
    }
};

// What is waited for may happen on another thread, so `io` is not left alone for long.
template <class Condition>
void drive(asio::io_context& io, Condition const& over) {
    auto const end = std::chrono::steady_clock::now() + 10s;
    while (!over() && std::chrono::steady_clock::now() < end) {
        io.restart();
        io.run_one_for(2ms);
    }
    BOOST_REQUIRE(over());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(broker_renewal, rotating)

// RFC 6749 §6: a provider that gives a new refresh token may have forgotten the old one
BOOST_AUTO_TEST_CASE(loses_no_login_at_whatever_call_the_store_fails) {
    int calls = 0;
    for (bool met = true; met; ++calls) {
        BOOST_REQUIRE(calls < 50);
        auto const tokens = calls == 0 ? brokered_tokens() : another_login();
        later(1h);
        fragile->fail_at(calls + 1);
        auto const first = refresh(tokens);
        met = fragile->failed();
        fragile->fail_at(0);
        BOOST_TEST((first.status == 200u || refusal(first) == "503 temporarily_unavailable"),
                   first.body);
        auto const again = refresh(tokens);
        BOOST_TEST(again.status == 200u, "after a failure at call " << calls + 1 << again.body);
        later(1h);
        BOOST_TEST(refresh(tokens).status == 200u, "an hour after one at call " << calls + 1);
    }
    BOOST_TEST(calls > 5);
}

BOOST_AUTO_TEST_CASE(goes_on_with_what_the_store_does_not_take_and_saves_it_later) {
    auto const tokens = brokered_tokens();
    fragile->read_only = oauth::kind::upstream_token;
    later(1h);
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(token_now(tokens) == "upstream-access-2");
    BOOST_TEST(upstream.refreshes() == 1u);
    later(1h);
    BOOST_TEST(token_now(tokens) == "upstream-access-3");
    BOOST_TEST(stored(tokens).grant.access_token == "upstream-access-1");
    fragile->read_only.reset();
    BOOST_TEST(token_now(tokens) == "upstream-access-3");
    BOOST_TEST(stored(tokens).grant.refresh_token == "upstream-refresh-3");
    BOOST_TEST(upstream.refreshes() == 2u);
}

BOOST_AUTO_TEST_CASE(what_was_not_saved_gives_way_to_what_another_process_saved) {
    auto const tokens = brokered_tokens();
    fragile->read_only = oauth::kind::upstream_token;
    later(1h);
    BOOST_TEST(token_now(tokens) == "upstream-access-2");
    fragile->read_only.reset();
    auto newer = stored(tokens);
    newer.grant.access_token = "from-elsewhere";
    newer.grant.expires_at = web.clock.now() + 1h;
    BOOST_TEST(run(broker->tokens().replace("default", family_of(tokens), newer)).has_value());
    BOOST_TEST(token_now(tokens) == "from-elsewhere");
}

BOOST_AUTO_TEST_CASE(what_was_not_saved_dies_with_its_family) {
    auto const tokens = brokered_tokens();
    fragile->read_only = oauth::kind::upstream_token;
    later(1h);
    BOOST_TEST(access(tokens).has_value());
    auto const w = wish_for(tokens);
    run(server.records().revoke_family("default", w.family));
    auto const got = run(broker->renewals().usable(w));
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().error() == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(is_kept_as_long_as_whoever_joined_a_renewal_wants) {
    auto const tokens = brokered_tokens();
    auto longer = wish_for(tokens);
    later(24h * 20);
    upstream.peer.delay = 100ms;
    waiting tool, refresher;
    tool.ask(web.io(), broker->renewals(), longer);
    longer.keep_until = web.clock.now() + 24h * 30;
    refresher.ask(web.io(), broker->renewals(), longer);
    drive(web.io(), [&] { return tool.answer && refresher.answer; });
    BOOST_TEST(refresher.answer->has_value());
    BOOST_TEST(upstream.refreshes() == 1u);
    auto const kept_now = run(broker->tokens().find("default", longer.family));
    BOOST_TEST((kept_now->keep_until == *longer.keep_until));
}

BOOST_AUTO_TEST_CASE(ends_a_renewal_that_the_one_who_asked_for_it_gave_up) {
    auto const tokens = brokered_tokens();
    later(1h);
    upstream.peer.delay = 500ms;
    waiting gone, patient;
    gone.ask(web.io(), broker->renewals(), wish_for(tokens));
    drive(web.io(), [&] { return upstream.refreshes() == 1; });
    patient.ask(web.io(), broker->renewals(), wish_for(tokens));
    web.io().poll();
    gone.cancel.emit(asio::cancellation_type::terminal);
    drive(web.io(), [&] { return gone.answer && patient.answer; });
    BOOST_REQUIRE(patient.answer->has_value());
    BOOST_TEST((*patient.answer)->access_token == "upstream-access-2");
    BOOST_TEST(stored(tokens).grant.refresh_token == "upstream-refresh-2");
    BOOST_TEST(upstream.refreshes() == 1u);
}

// Nobody is left who waits: the new token is kept all the same.
BOOST_AUTO_TEST_CASE(keeps_the_new_token_although_everybody_has_gone) {
    auto const tokens = brokered_tokens();
    later(1h);
    upstream.peer.delay = 500ms;
    waiting gone;
    gone.ask(web.io(), broker->renewals(), wish_for(tokens));
    drive(web.io(), [&] { return upstream.refreshes() == 1; });
    gone.cancel.emit(asio::cancellation_type::terminal);
    drive(web.io(), [&] { return gone.answer.has_value(); });
    BOOST_REQUIRE(!gone.answer->has_value());
    BOOST_TEST(gone.answer->error().status() == 503u);
    BOOST_TEST(stored(tokens).grant.refresh_token == "upstream-refresh-2");
    upstream.peer.delay = 0ms;
    BOOST_TEST(refresh(tokens).status == 200u);
    BOOST_TEST(upstream.refreshes() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
