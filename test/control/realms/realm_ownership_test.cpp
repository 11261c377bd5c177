// Realms that other instances may have: what comes here, and what goes.
#include "control/realms/known_owners.hpp"
#include "control/realms/lasting.hpp"

using namespace test;

namespace {

struct shared_realms : lasting {
    known_owners owners;

    struct shared_process {
        fake_oauth oauth;
        fake_mcp mcp;
        control::realm_registry realms;
        explicit shared_process(shared_realms& of) : realms(options_of(of), of.clock, oauth, mcp) {
            oauth.erases_in = &of.kept;
        }
    };
    static control::realm_registry::options options_of(shared_realms& of) {
        auto o = options(of.kept);
        o.owners = &of.owners;
        return o;
    }
    std::unique_ptr<shared_process> mine = std::make_unique<shared_process>(*this);
    ~shared_realms() { mine.reset(); }

    control::realm_registry& here() const { return mine->realms; }
    outcome<http::realm_ptr> make_here(std::string name) {
        control::realm_request wanted;
        wanted.name = std::move(name);
        return run(io, here().make(std::move(wanted)));
    }
    http::realm_ptr make_by_scenario_path() {
        http::founder by;
        by.who = {{}, true};
        by.issuer = "http://localhost:1/s/plain/run1";
        by.mcp_base = "http://localhost:2/s/plain/run1";
        return here().implicit("plain", "run1", &by).value();
    }
    oauth::realm_claim have(std::string name) {
        return run(io, here().have(std::move(name), true)).value();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(realm_ownership_suite, shared_realms)

BOOST_AUTO_TEST_CASE(brings_what_nobody_has_here_at_the_start) {
    run(io, here().restore()).value();
    make_here("alpha").value();
    make_here("beta").value();
    owners.mine.clear();
    owners.theirs["beta"] = "other";
    mine = std::make_unique<shared_process>(*this);
    run(io, here().restore()).value();
    BOOST_TEST(here().has("default"));
    BOOST_TEST(here().has("alpha"));
    BOOST_TEST(!here().has("beta"));
    BOOST_TEST(here().look("beta") == nullptr);
}

BOOST_AUTO_TEST_CASE(drops_what_is_lost_and_brings_it_back_as_it_is_by_then) {
    run(io, here().restore()).value();
    auto const before = make_here("alpha").value();
    owners.take_away("alpha");
    BOOST_TEST(here().look("alpha") == nullptr);
    BOOST_TEST(!have("alpha").ours);
    owners.theirs.clear();
    BOOST_TEST(have("alpha").ours);
    BOOST_TEST(here().has("alpha"));
    BOOST_TEST(here().look("alpha") != before);
}

BOOST_AUTO_TEST_CASE(takes_another_default_realm_after_it_was_lost) {
    run(io, here().restore()).value();
    auto const before = here().look("default");
    owners.take_away("default");
    BOOST_TEST(!here().has("default"));
    BOOST_TEST(here().own().empty());
    owners.theirs.clear();
    BOOST_TEST(have("default").ours);
    BOOST_TEST(here().has("default"));
    BOOST_TEST(here().look("default") != before);
    BOOST_TEST(here().own().size() == 1u);
}

BOOST_AUTO_TEST_CASE(lets_realms_by_scenario_path_go_with_the_default_realm) {
    run(io, here().restore()).value();
    auto const made = make_by_scenario_path();
    owners.take_away("default");
    BOOST_TEST(here().look(made->name()) == nullptr);
}

BOOST_AUTO_TEST_CASE(makes_no_realm_of_a_name_that_another_instance_has) {
    run(io, here().restore()).value();
    owners.theirs["alpha"] = "other";
    auto const made = make_here("alpha");
    BOOST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().status() == 409);
    BOOST_TEST(made.error().error() == "realm_exists");
}

BOOST_AUTO_TEST_CASE(gives_the_name_back_of_a_realm_that_is_removed) {
    run(io, here().restore()).value();
    make_here("alpha").value();
    BOOST_TEST(owners.mine.contains("alpha"));
    run(io, here().remove("alpha")).value();
    BOOST_TEST(!owners.mine.contains("alpha"));
}

BOOST_AUTO_TEST_CASE(refuses_a_port_and_says_why) {
    control::realm_request wanted;
    wanted.name = "alpha";
    wanted.way = control::isolation::port;
    auto const made = run(io, here().make(std::move(wanted)));
    BOOST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().status() == 400);
    BOOST_TEST(!owners.mine.contains("alpha"));
}

BOOST_AUTO_TEST_CASE(leaves_a_name_to_who_is_just_making_a_realm_of_it) {
    run(io, here().restore()).value();
    int refused = 0;
    owners.when_asked = [&] {
        boost::asio::io_context meanwhile;
        control::realm_request same;
        same.name = "alpha";
        refused = run(meanwhile, here().make(std::move(same))).error().status();
    };
    BOOST_TEST(bool(make_here("alpha")));
    BOOST_TEST(refused == 503);
    BOOST_TEST(owners.mine.contains("alpha"));
    BOOST_TEST(here().has("alpha"));
}

BOOST_AUTO_TEST_CASE(says_that_a_change_of_a_realm_that_went_away_is_not_written_down) {
    run(io, here().restore()).value();
    auto const before = make_here("alpha").value();
    BOOST_TEST(bool(run(io, here().keep(before))));
    owners.slip_away("alpha");
    auto const kept = run(io, here().keep(before));
    BOOST_REQUIRE(kept.has_error());
    BOOST_TEST(kept.error().status() == 503);
    BOOST_TEST(run(io, here().keep_whole(before)).has_error());
    // Also where it has come back: as another one.
    owners.take_away("alpha");
    owners.theirs.clear();
    BOOST_TEST(have("alpha").ours);
    BOOST_TEST(run(io, here().keep(before)).has_error());
}

BOOST_AUTO_TEST_CASE(drops_what_went_to_another_instance_without_a_word) {
    run(io, here().restore()).value();
    make_here("alpha").value();
    owners.slip_away("alpha");
    run(io, here().sweep());
    BOOST_TEST(here().look("alpha") == nullptr);
    BOOST_TEST(has("", oauth::kind::realm, "alpha"));
}

// The time that counts is that of whoever has it.
BOOST_AUTO_TEST_CASE(erases_no_realm_of_another_instance_whose_time_is_over_here) {
    run(io, here().restore()).value();
    make_here("alpha").value();
    owners.slip_away("alpha");
    clock.advance(std::chrono::hours(2));
    run(io, here().sweep());
    BOOST_TEST(here().look("alpha") == nullptr);
    BOOST_TEST(has("", oauth::kind::realm, "alpha"));
    BOOST_TEST(!have("alpha").ours);
}

BOOST_AUTO_TEST_CASE(erases_no_realm_that_another_instance_has_left_whose_time_is_over_here) {
    run(io, here().restore()).value();
    make_here("alpha").value();
    owners.mine.erase("alpha");
    clock.advance(std::chrono::hours(2));
    run(io, here().sweep());
    BOOST_TEST(has("", oauth::kind::realm, "alpha"));
    BOOST_TEST(here().has("alpha"));
}

BOOST_AUTO_TEST_CASE(erases_no_records_of_a_scenario_path_that_went_with_the_default_realm) {
    run(io, here().restore()).value();
    auto const made = make_by_scenario_path();
    write(made->name(), oauth::kind::state, "x", "{}");
    owners.slip_away("default");
    clock.advance(std::chrono::hours(2));
    run(io, here().sweep());
    BOOST_TEST(here().look(made->name()) == nullptr);
    BOOST_TEST(has(made->name(), oauth::kind::state, "x"));
}

BOOST_AUTO_TEST_CASE(tries_again_to_forget_a_realm_while_nobody_can_say_whose_it_is) {
    run(io, here().restore()).value();
    make_here("alpha").value();
    owners.silent = true;
    BOOST_TEST(run(io, here().remove("alpha")).has_error());
    BOOST_TEST(has("", oauth::kind::realm, "alpha"));
    owners.silent = false;
    run(io, here().sweep());
    BOOST_TEST(!has("", oauth::kind::realm, "alpha"));
}

// Also where nobody asks for it: its time runs, and it goes when that is over.
BOOST_AUTO_TEST_CASE(takes_now_and_then_what_an_instance_has_left) {
    run(io, here().restore()).value();
    make_here("alpha").value();
    owners.take_away("alpha");
    run(io, here().sweep());
    BOOST_TEST(!here().has("alpha"));
    owners.theirs.clear();
    run(io, here().sweep());
    BOOST_TEST(here().has("alpha"));
}

BOOST_AUTO_TEST_CASE(is_a_503_while_nobody_can_say_whose_it_is) {
    owners.silent = true;
    auto const asked = run(io, here().have("alpha", true));
    BOOST_REQUIRE(asked.has_error());
    BOOST_TEST(asked.error().status() == 503);
    BOOST_TEST(asked.error().error() == "temporarily_unavailable");
}

BOOST_AUTO_TEST_SUITE_END()
