// A request keeps to the policy that it began with, whatever the control plane changes meanwhile.
#include "oauth/records/failing_store.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct changing : authorization_bench {
    std::string id = public_client();

    changing() : authorization_bench({}, &changing::make_interrupted) {}
    static std::unique_ptr<oauth::store> make_interrupted(std::unique_ptr<oauth::store> s) {
        return std::make_unique<failing_store>(std::move(s));
    }
    // `change` is made to the policy while the next request waits for the store.
    template <class Change>
    void meanwhile(Change change) {
        static_cast<failing_store&>(*kept).before_next_call([this, change] { policy(change); });
    }
    answer refresh(json::value const& tokens) {
        return token(refresh_request(id, text(tokens, "refresh_token")));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(one_policy, changing)

BOOST_AUTO_TEST_CASE(a_refresh_token_used_twice_is_judged_by_the_rule_of_before) {
    policy([](auto& p) { p.reuse = oauth::refresh_reuse::reject; });
    auto const first = login(id);
    auto const second = refresh(first).json();
    meanwhile([](auto& p) { p.reuse = oauth::refresh_reuse::revoke_family; });
    BOOST_TEST(refusal(refresh(first)) == "400 invalid_grant");
    BOOST_TEST(is_active(text(second, "access_token")));
    // The next request goes by the new one.
    BOOST_TEST(refusal(refresh(first)) == "400 invalid_grant");
    BOOST_TEST(!is_active(text(second, "access_token")));
}

BOOST_AUTO_TEST_CASE(tokens_live_as_long_as_was_said_when_they_were_asked_for) {
    policy([](auto& p) { p.access_ttl = std::chrono::minutes(10); });
    auto const code = code_for(id);
    meanwhile([](auto& p) { p.access_ttl = std::chrono::seconds(5); });
    auto const tokens = token(code_request(id, code)).json();
    BOOST_TEST(tokens.at("expires_in").as_int64() == 600);
    later(std::chrono::seconds(6));
    BOOST_TEST(is_active(text(tokens, "access_token")));
    auto const next = refresh(tokens).json();
    BOOST_TEST(next.at("expires_in").as_int64() == 5);
}

BOOST_AUTO_TEST_CASE(a_client_that_registers_gets_what_it_was_offered) {
    meanwhile([](auto& p) { p.dynamic_registration = false; });
    BOOST_TEST(!public_client().empty());
    BOOST_TEST(web.post_json("/register", R"({"redirect_uris":["https://a.example/cb"]})").status !=
               201u);
}

BOOST_AUTO_TEST_SUITE_END()
