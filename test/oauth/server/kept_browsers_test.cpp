// Logins of people that outlive the process.
#include "oauth/server/kept_browsers.hpp"

#include "oauth/authorize/browser.hpp"
#include "oauth/records/failing_store.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

struct kept_browsers {
    tollgate::manual_clock time;
    failing_store store{oauth::make_memory_store(time)};
    std::shared_ptr<oauth::browser_keeper> const keeper =
        std::make_shared<oauth::browser_keeper>(store, "the secret of that store");
    boost::asio::io_context io;

    template <class T>
    T done(tollgate::task<T> work) {
        return test::run(io, std::move(work));
    }
    oauth::kept_browser alice() const {
        oauth::kept_browser b;
        b.session.accounts.push_back({"alice", 17});
        b.session.agreed["a client"] = {"mcp", "offline_access"};
        b.session.former.push_back({"a former name", time.now() + 1min});
        b.until = time.now() + 12h;
        return b;
    }
    std::optional<oauth::kept_browser> find(std::string cookie) {
        return done(keeper->find("alpha", std::move(cookie))).value();
    }
    std::vector<std::string> keys() {
        return done(oauth::all_keys(store, "alpha", oauth::kind::browser)).value();
    }
};

// Processes one after the other over the same store.
struct process : authorization_bench {
    explicit process(std::shared_ptr<oauth::browser_keeper> keeper)
        : authorization_bench(options_with(std::move(keeper))) {}

    static oauth::server_options options_with(std::shared_ptr<oauth::browser_keeper> keeper) {
        oauth::server_options o;
        o.browsers = std::move(keeper);
        o.configured.consent = oauth::consent_mode::login;
        o.configured.users = {oauth::user{"ada", {}}, oauth::user{"bob", {}}};
        oauth::configured_client c;
        c.client_id = "inspector";
        c.redirect_uris = {callback};
        o.clients = {c};
        return o;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(kept_browsers_suite, kept_browsers)

BOOST_AUTO_TEST_CASE(a_browser_is_known_by_its_last_name_alone) {
    BOOST_REQUIRE(bool(done(keeper->keep("alpha", "", "one", alice()))));
    BOOST_REQUIRE(bool(done(keeper->keep("alpha", "one", "two", alice()))));
    BOOST_TEST(!find("one"));
    auto const found = find("two");
    BOOST_REQUIRE(!!found);
    BOOST_REQUIRE(found->session.accounts.size() == 1u);
    BOOST_TEST(found->session.accounts[0].subject == "alice");
    BOOST_TEST(found->session.accounts[0].authenticated_at == 17);
    BOOST_TEST((found->session.covers({"a client", {"mcp"}})));
    BOOST_TEST((!found->session.covers({"a client", {"admin"}})));
    BOOST_TEST((found->until == time.now() + 12h));
}

BOOST_AUTO_TEST_CASE(no_name_of_a_browser_stands_in_a_record) {
    BOOST_REQUIRE(bool(done(keeper->keep("alpha", "", "the cookie", alice()))));
    auto const all = done(store.copy("alpha")).value();
    BOOST_REQUIRE(all.size() == 1u);
    for (auto const* name : {"the cookie", "a former name"}) {
        BOOST_TEST(all[0].key.find(name) == std::string::npos);
        BOOST_TEST(all[0].record.body.find(name) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(is_over_when_its_time_is) {
    BOOST_REQUIRE(bool(done(keeper->keep("alpha", "", "one", alice()))));
    time.advance(12h - 1s);
    BOOST_TEST(!!find("one"));
    time.advance(1s);
    BOOST_TEST(!find("one"));
}

BOOST_AUTO_TEST_CASE(a_damaged_record_is_none) {
    for (auto const* body : {"", "{}", "[]", R"({"accounts":[{"subject":1}],"agreed":{}})",
                             R"({"accounts":[],"agreed":{"x":"y"}})"}) {
        BOOST_REQUIRE(bool(done(keeper->keep("alpha", "", "one", alice()))));
        auto const key = keys().at(0);
        BOOST_REQUIRE(bool(done(store.erase("alpha", oauth::kind::browser, key))));
        oauth::record r(body, {}, tollgate::time_point::max());
        BOOST_REQUIRE(bool(done(store.put("alpha", oauth::kind::browser, key, std::move(r)))));
        BOOST_TEST(!find("one"));
        BOOST_REQUIRE(bool(done(store.erase("alpha", oauth::kind::browser, key))));
    }
}

BOOST_AUTO_TEST_CASE(a_store_that_is_away_is_503) {
    store.fail_at(1);
    BOOST_TEST(done(keeper->find("alpha", "one")).error().status() == 503u);
}

BOOST_AUTO_TEST_CASE(names_of_one_realm_are_none_of_another) {
    oauth::browser_keeper const again(store, "the secret of that store");
    oauth::browser_keeper const other(store, "another secret");
    BOOST_TEST(again.name_key("alpha") == keeper->name_key("alpha"));
    BOOST_TEST(again.name_key("beta") != keeper->name_key("alpha"));
    BOOST_TEST(other.name_key("alpha") != keeper->name_key("alpha"));
}

BOOST_AUTO_TEST_CASE(who_logged_in_before_a_restart_is_not_asked_again_after_it) {
    auto const request = authorization_bench::authorize_request("inspector");
    auto const quiet = with(request, "prompt", "none");
    process before(keeper);
    browser person(before);
    BOOST_TEST(person.press(person.open(request), "approve", {{"user", "bob"}}).status == 303);

    process after(keeper);
    browser same(after);
    same.cookies = person.cookies;
    BOOST_TEST(parameter(same.open(quiet), "code") != "(none)");
    BOOST_TEST(parameter(same.open(with(quiet, "scope", "openid")), "error") == "consent_required");
    browser stranger(after);
    BOOST_TEST(parameter(stranger.open(quiet), "error") == "login_required");
}

BOOST_AUTO_TEST_CASE(a_page_of_before_a_restart_is_to_be_answered_anew) {
    auto const request = authorization_bench::authorize_request("inspector");
    process before(keeper);
    browser person(before);
    auto const page = person.open(request);

    process after(keeper);
    browser same(after);
    same.cookies = person.cookies;
    auto const answer = same.press(page, "approve", {{"user", "bob"}});
    BOOST_TEST(answer.status == 403);
    BOOST_TEST(says(answer, "before this server was restarted"));
    BOOST_TEST(same.press(answer, "approve", {{"user", "bob"}}).status == 303);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_away_is_a_page_with_503_for_who_comes_back) {
    auto const request = authorization_bench::authorize_request("inspector");
    auto const quiet = with(request, "prompt", "none");
    process before(keeper);
    browser person(before);
    person.press(person.open(request), "approve", {{"user", "bob"}});

    process after(keeper);
    browser same(after);
    same.cookies = person.cookies;
    store.fail_at(1);
    auto const answer = same.open(quiet);
    BOOST_TEST(answer.status == 503);
    BOOST_TEST(!answer.header("Retry-After").empty());
    store.fail_at(0);
    BOOST_TEST(parameter(same.open(quiet), "code") != "(none)");
}

BOOST_AUTO_TEST_SUITE_END()
