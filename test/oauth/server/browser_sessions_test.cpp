#include "oauth/server/browser_sessions.hpp"

#include <boost/test/unit_test.hpp>

#include "base/clock.hpp"

using namespace tollgate;
using namespace tollgate::oauth;
using namespace std::chrono_literals;

namespace {

tollgate::time_point const start{std::chrono::seconds(1'800'000'000)};

struct known {
    browser_sessions state{"the key of names"};
    void log_in(std::string const& cookie, std::string const& next, std::string const& who,
                agreement a = {"with", {"a"}}) {
        state.log_in(cookie, next, account{who, 1}, std::move(a), start);
    }
    bool covers(std::string const& cookie, agreement const& a) {
        auto const session = state.find(cookie, start);
        return session && session->covers(a);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(login_states, known)

BOOST_AUTO_TEST_CASE(knows_a_browser_by_its_newest_cookie_alone) {
    BOOST_TEST(!state.find("one", start));
    log_in("zero", "one", "ada");
    BOOST_TEST(state.find("one", start)->accounts.back().subject == "ada");
    log_in("one", "two", "bob");
    BOOST_TEST(!state.find("one", start));
    BOOST_TEST(state.find("two", start)->accounts.size() == 2u);
    BOOST_TEST(state.find("two", start)->accounts.back().subject == "bob");
    log_in("two", "three", "ada");
    BOOST_TEST(state.find("three", start)->accounts.size() == 2u);
    BOOST_TEST(state.find("three", start)->accounts.back().subject == "ada");
    state.reset();
    BOOST_TEST(!state.find("three", start));
}

BOOST_AUTO_TEST_CASE(remembers_what_was_agreed_to_and_no_more) {
    log_in("zero", "one", "ada", {"client", {"a", "b"}});
    BOOST_TEST(covers("one", {"client", {"b"}}));
    BOOST_TEST(!covers("one", {"client", {"b", "c"}}));
    BOOST_TEST(!covers("one", {"other", {"a"}}));
    log_in("one", "two", "ada", {"client", {"c"}});
    BOOST_TEST(covers("two", {"client", {"a", "b", "c"}}));
}

BOOST_AUTO_TEST_CASE(is_bounded_in_every_direction) {
    for (std::size_t i = 0; i < browser_sessions::most_sessions + 1; ++i)
        log_in("-", std::to_string(i), "ada");
    BOOST_TEST(!state.find("0", start));
    BOOST_TEST(!!state.find("1", start));
    for (int i = 0; i < 200; ++i)
        log_in("1", "1", "user" + std::to_string(i), {std::to_string(i), {"a"}});
    BOOST_TEST(state.find("1", start)->accounts.size() == browser_sessions::most_accounts);
    BOOST_TEST(state.find("1", start)->accounts.back().subject == "user199");
    BOOST_TEST(state.find("1", start)->agreed.size() <= browser_sessions::most_agreements);
    BOOST_TEST(covers("1", {"199", {"a"}}));
}

BOOST_AUTO_TEST_CASE(remembers_former_names_while_their_pages_last) {
    log_in("zero", "one", "ada");
    log_in("one", "two", "ada");
    BOOST_TEST(state.find("two", start)->former.size() == 2u);
    BOOST_TEST(state.find("two", start)->former.front().cookie == "zero");
    auto const after = start + browser_sessions::page_life;
    state.log_in("two", "three", account{"ada", 1}, agreement{"with", {"a"}}, after);
    BOOST_TEST(state.find("three", after)->former.size() == 1u);
    for (int i = 0; i < 200; ++i)
        log_in("three", "three", "ada");
    BOOST_TEST(state.find("three", start)->former.size() == browser_sessions::most_former_names);
}

BOOST_AUTO_TEST_CASE(forgets_a_session_when_its_time_is_over) {
    log_in("zero", "one", "ada");
    BOOST_TEST(!!state.find("one", start + browser_sessions::session_life - 1s));
    BOOST_TEST(!state.find("one", start + browser_sessions::session_life));
}

BOOST_AUTO_TEST_CASE(gives_a_page_one_answer_and_a_second_click_the_same_code) {
    auto const code = state.claim_page("page", "approve", start, 10s);
    BOOST_REQUIRE(code);
    BOOST_TEST(!code->again);
    auto const second = state.claim_page("page", "approve", start + 10s, 10s);
    BOOST_REQUIRE(second);
    BOOST_TEST(second->again);
    BOOST_TEST(second->code == code->code);
    BOOST_TEST(!state.claim_page("page", "deny", start, 10s));
    BOOST_TEST(!state.claim_page("page", "approve", start + 11s, 10s));
    BOOST_TEST(state.claim_page("other", "approve", start, 10s)->code != code->code);
}

BOOST_AUTO_TEST_CASE(signs_pages_with_a_key_of_its_own) {
    BOOST_TEST(state.form_key().size() == 43u);
    BOOST_TEST(state.form_key() != browser_sessions("the key of names").form_key());
}

BOOST_AUTO_TEST_SUITE_END()
