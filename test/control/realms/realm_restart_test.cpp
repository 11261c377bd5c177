// What of the realms is there when the process begins again, and what is not.
#include "control/realms/lasting.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

std::string const births_of_no_realm[] = {
    "",
    "no JSON",
    "[]",
    R"({"isolation":"path"})",
    R"({"isolation":"path","base":"/r/alpha","scenario":"of.another.version","policy":{},"seed":"0"})",
    R"({"isolation":"path","base":"/r/alpha","scenario":"plain","policy":{"no_such":1},"seed":"0"})",
    R"({"isolation":"path","base":"/r/alpha","scenario":"plain","policy":{},"seed":"many"})",
    R"({"isolation":"path","base":"/r/alpha","scenario":"plain","policy":{},"seed":"0","issuers":[1]})",
};

bool contains(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(realm_restart, lasting)

BOOST_AUTO_TEST_CASE(brings_a_named_realm_back_as_it_was) {
    BOOST_REQUIRE(bool(begin()));
    control::realm_request wanted;
    wanted.name = "alpha";
    wanted.scenario = control::find_scenario("refresh.rotate").value();
    wanted.seed = 42;
    wanted.ttl = 20min;
    wanted.way = control::isolation::host;
    auto const policy = json::parse(R"({"access_ttl":"7s"})").as_object();
    wanted.policy = control::read_policy_patch(policy, "", control::configured(servers())).value();
    auto const alpha = make(std::move(wanted));
    auto const fault = control::settings_of("token.unavailable");
    BOOST_REQUIRE(bool(alpha->get<control::realm_faults>().add(fault, clock.now())));
    BOOST_REQUIRE(alpha->time().advance(2h, clock.now()));
    BOOST_REQUIRE(bool(run(io, realms().keep(alpha))));
    auto const before = told(*alpha);

    clock.advance(3h);
    BOOST_REQUIRE(bool(begin()));
    auto const again = realms().look("alpha");
    BOOST_REQUIRE(again);
    BOOST_TEST(told(*again) == before);
    BOOST_TEST((servers().oauth.current_policy(*again)->access_ttl == 7s));
    BOOST_TEST((again->time().at(clock.now()) == clock.now() + 2h));
}

BOOST_AUTO_TEST_CASE(the_realm_default_is_as_it_was) {
    BOOST_REQUIRE(bool(begin()));
    auto const r = realms().look("default");
    control::enter_scenario(*r, *control::find_scenario("refresh.dead").value(), servers(),
                            clock.now());
    BOOST_REQUIRE(bool(run(io, realms().keep(r))));
    auto const before = told(*r);
    BOOST_REQUIRE(bool(begin()));
    BOOST_TEST(told(*realms().look("default")) == before);
}

BOOST_AUTO_TEST_CASE(forgets_the_records_of_realms_that_end_with_the_process) {
    BOOST_REQUIRE(bool(begin()));
    http::founder const local{{"", true}, false};
    auto const implicit = realms().implicit("plain", "r1", &local);
    BOOST_REQUIRE(bool(implicit));
    BOOST_TEST(!realms().keeps(**implicit));
    write("s.plain.r1", oauth::kind::client, "c", "{}");
    BOOST_REQUIRE(bool(begin()));
    BOOST_TEST(!realms().look("s.plain.r1"));
    BOOST_TEST(!has("s.plain.r1", oauth::kind::client, "c"));
}

BOOST_AUTO_TEST_CASE(leaves_out_what_it_cannot_make_and_restores_the_others) {
    for (auto const& birth : births_of_no_realm) {
        BOOST_REQUIRE(bool(begin()));
        if (!realms().look("beta")) make("beta");
        write("", oauth::kind::realm, "alpha", birth);
        BOOST_REQUIRE(bool(begin()));
        BOOST_TEST(!realms().look("alpha"), birth);
        BOOST_TEST(realms().look("beta") != nullptr, birth);
    }
}

// Else a new realm would have its tokens.
BOOST_AUTO_TEST_CASE(a_name_that_was_left_out_is_taken_until_it_is_removed) {
    write("", oauth::kind::realm, "alpha", "damaged");
    write("alpha", oauth::kind::refresh_token, "t", "{}");
    BOOST_REQUIRE(bool(begin()));
    auto const refused = create("alpha");
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().status() == 409u);
    BOOST_TEST(contains(refused.error().description(), "DELETE /control/realms/alpha"));
    BOOST_TEST(has("alpha", oauth::kind::refresh_token, "t"));

    BOOST_TEST(bool(remove("alpha")));
    BOOST_TEST(!has("alpha", oauth::kind::refresh_token, "t"));
    BOOST_TEST(!has("", oauth::kind::realm, "alpha"));
    BOOST_TEST(bool(create("alpha")));
}

BOOST_AUTO_TEST_CASE(a_realm_whose_state_is_damaged_begins_as_it_was_made) {
    BOOST_REQUIRE(bool(begin()));
    make("alpha");
    for (auto const* damaged : {"", "no JSON", "[]", R"({"scenario":7})"}) {
        write("alpha", oauth::kind::state, "control", damaged);
        BOOST_REQUIRE(bool(begin()));
        BOOST_TEST(realms().look("alpha") != nullptr, damaged);
    }
}

BOOST_AUTO_TEST_CASE(does_not_begin_where_the_store_cannot_be_read) {
    BOOST_REQUIRE(bool(begin()));
    make("alpha");
    auto reads = kept.calls.load();
    BOOST_REQUIRE(bool(begin()));
    reads = kept.calls.load() - reads;
    for (std::size_t n = 1; n <= reads; ++n) {
        kept.fail_at(static_cast<int>(n));
        auto const begun = begin();
        BOOST_TEST_REQUIRE(!begun, n);
        BOOST_TEST(begun.error().status() == 503u);
    }
}

BOOST_AUTO_TEST_CASE(a_realm_that_was_removed_stays_away) {
    BOOST_REQUIRE(bool(begin()));
    make("alpha");
    BOOST_REQUIRE(bool(remove("alpha")));
    BOOST_REQUIRE(bool(begin()));
    BOOST_TEST(!realms().look("alpha"));
}

BOOST_AUTO_TEST_CASE(a_removal_that_the_store_refuses_says_so_and_can_be_asked_for_again) {
    for (int const call : {1, 2}) {
        BOOST_REQUIRE(bool(begin()));
        make("alpha");
        kept.fail_at(call);
        auto const refused = remove("alpha");
        BOOST_REQUIRE(!refused);
        BOOST_TEST(refused.error().status() == 503u);
        BOOST_TEST(refused.error().headers().has("Retry-After"));
        BOOST_TEST(!realms().look("alpha"));
        BOOST_TEST(bool(remove("alpha")));
        auto const gone = remove("alpha");
        BOOST_REQUIRE(!gone);
        BOOST_TEST(gone.error().status() == 404u);
        BOOST_REQUIRE(bool(begin()));
        BOOST_TEST(!realms().look("alpha"));
    }
}

// Who deletes a realm that is found deletes what is written of it, too.
BOOST_AUTO_TEST_CASE(a_realm_is_found_when_it_is_written_down_and_not_before) {
    BOOST_REQUIRE(bool(begin()));
    control::realm_request wanted;
    wanted.name = "alpha";
    bool looked = false;
    kept.before_next_call([&] {
        looked = true;
        BOOST_TEST(!realms().look("alpha"));
    });
    BOOST_REQUIRE(bool(run(io, realms().make(std::move(wanted)))));
    BOOST_TEST(looked);
    BOOST_TEST(realms().look("alpha") != nullptr);
}

BOOST_AUTO_TEST_CASE(says_that_a_realm_was_not_made_where_it_cannot_be_written_down) {
    BOOST_REQUIRE(bool(begin()));
    auto const alpha = create("alpha");
    BOOST_REQUIRE(bool(alpha));
    kept.fail_at(2);
    auto const kept_now = run(io, realms().keep_whole(*alpha));
    BOOST_REQUIRE(!kept_now);
    BOOST_TEST(kept_now.error().status() == 503u);
    BOOST_TEST(contains(kept_now.error().description(), "it was not made"));
}

BOOST_AUTO_TEST_CASE(copies_are_written_down_all_of_them_or_none) {
    BOOST_REQUIRE(bool(begin()));
    make("alpha");
    control::fork_request wanted;
    wanted.names = {"one", "two"};
    for (int call = 1; call < 100; ++call) {
        kept.fail_at(call);
        auto const made = run(io, realms().fork(realms().look("alpha"), wanted));
        kept.fail_at(0);
        BOOST_REQUIRE(bool(begin()));
        BOOST_TEST((realms().look("one") != nullptr) == bool(made), call);
        BOOST_TEST((realms().look("two") != nullptr) == bool(made), call);
        if (made) return;
    }
    BOOST_ERROR("copies are never made");
}

BOOST_AUTO_TEST_SUITE_END()
