// The span of an exchange: where it belongs, what it is called, what it tells, when it ends.
#include "control/telemetry/layer.hpp"

#include <set>

#include <boost/test/unit_test.hpp>

#include "control/journal/journal.hpp"
#include "control/journal/recorder.hpp"
#include "control/journal/redaction.hpp"
#include "control/support/plane.hpp"
#include "control/telemetry/collector.hpp"
#include "http/pipeline/dispatcher.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

// What the endpoints do next.
struct served_by {
    std::function<outcome<http::reply>(http::context&)> answer;
};

task<outcome<http::reply>> serve(served_by& s, http::context& c) {
    if (s.answer) co_return s.answer(c);
    co_return http::json_reply(200, "{}");
}

constexpr http::route<served_by> rows[] = {
    {"/token", http::verb::post, "token", &serve, http::plain_route},
    {"/mcp", http::verb::post, "mcp", &serve, http::plain_route},
    {"/register/{client_id}", http::verb::get, "register", &serve, http::plain_route},
    {"/a/{one}/b/{two}", http::verb::get, "register", &serve, http::plain_route},
    {"/healthz", http::verb::get, "healthz", &serve, http::origin_root},
    {"/verdict", http::verb::get, "verdict", &serve, http::plain_route},
    {"/control/x", http::verb::patch, "control", &serve, http::control_plane},
};

constexpr auto caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr auto unsampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

struct traced {
    explicit traced(bool joins = false, std::size_t journal_bytes = 1 << 20,
                    std::string const& instance = "me") {
        control::exporter::options o;
        o.url = there.url();
        o.delay = 1h;
        to.emplace(outbound, std::move(o), instance);
        to->start();
        control::tracing t;
        t.to = &*to;
        t.instance = instance;
        t.join_caller = joins;
        routes.add(served, std::span<http::route<served_by> const>(rows));
        b.emplace(routes,
                  http::stack({control::telemetry_layer(std::move(t)), control::journal_layer()},
                              &http::run_route));
        b->realm->attach(std::make_shared<control::journal>(journal_bytes));
    }

    collector there;
    http::client outbound{http::client::options()};
    std::optional<control::exporter> to;
    served_by served;
    http::router routes;
    std::optional<bench> b;

    // An exchange whose answer gets away whole.
    void ask(http::verb method, std::string const& target, fields headers = {}) {
        auto const r = b->raw(method, target, "", std::move(headers));
        if (r.on_sent) r.on_sent(true);
    }
    void ask_token(fields headers = {}) { ask(http::verb::post, "/token", std::move(headers)); }
    // What the next requests turn out to be about.
    void about(http::exchange_facts facts) {
        served.answer = [facts = std::move(facts)](http::context& c) {
            c.facts() = facts;
            return outcome<http::reply>(http::json_reply(200, "{}"));
        };
    }
    void answers(unsigned status) {
        served.answer = [=](http::context&) { return outcome<http::reply>(http::reply(status)); };
    }
    // All that were exported; nothing comes behind it.
    std::vector<json::value> spans() {
        to->end(30s);
        return there.spans();
    }
    json::value one() {
        auto const all = spans();
        BOOST_REQUIRE(all.size() == 1u);
        return all[0];
    }
};

// An attribute's value; null where it has none.
json::value told(json::value const& span, std::string_view key) {
    for (auto const& a : span.at("attributes").as_array())
        if (a.at("key").as_string() == key) return a.at("value").as_object().begin()->value();
    return nullptr;
}

std::string told_text(json::value const& span, std::string_view key) {
    auto const v = told(span, key);
    return v.is_string() ? std::string(v.get_string()) : json::serialize(v);
}

std::string text_of(json::value const& span, std::string_view name) {
    auto const* v = span.as_object().if_contains(name);
    return v ? std::string(v->as_string()) : "";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(telemetry_layer_suite, traced)

BOOST_AUTO_TEST_CASE(tells_when_an_exchange_came_and_when_its_answer_was_out) {
    served.answer = [this](http::context&) {
        b->clock.advance(250ms);
        return outcome<http::reply>(http::reply(204));
    };
    auto const r = b->raw(http::verb::post, "/token", "", {});
    b->clock.advance(1s);
    r.on_sent(true);
    auto const s = one();
    BOOST_TEST(text_of(s, "startTimeUnixNano") == "1800000000000000000");
    BOOST_TEST(text_of(s, "endTimeUnixNano") == "1800000001250000000");
    BOOST_TEST(told_text(s, "tollgate.delivery") == "delivered");
}

BOOST_AUTO_TEST_CASE(ends_as_cut_where_the_peer_has_gone) {
    b->raw(http::verb::post, "/token", "", {}).on_sent(false);
    BOOST_TEST(told_text(one(), "tollgate.delivery") == "cut");
}

BOOST_AUTO_TEST_CASE(ends_as_cut_where_nobody_can_send_the_answer_any_more) {
    b->raw(http::verb::post, "/token", "", {});
    BOOST_TEST(told_text(one(), "tollgate.delivery") == "cut");
}

BOOST_AUTO_TEST_CASE(ends_once) {
    auto const r = b->raw(http::verb::post, "/token", "", {});
    r.on_sent(true);
    r.on_sent(false);
    BOOST_TEST(told_text(one(), "tollgate.delivery") == "delivered");
}

BOOST_AUTO_TEST_CASE(lets_the_journal_hear_of_the_delivery_too) {
    ask_token();
    auto const e = b->realm->get<control::journal>().read(0, {}).events.at(0);
    BOOST_TEST((e->exchange->how == control::delivery::delivered));
}

BOOST_AUTO_TEST_CASE(leaves_operations_verdicts_and_the_control_plane_alone) {
    ask(http::verb::get, "/healthz");
    ask(http::verb::get, "/verdict");
    ask(http::verb::patch, "/control/x");
    BOOST_TEST(spans().empty());
}

BOOST_AUTO_TEST_CASE(passes_everything_on_where_there_is_no_telemetry) {
    bench other(routes, http::stack({control::telemetry_layer({})}, &http::run_route));
    auto const r = other.raw(http::verb::post, "/token", "", {});
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(!r.on_sent);
}

// OpenTelemetry, HTTP spans: {method} {http.route}.
BOOST_AUTO_TEST_CASE(is_named_by_method_and_route) {
    ask_token();
    ask(http::verb::get, "/register/c%201?x=y");
    ask(http::verb::get, "/a/a/b/b");
    ask(http::verb::get, "/nowhere");
    auto const all = spans();
    BOOST_REQUIRE(all.size() == 4u);
    BOOST_TEST(text_of(all[0], "name") == "POST /token");
    BOOST_TEST(text_of(all[1], "name") == "GET /register/{client_id}");
    BOOST_TEST(told_text(all[1], "http.route") == "/register/{client_id}");
    BOOST_TEST(text_of(all[2], "name") == "GET /a/{one}/b/{two}");
    // Anybody can think of paths: a name of each would be one of very many.
    BOOST_TEST(text_of(all[3], "name") == "GET");
    BOOST_TEST(told(all[3], "http.route").is_null());
}

BOOST_AUTO_TEST_CASE(calls_a_method_that_nobody_knows_other) {
    ask(http::verb::other, "/token");
    auto const s = one();
    BOOST_TEST(text_of(s, "name") == "HTTP /token");
    BOOST_TEST(told_text(s, "http.request.method") == "_OTHER");
}

BOOST_AUTO_TEST_CASE(tells_what_was_asked_and_by_whom_without_secrets) {
    std::string const token(43, 't');
    ask_token({{"User-Agent", "me/1"}, {"Host", "auth.localhost:9100"}});
    b->raw(http::verb::post, "/token?code=" + token + "&a=1", "", {}).on_sent(true);
    auto const all = spans();
    auto const& s = all.at(0);
    BOOST_TEST(told_text(s, "http.request.method") == "POST");
    BOOST_TEST(told_text(s, "http.response.status_code") == "200");
    BOOST_TEST(told_text(s, "url.scheme") == "http");
    BOOST_TEST(told_text(s, "url.path") == "/token");
    BOOST_TEST(told(s, "url.query").is_null());
    BOOST_TEST(told_text(s, "client.address") == "127.0.0.1");
    BOOST_TEST(told_text(s, "server.address") == "auth.localhost");
    BOOST_TEST(told_text(s, "server.port") == "9100");
    BOOST_TEST(told_text(s, "user_agent.original") == "me/1");
    BOOST_TEST(told_text(s, "network.protocol.version") == "1.1");
    BOOST_TEST(told_text(all.at(1), "url.query") == "code=" + control::pseudonym(token) + "&a=1");
}

BOOST_AUTO_TEST_CASE(takes_a_host_apart_also_where_it_is_an_address_of_ipv6) {
    ask_token({{"Host", "[::1]:9100"}});
    ask_token({{"Host", "[::1]"}});
    ask_token({{"Host", "localhost"}});
    auto const all = spans();
    BOOST_TEST(told_text(all.at(0), "server.address") == "::1");
    BOOST_TEST(told_text(all.at(0), "server.port") == "9100");
    BOOST_TEST(told_text(all.at(1), "server.address") == "::1");
    BOOST_TEST(told(all.at(1), "server.port").is_null());
    BOOST_TEST(told_text(all.at(2), "server.address") == "localhost");
    BOOST_TEST(told(all.at(2), "server.port").is_null());
}

// Server spans: an error of the client is none of ours.
BOOST_AUTO_TEST_CASE(has_failed_where_the_server_has) {
    for (unsigned const status : {302u, 404u, 499u, 500u, 503u}) {
        answers(status);
        ask_token();
    }
    auto const all = spans();
    for (auto const& s : all) {
        bool const failed = told_text(s, "http.response.status_code").front() == '5';
        BOOST_TEST(s.as_object().contains("status") == failed);
        BOOST_TEST(told_text(s, "error.type") ==
                   (failed ? told_text(s, "http.response.status_code") : "null"));
    }
    BOOST_TEST(all.size() == 5u);
}

BOOST_AUTO_TEST_CASE(tells_what_the_request_turned_out_to_be_about) {
    http::exchange_facts f;
    f.mcp_method = "tools/call";
    f.tool = "echo";
    f.session = "01234567…";
    f.faults = {"one", "two"};
    f.decision = "approve";
    f.refused_by = "scope";
    f.subject = "demo";
    about(f);
    ask(http::verb::post, "/mcp", {{"MCP-Protocol-Version", "2025-11-25"}});
    auto const s = one();
    BOOST_TEST(told_text(s, "mcp.method.name") == "tools/call");
    BOOST_TEST(told_text(s, "gen_ai.tool.name") == "echo");
    BOOST_TEST(told_text(s, "mcp.session.id") == "01234567…");
    BOOST_TEST(told_text(s, "mcp.protocol.version") == "2025-11-25");
    BOOST_TEST(told_text(s, "tollgate.realm") == "default");
    BOOST_TEST(told_text(s, "tollgate.endpoint") == "mcp");
    BOOST_TEST(told_text(s, "tollgate.decision") == "approve");
    BOOST_TEST(told_text(s, "tollgate.refused_by") == "scope");
    BOOST_TEST(told_text(s, "user.name") == "demo");
    BOOST_TEST(told(s, "tollgate.faults").at_pointer("/values/1/stringValue") == "two");
}

BOOST_AUTO_TEST_CASE(tells_no_protocol_version_of_what_is_no_message) {
    ask_token({{"MCP-Protocol-Version", "2025-11-25"}});
    BOOST_TEST(told(one(), "mcp.protocol.version").is_null());
}

BOOST_AUTO_TEST_CASE(belongs_to_the_trace_of_its_flow) {
    http::exchange_facts me, other;
    me.client_id = "me";
    other.client_id = "other";
    for (auto const& f : {me, other, me}) {
        about(f);
        ask_token();
    }
    auto const all = spans();
    BOOST_TEST(text_of(all.at(0), "traceId") == text_of(all.at(2), "traceId"));
    BOOST_TEST(text_of(all.at(0), "traceId") != text_of(all.at(1), "traceId"));
    BOOST_TEST(told_text(all.at(0), "tollgate.flow") == told_text(all.at(2), "tollgate.flow"));
    std::set<std::string> ids;
    for (auto const& s : all) {
        ids.insert(text_of(s, "spanId"));
        BOOST_TEST(text_of(s, "traceId").size() == 32u);
        BOOST_TEST(text_of(s, "spanId").size() == 16u);
        BOOST_TEST(text_of(s, "parentSpanId") == "");
    }
    BOOST_TEST(ids.size() == 3u);
}

BOOST_AUTO_TEST_CASE(shares_no_trace_with_another_process_or_realm) {
    traced elsewhere(false, 1 << 20, "another");
    http::exchange_facts me;
    me.client_id = "me";
    about(me);
    ask_token();
    b->realm = std::make_shared<http::realm>("other");
    b->realm->attach(std::make_shared<control::journal>(1 << 20));
    ask_token();
    elsewhere.about(me);
    elsewhere.ask_token();
    auto const all = spans();
    BOOST_TEST(text_of(all.at(0), "traceId") != text_of(all.at(1), "traceId"));
    BOOST_TEST(text_of(all.at(0), "traceId") != text_of(elsewhere.one(), "traceId"));
}

BOOST_AUTO_TEST_CASE(is_a_trace_of_its_own_where_no_journal_tells_flows) {
    traced off(false, 0);
    off.ask_token();
    off.ask_token();
    auto const all = off.spans();
    BOOST_TEST(text_of(all.at(0), "traceId") != text_of(all.at(1), "traceId"));
    BOOST_TEST(told(all.at(0), "tollgate.flow").is_null());
}

BOOST_AUTO_TEST_CASE(tells_the_status_of_a_refusal_that_is_no_answer_yet) {
    traced off(false, 0);
    off.served.answer = [](http::context&) -> outcome<http::reply> {
        return problem(503, "temporarily_unavailable", "");
    };
    off.ask_token();
    BOOST_TEST(told_text(off.one(), "http.response.status_code") == "503");
}

// W3C Trace Context
BOOST_AUTO_TEST_CASE(has_a_link_to_the_trace_of_its_caller) {
    ask_token({{"traceparent", caller}, {"tracestate", "a=1"}, {"tracestate", "b=2"}});
    auto const s = one();
    BOOST_TEST(text_of(s, "traceId") != "4bf92f3577b34da6a3ce929d0e0e4736");
    BOOST_TEST(text_of(s, "parentSpanId") == "");
    auto const& link = s.at_pointer("/links/0");
    BOOST_TEST(text_of(link, "traceId") == "4bf92f3577b34da6a3ce929d0e0e4736");
    BOOST_TEST(text_of(link, "spanId") == "00f067aa0ba902b7");
    BOOST_TEST(text_of(link, "traceState") == "a=1, b=2");
}

BOOST_AUTO_TEST_CASE(is_told_even_where_its_caller_keeps_no_trace) {
    ask_token({{"traceparent", unsampled}});
    BOOST_TEST(one().as_object().contains("links"));
}

BOOST_AUTO_TEST_CASE(joins_its_caller_where_it_is_to) {
    traced joining(true);
    joining.ask_token({{"traceparent", caller}, {"tracestate", "a=1"}});
    auto const s = joining.one();
    BOOST_TEST(text_of(s, "traceId") == "4bf92f3577b34da6a3ce929d0e0e4736");
    BOOST_TEST(text_of(s, "parentSpanId") == "00f067aa0ba902b7");
    BOOST_TEST(text_of(s, "traceState") == "a=1");
    BOOST_TEST(text_of(s, "spanId") != "00f067aa0ba902b7");
    BOOST_TEST(!s.as_object().contains("links"));
}

BOOST_AUTO_TEST_CASE(is_not_told_to_a_caller_that_keeps_no_trace) {
    traced joining(true);
    joining.ask_token({{"traceparent", unsampled}});
    joining.ask_token();
    BOOST_TEST(text_of(joining.one(), "parentSpanId") == "");
}

// §3.2: more than one, or one that cannot be read, is none.
BOOST_AUTO_TEST_CASE(knows_no_caller_by_two_names_or_by_a_wrong_one) {
    ask_token({{"traceparent", caller}, {"traceparent", caller}});
    ask_token({{"traceparent", std::string(caller) + "x"}});
    for (auto const& s : spans())
        BOOST_TEST(!s.as_object().contains("links"));
}

BOOST_AUTO_TEST_SUITE_END()
