// Realms that other instances may have: what comes here, and what goes.
#include "control/realms/lasting.hpp"

using namespace test;

namespace {

// Says of each realm what the test has written into it.
struct known_owners : oauth::realm_owners {
    task<outcome<oauth::realm_claim>> claim(std::string realm, bool) override {
        oauth::realm_claim c;
        if (silent) co_return oauth::store_unavailable();
        if (auto const at = theirs.find(realm); at != theirs.end()) {
            mine.erase(realm);
            c.owner.id = at->second;
            co_return c;
        }
        c.ours = true;
        c.taken_over = mine.insert(realm).second;
        co_return c;
    }
    task<outcome<std::optional<oauth::instance>>> owner_of(std::string realm) override {
        std::optional<oauth::instance> found;
        if (auto const at = theirs.find(realm); at != theirs.end())
            found = oauth::instance{at->second, {}};
        co_return found;
    }
    task<void> release(std::string realm, bool) override {
        mine.erase(realm);
        co_return;
    }
    bool holds(std::string_view realm) const override { return mine.contains(std::string(realm)); }
    bool claims(std::string_view realm) const override { return holds(realm); }
    bool is_alive() const override { return true; }
    std::vector<oauth::instance> others() const override { return {}; }
    task<outcome<std::vector<oauth::instance>>> others_now() override {
        std::vector<oauth::instance> none;
        co_return none;
    }
    bool lives(std::string_view) const override { return true; }
    std::string const& id() const noexcept override { return own_id; }
    void announce(std::string) override {}
    void on_loss(std::function<void(std::string const&)> then) override { lost = std::move(then); }
    void release_all() override { mine.clear(); }

    void take_away(std::string const& realm) {
        theirs[realm] = "other";
        mine.erase(realm);
        if (lost) lost(realm);
    }

    std::string const own_id = "me";
    std::set<std::string> mine;
    std::map<std::string, std::string> theirs;
    std::function<void(std::string const&)> lost;
    bool silent = false;
};

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
    BOOST_TEST(!here().keeps(*before));
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
    http::founder by;
    by.who = {{}, true};
    by.issuer = "http://localhost:1/s/plain/run1";
    by.mcp_base = "http://localhost:2/s/plain/run1";
    auto const made = here().implicit("plain", "run1", &by).value();
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
