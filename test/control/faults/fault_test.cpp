// What a fault counts, where in the stack it acts, and what several of them do to one request.
#include "control/faults/fault.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "control/faults/catalogue.hpp"

using namespace tollgate;
using namespace tollgate::control;
using namespace std::chrono_literals;

namespace {

constexpr auto start = tollgate::time_point(1'800'000'000s);

request_facts at(std::string_view endpoint) {
    request_facts f;
    f.endpoint = endpoint;
    return f;
}

// Effects, as POST /control/faults takes them.
std::vector<effect_ptr> effects_of(std::string_view list) {
    boost::json::object const none;
    object_reader in(none);
    auto made = read_effects(boost::json::parse(list).as_array(), in, "effects");
    BOOST_REQUIRE(in.finish());
    return made;
}

constexpr std::string_view waits = R"([{"delay":{"ms":0}}])";
constexpr std::string_view answers_itself = R"([{"answer":{"status":500}}])";
constexpr std::string_view alters = R"([{"status":{"code":202}}])";
constexpr std::string_view replaces = R"([{"answer":{"status":500,"when":"replace"}}])";

fault_ptr make(std::string name, std::string_view effects) {
    fault_settings s;
    s.name = std::move(name);
    s.effects = effects_of(effects);
    return std::make_shared<fault>(std::move(s));
}

std::string names(std::vector<acting_fault> const& list) {
    std::string all;
    for (auto const& f : list)
        all += (all.empty() ? "" : " ") + f.fault->settings().name;
    return all;
}

fault_settings first_per(trigger::per key) {
    fault_settings s;
    s.effects = effects_of(waits);
    s.trigger.kind = trigger::kind::first_per;
    s.trigger.key = key;
    return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(counts_what_matches_whether_it_acts_on_it_or_not) {
    auto s = settings_of("refresh.invalid_grant");
    s.trigger.kind = trigger::kind::nth;
    s.trigger.n = 2;
    fault f(std::move(s));
    auto request = at("token");
    BOOST_TEST(!f.hit(request, start));  // of another grant
    request.grant_type = "refresh_token";
    BOOST_TEST(!f.hit(request, start));
    BOOST_TEST(f.hit(request, start));
    BOOST_TEST(!f.hit(at("mcp"), start));
    BOOST_TEST(f.matched() == 2u);
    BOOST_TEST(f.fired() == 0u);  // whoever lets it act tells it
    f.count_action();
    BOOST_TEST(f.fired() == 1u);
}

BOOST_AUTO_TEST_CASE(wants_what_its_name_is_about_and_what_its_creator_selected) {
    auto s = settings_of("mcp.server_error");
    s.select.endpoints = {"messages"};
    fault const f(std::move(s));
    BOOST_TEST(f.about("messages"));
    BOOST_TEST(!f.about("mcp"));
    BOOST_TEST(!f.about("token"));
}

BOOST_AUTO_TEST_CASE(acts_on_the_first_request_of_each_client_and_counts_all) {
    fault f(first_per(trigger::per::client));
    auto request = at("token");
    request.client_id = "c1";
    BOOST_TEST(f.hit(request, start));
    BOOST_TEST(!f.hit(request, start));
    request.client_id = "c2";
    BOOST_TEST(f.hit(request, start));
    BOOST_TEST(f.matched() == 3u);
}

// Who has no session is the first of none.
BOOST_AUTO_TEST_CASE(does_not_count_a_request_that_has_no_such_key) {
    for (auto const key : {trigger::per::token, trigger::per::client, trigger::per::session}) {
        fault f(first_per(key));
        BOOST_TEST(!f.hit(at("mcp"), start));
        BOOST_TEST(f.matched() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(expires_at_the_very_moment) {
    fault_settings s;
    s.expires_at = start + 10s;
    fault const f(std::move(s));
    BOOST_TEST(!f.expired(start + 10s - 1ns));
    BOOST_TEST(f.expired(start + 10s));
    BOOST_TEST(!fault(fault_settings()).expired(start + 24h * 365));
}

BOOST_AUTO_TEST_CASE(is_unconditional_without_a_selector_and_a_trigger) {
    BOOST_TEST(fault(settings_of("scope.forbidden")).unconditional());
    auto chosen = settings_of("scope.forbidden");
    chosen.select.tool = "echo";
    BOOST_TEST(!fault(chosen).unconditional());
    auto counted = settings_of("scope.forbidden");
    counted.trigger.kind = trigger::kind::after;
    BOOST_TEST(!fault(counted).unconditional());
    auto headed = settings_of("scope.forbidden");
    headed.select.headers.emplace_back("X-Test", std::nullopt);
    BOOST_TEST(!fault(headed).unconditional());
}

// Before the guard wherever the request alone says enough, so that a fault comes before a 401.
BOOST_AUTO_TEST_CASE(acts_before_the_guard_unless_it_must_know_the_caller_or_the_message) {
    struct row {
        std::string_view what;
        void (*set)(fault_settings&);
        phase guarded, open;
    };
    constexpr auto raw = phase::raw;
    constexpr auto semantic = phase::semantic;
    row const rows[] = {
        {"nothing", [](fault_settings&) {}, raw, raw},
        {"grant", [](fault_settings& s) { s.select.grant_type = "x"; }, raw, raw},
        {"header", [](fault_settings& s) { s.select.headers.emplace_back("X", "1"); }, raw, raw},
        {"client", [](fault_settings& s) { s.select.client_id = "x"; }, semantic, raw},
        {"subject", [](fault_settings& s) { s.select.subject = "x"; }, semantic, semantic},
        {"session", [](fault_settings& s) { s.select.session = "x"; }, semantic, semantic},
        {"tool", [](fault_settings& s) { s.select.tool = "x"; }, semantic, semantic},
        {"method", [](fault_settings& s) { s.own.mcp_method = "x"; }, semantic, semantic},
        {"per token", [](fault_settings& s) { s.trigger = first_per(trigger::per::token).trigger; },
         semantic, raw},
        {"403",
         [](fault_settings& s) {
             s.effects = effects_of(R"([{"answer":{"challenge":"insufficient_scope"}}])");
         },
         semantic, semantic},
        {"401",
         [](fault_settings& s) {
             s.effects = effects_of(R"([{"answer":{"challenge":"invalid_token"}}])");
         },
         semantic, semantic},
    };
    for (auto const& r : rows) {
        fault_settings s;
        r.set(s);
        fault const f(std::move(s));
        BOOST_TEST((phase_of(f, true) == r.guarded), r.what << " behind the guard");
        BOOST_TEST((phase_of(f, false) == r.open), r.what << " without a guard");
    }
}

// A request that one fault answers is not seen by those further in.
BOOST_AUTO_TEST_CASE(stops_at_the_first_fault_that_answers_and_waits_for_those_before_it) {
    fault_plan const plan{make("waits", waits), make("answers", answers_itself),
                          make("unseen", answers_itself)};
    auto const hits = decide(plan, phase::raw, at("token"), false, start);
    BOOST_TEST(names(hits.before) == "waits answers");
    BOOST_TEST(plan[2]->matched() == 0u);
}

BOOST_AUTO_TEST_CASE(lets_what_alters_the_answer_stand_where_it_was_put) {
    fault_plan const plan{make("outer", alters), make("lost", replaces),
                          make("early", answers_itself), make("inner", alters)};
    auto const hits = decide(plan, phase::raw, at("token"), false, start);
    BOOST_TEST(names(hits.before) == "early");
    BOOST_TEST(names(hits.after) == "outer lost");
}

// One that waits first and alters the answer then stands on both sides, and counts once.
BOOST_AUTO_TEST_CASE(stands_on_both_sides_of_the_handler_where_its_effects_do) {
    fault_plan const plan{make("both", R"([{"delay":{"ms":0}},{"status":{"code":202}}])"),
                          make("next", waits)};
    auto const hits = decide(plan, phase::raw, at("token"), false, start);
    BOOST_TEST(names(hits.before) == "both next");
    BOOST_TEST(names(hits.after) == "both");
    BOOST_TEST(plan[0]->matched() == 1u);
}

BOOST_AUTO_TEST_CASE(decides_for_one_phase_and_leaves_the_others_uncounted) {
    auto s = settings_of("scope.forbidden");
    auto const semantic = std::make_shared<fault>(std::move(s));
    auto const raw = std::make_shared<fault>(settings_of("mcp.server_error"));
    fault_plan const plan{semantic, raw};
    auto request = at("mcp");
    request.calls.emplace_back("tools/call", "echo");
    BOOST_TEST(decide(plan, phase::raw, request, true, start).before.front().fault == raw);
    BOOST_TEST(semantic->matched() == 0u);
    BOOST_TEST(decide(plan, phase::semantic, request, true, start).before.front().fault ==
               semantic);
    BOOST_TEST(raw->matched() == 1u);
}

BOOST_AUTO_TEST_CASE(decides_nothing_by_a_fault_that_is_over) {
    fault_settings s;
    s.effects = effects_of(answers_itself);
    s.expires_at = start;
    fault_plan const plan{std::make_shared<fault>(std::move(s))};
    BOOST_TEST(decide(plan, phase::raw, at("token"), false, start).empty());
    BOOST_TEST(plan[0]->matched() == 0u);
}

// Looking into a body costs something, and only who is asked about it pays.
BOOST_AUTO_TEST_CASE(asks_only_for_what_the_faults_of_that_endpoint_and_phase_need) {
    auto for_client = settings_of("token.unavailable");
    for_client.select.client_id = "c1";
    auto over = settings_of("token.server_error");
    over.select.subject = "alice";
    over.expires_at = start;
    fault_plan const plan{std::make_shared<fault>(std::move(for_client)),
                          std::make_shared<fault>(settings_of("refresh.invalid_grant")),
                          std::make_shared<fault>(settings_of("scope.forbidden")),
                          std::make_shared<fault>(std::move(over))};
    BOOST_TEST(needs_of(plan, phase::raw, "token", false, start) == (need_client | need_form));
    BOOST_TEST(needs_of(plan, phase::semantic, "token", false, start) == need_nothing);
    BOOST_TEST(needs_of(plan, phase::semantic, "mcp", true, start) == need_message);
    BOOST_TEST(needs_of(plan, phase::raw, "authorize", false, start) == need_nothing);
}

BOOST_AUTO_TEST_SUITE_END()
