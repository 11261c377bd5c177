// Whose a request is where several processes are one server.
#include "control/instances/request_gate.hpp"

#include <boost/test/unit_test.hpp>

#include "control/realms/known_owners.hpp"
#include "control/realms/lasting.hpp"
#include "http/relay/passing.hpp"

using namespace test;

namespace {

// Owners with addresses; who is alive is what the test says.
struct neighbours : known_owners {
    task<outcome<oauth::realm_claim>> claim(std::string realm, bool sure) override {
        asked.push_back(realm + (sure ? " surely" : ""));
        auto const there = theirs.find(realm);
        if (silent || there == theirs.end()) {
            auto own = co_await known_owners::claim(std::move(realm), sure);
            co_return own;
        }
        mine.erase(realm);
        oauth::realm_claim c;
        c.owner.id = there->second;
        c.owner.address = "10.0.0.7:7400";
        co_return c;
    }
    bool is_alive() const override { return alive; }
    bool lives(std::string_view id) const override { return !dead.contains(std::string(id)); }
    task<outcome<std::vector<oauth::instance>>> others_now() override {
        if (silent) co_return oauth::store_unavailable();
        co_return around;
    }

    bool alive = true;
    std::set<std::string> dead;
    std::vector<oauth::instance> around;
    std::vector<std::string> asked;  // claims
};

// "alpha" is here, "beta" is another instance's; so is `default` where the test says so.
struct shared_server : lasting {
    neighbours owners;
    fake_oauth oauth;
    fake_mcp mcp;
    control::realm_registry realms{options_of(), clock, oauth, mcp};
    http::resolver names{http::naming(), realms};
    int answered = 0;  // here
    unsigned status = 200;
    control::request_gate gate{
        realms, names, owners,
        [this](http::request const& r, http::listener_info const&, boost::asio::any_io_executor) {
            return answer_here(std::string(r.path));
        }};

    shared_server() {
        oauth.erases_in = &kept;
        run(io, realms.restore()).value();
        control::realm_request alpha;
        alpha.name = "alpha";
        run(io, realms.make(std::move(alpha))).value();
        control::realm_request beta;
        beta.name = "beta";
        run(io, realms.make(std::move(beta))).value();
        owners.take_away("beta");
        owners.asked.clear();
    }
    control::realm_registry::options options_of() {
        auto o = options(kept);
        o.owners = &owners;
        return o;
    }
    task<http::reply> answer_here(std::string path) {
        ++answered;
        co_return http::json_reply(status, path == "/control/realms"
                                               ? R"({"realms":[{"name":"alpha"}]})"
                                               : R"({"here":true})");
    }

    http::reply ask(http::verb method, std::string path, bool passed = false) {
        last_path = std::move(path);
        asked = http::request();
        asked.method = method;
        asked.method_text = http::to_string(method);
        asked.target = asked.path = last_path;
        asked.headers = {{"Host", host}, {"Origin", "http://localhost:6274"}};
        http::listener_info l;
        l.host = "localhost";
        l.port = l.as_port = 9100;
        l.mcp_port = 9101;
        auto work = gate.answer(asked, l, io.get_executor(), passed);
        return run(io, std::move(work));
    }
    // "here", "to INSTANCE at ADDRESS", "not mine", or a status.
    std::string goes(http::verb method, std::string path, bool passed = false) {
        auto const before = answered;
        auto const r = ask(method, std::move(path), passed);
        auto const* order = http::order_in(r);
        if (order && order->instance.empty()) return "not mine";
        if (order) return "to " + order->instance + " at " + order->address;
        return answered > before ? "here" : std::to_string(r.status);
    }
    std::string goes(std::string path) { return goes(http::verb::get, std::move(path)); }

    std::string host = "localhost:9100";
    std::string last_path;
    http::request asked;
};

constexpr auto to_the_other = "to other at 10.0.0.7:7400";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(request_gate_suite, shared_server)

BOOST_AUTO_TEST_CASE(answers_what_is_here_and_asks_nobody) {
    BOOST_TEST(goes("/r/alpha/mcp") == "here");
    BOOST_TEST(goes("/mcp") == "here");
    BOOST_TEST(goes("/.well-known/oauth-protected-resource/r/alpha/mcp") == "here");
    BOOST_TEST(owners.asked.empty());
}

BOOST_AUTO_TEST_CASE(passes_on_what_another_instance_has) {
    BOOST_TEST(goes("/r/beta/mcp") == to_the_other);
    BOOST_TEST(goes(http::verb::post, "/r/beta/token") == to_the_other);
    BOOST_TEST(goes("/.well-known/oauth-protected-resource/r/beta/mcp") == to_the_other);
    BOOST_TEST(answered == 0);
}

BOOST_AUTO_TEST_CASE(finds_a_realm_by_the_path_of_the_control_plane) {
    BOOST_TEST(goes("/control/realms/beta") == to_the_other);
    BOOST_TEST(goes(http::verb::delete_, "/control/realms/beta") == to_the_other);
    BOOST_TEST(goes(http::verb::post, "/control/realms/beta/fork") == to_the_other);
    BOOST_TEST(goes("/r/alpha/control/realms/beta") == to_the_other);
    BOOST_TEST(goes("/control/realms/alpha") == "here");
    BOOST_TEST(goes("/control/realmsbeta") == "here");
    BOOST_TEST(goes("/control/realms/") == "here");
}

// Whoever is asked makes it.
BOOST_AUTO_TEST_CASE(makes_a_realm_wherever_it_is_asked_for) {
    owners.take_away("default");
    BOOST_TEST(goes(http::verb::post, "/control/realms") == "here");
    BOOST_TEST(goes(http::verb::post, "/r/beta/control/realms") == "here");
}

BOOST_AUTO_TEST_CASE(answers_for_itself_where_it_is_about_the_process) {
    owners.take_away("default");
    owners.alive = false;
    for (auto const* path : {"/healthz", "/readyz", "/metrics"})
        BOOST_TEST(goes(path) == "here", path);
}

BOOST_AUTO_TEST_CASE(answers_itself_that_there_is_no_such_realm) {
    BOOST_TEST(goes("/r/nobody/mcp") == "here");
    // Nobody is asked whose it is: it would be ours from then on.
    BOOST_TEST(owners.asked.empty());
}

BOOST_AUTO_TEST_CASE(sends_realms_by_scenario_path_to_whoever_has_the_default_realm) {
    BOOST_TEST(goes("/s/plain/run1/mcp") == "here");
    owners.take_away("default");
    BOOST_TEST(goes("/s/plain/run1/mcp") == to_the_other);
    BOOST_TEST(goes("/mcp") == to_the_other);
    BOOST_TEST(goes("/s") == to_the_other);
    BOOST_TEST(goes("/r/alpha/mcp") == "here");
}

BOOST_AUTO_TEST_CASE(leaves_a_foreign_host_to_whoever_refuses_it) {
    owners.take_away("default");
    host = "evil.example";
    BOOST_TEST(goes("/mcp") == "here");
}

BOOST_AUTO_TEST_CASE(remembers_who_has_a_realm) {
    goes("/r/beta/mcp");
    goes("/r/beta/mcp");
    BOOST_TEST((owners.asked == std::vector<std::string>{"beta"}));
}

BOOST_AUTO_TEST_CASE(asks_again_and_surely_when_the_other_one_was_not_reached) {
    auto const r = ask(http::verb::get, "/r/beta/mcp");
    http::order_in(r)->failed(false);
    BOOST_TEST(goes("/r/beta/mcp") == to_the_other);
    BOOST_TEST((owners.asked == std::vector<std::string>{"beta", "beta surely"}));
    // It has been told anew.
    BOOST_TEST(goes("/r/beta/mcp") == to_the_other);
    BOOST_TEST(owners.asked.size() == 2u);
}

BOOST_AUTO_TEST_CASE(takes_over_what_an_instance_has_left_that_lives_no_more) {
    BOOST_TEST(goes("/r/beta/mcp") == to_the_other);
    owners.dead.insert("other");
    owners.theirs.clear();
    BOOST_TEST(goes("/r/beta/mcp") == "here");
    BOOST_TEST(realms.has("beta"));
    owners.asked.clear();
    BOOST_TEST(goes("/r/beta/mcp") == "here");
    BOOST_TEST(owners.asked.empty());
}

BOOST_AUTO_TEST_CASE(passes_nothing_on_that_was_passed_on) {
    BOOST_TEST(goes(http::verb::get, "/r/beta/mcp", true) == "not mine");
    BOOST_TEST(goes(http::verb::get, "/r/alpha/mcp", true) == "here");
}

// Another instance has a reason to believe that it is ours.
BOOST_AUTO_TEST_CASE(believes_nothing_of_before_about_what_was_passed_on) {
    BOOST_TEST(goes("/r/beta/mcp") == to_the_other);
    owners.theirs.clear();
    BOOST_TEST(goes("/r/beta/mcp") == to_the_other);
    BOOST_TEST(goes(http::verb::get, "/r/beta/mcp", true) == "here");
    BOOST_TEST(goes("/r/beta/mcp") == "here");
}

BOOST_AUTO_TEST_CASE(says_what_to_do_when_the_other_one_cannot_be_reached) {
    auto const r = ask(http::verb::get, "/r/beta/mcp");
    auto const told = http::order_in(r)->otherwise();
    BOOST_TEST(told.status == 503u);
    BOOST_TEST(told.headers.get("Retry-After") == "1");
    BOOST_TEST(told.headers.get("Cache-Control") == "no-store");
    // A page of another origin reads it, too.
    BOOST_TEST(told.headers.get("Access-Control-Allow-Origin") != "");
    BOOST_TEST(text(json::parse(told.body), "error") == "temporarily_unavailable");
    BOOST_TEST(text(json::parse(told.body), "error_description") ==
               "the instance that answers for this realm cannot be reached; another one will, "
               "within ten seconds");
}

BOOST_AUTO_TEST_CASE(trusts_nothing_that_it_would_have_to_ask_when_it_is_not_heard) {
    owners.alive = false;
    auto const r = ask(http::verb::get, "/r/beta/mcp");
    BOOST_TEST(!http::order_in(r));
    BOOST_TEST(r.status == 503u);
    BOOST_TEST(r.headers.get("Retry-After") == "1");
    BOOST_TEST(text(json::parse(r.body), "error_description") == "the store cannot be reached");
    // What it holds beyond doubt it answers.
    BOOST_TEST(goes("/r/alpha/mcp") == "here");
}

BOOST_AUTO_TEST_CASE(says_so_when_nobody_can_tell_whose_it_is) {
    owners.silent = true;
    BOOST_TEST(goes("/r/beta/mcp") == "503");
    owners.silent = false;
    BOOST_TEST(goes("/r/beta/mcp") == to_the_other);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(list_of_realms, shared_server)

BOOST_AUTO_TEST_CASE(is_our_own_where_nobody_else_is_there) {
    auto const r = ask(http::verb::get, "/control/realms");
    BOOST_TEST(r.body == R"({"realms":[{"name":"alpha"}]})");
}

BOOST_AUTO_TEST_CASE(leaves_out_an_instance_that_does_not_serve_yet) {
    owners.around = {{"new", ""}};
    BOOST_TEST(ask(http::verb::get, "/control/realms").body == R"({"realms":[{"name":"alpha"}]})");
}

// Half a list would be taken for a whole one.
BOOST_AUTO_TEST_CASE(is_refused_when_an_instance_does_not_tell_its_own) {
    owners.around = {{"other", "127.0.0.1:1"}};
    auto const r = ask(http::verb::get, "/control/realms");
    BOOST_TEST(r.status == 503u);
    BOOST_TEST(r.headers.get("Retry-After") == "1");
    BOOST_TEST(text(json::parse(r.body), "error_description") ==
               "an instance does not say which realms it has; try again");
}

BOOST_AUTO_TEST_CASE(is_refused_when_nobody_can_tell_who_is_there) {
    owners.silent = true;
    BOOST_TEST(ask(http::verb::get, "/control/realms").status == 503u);
}

BOOST_AUTO_TEST_CASE(is_our_own_for_an_instance_that_asks) {
    owners.around = {{"other", "127.0.0.1:1"}};
    BOOST_TEST(ask(http::verb::get, "/control/realms", true).status == 200u);
}

BOOST_AUTO_TEST_CASE(is_a_refusal_where_ours_is_one) {
    owners.around = {{"other", "127.0.0.1:1"}};
    status = 403;
    BOOST_TEST(ask(http::verb::get, "/control/realms").status == 403u);
}

BOOST_AUTO_TEST_SUITE_END()
