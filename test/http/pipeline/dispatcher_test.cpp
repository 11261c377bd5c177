#include "http/pipeline/dispatcher.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "http/pipeline/context.hpp"
#include "http/realm/directory_stub.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

task<outcome<reply>> describe(context& c) {
    auto text = c.realm().name() + ' ' + c.place().base + ' ' + std::string(c.path()) + ' ' +
                std::string(c.endpoint());
    co_return reply(200, "text/plain", std::move(text));
}

task<outcome<reply>> tell_id(context& c) {
    co_return reply(200, "text/plain", c.request_id());
}

task<outcome<reply>> cached(context&) {
    auto r = json_reply(200, "{}");
    r.headers.add("Cache-Control", "max-age=60");
    co_return r;
}

task<outcome<reply>> breaks(context&) {
    throw std::runtime_error("secret detail");
    co_return reply(200);
}

task<outcome<reply>> is_cancelled(context&) {
    throw boost::system::system_error(boost::asio::error::operation_aborted);
    co_return reply(200);
}

task<outcome<reply>> fails(context&) {
    problem const p(409, "conflict", "already there");
    co_return p;
}

struct quiet {
    quiet() { set_log(log_level::off, log_format::text); }
    ~quiet() { set_log(log_level::info, log_format::text); }
};

struct fixture {
    quiet no_log;
    boost::asio::io_context io;
    test::directory_stub realms;
    naming names;
    resolver where{names, realms};
    router as, mcp, shared;
    manual_clock clock;
    listener_info listener;
    dispatcher dispatch{where, as, mcp, shared, stack({cors_layer(where)}, &run_route), clock};

    fixture() {
        listener.at = site::mcp_server;
        listener.host = "localhost";
        listener.port = listener.mcp_port = 9101;
        listener.as_port = 9100;
        mcp.add_row("/mcp", verb::post, "mcp", opens_realm, &describe);
        mcp.add_row("/mcp", verb::get, "mcp", plain_route, &describe);
        mcp.add_row("/.well-known/document", verb::get, "document", opens_realm | public_document,
                    &describe);
        mcp.add_row("/healthz", verb::get, "health", origin_root, &describe);
        mcp.add_row("/id", verb::get, "id", plain_route, &tell_id);
        mcp.add_row("/cached", verb::get, "cached", plain_route, &cached);
        mcp.add_row("/breaks", verb::get, "breaks", plain_route, &breaks);
        mcp.add_row("/cancelled", verb::get, "cancelled", plain_route, &is_cancelled);
        mcp.add_row("/fails", verb::get, "fails", plain_route, &fails);
        as.add_row("/token", verb::post, "token", plain_route, &describe);
        shared.add_row("/both", verb::get, "both", plain_route, &describe);
        realms.add("alpha");
    }

    reply send(verb method, std::string const& path, test::fields const& headers = {},
               std::string const& host = "localhost:9101") {
        request r;
        r.method = method;
        r.method_text = to_string(method);
        r.target = r.path = path;
        r.headers.push_back({"Host", host});
        for (auto const& [name, value] : headers)
            r.headers.push_back({name, value});
        return test::run(io, dispatch(r, listener, io.get_executor()));
    }
    reply get(std::string const& path) { return send(verb::get, path); }
};

std::string const error_of(reply const& r) {
    return std::string(boost::json::parse(r.body).at("error").as_string());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(dispatchers, fixture)

BOOST_AUTO_TEST_CASE(a_request_runs_in_its_realm_with_the_path_below_its_base) {
    BOOST_TEST(send(verb::post, "/mcp").body == "default  /mcp mcp");
    BOOST_TEST(send(verb::post, "/r/alpha/mcp").body == "alpha /r/alpha /mcp mcp");
    BOOST_TEST(send(verb::post, "/mcp", {}, "alpha.localhost:9101").body == "alpha  /mcp mcp");
}

// Any page may read a public document, and none from elsewhere makes a realm by it.
BOOST_AUTO_TEST_CASE(a_foreign_page_reads_public_documents_and_makes_no_realm_by_that) {
    test::fields const evil{{"Origin", "https://evil.example"}};
    auto const there = send(verb::get, "/.well-known/document", evil);
    BOOST_TEST(there.status == 200u);
    BOOST_TEST(there.headers.get("Access-Control-Allow-Origin") == "*");
    auto const path = "/s/plain/x/.well-known/document";
    auto const refused = send(verb::get, path, evil);
    BOOST_TEST(refused.status == 403u);
    BOOST_TEST(refused.headers.get("Access-Control-Allow-Origin") == "*");
    BOOST_TEST(realms.made == 0);
    BOOST_TEST(send(verb::get, path, {{"Origin", "http://localhost:1"}}).status == 200u);
    BOOST_TEST(realms.made == 1);
    BOOST_TEST(send(verb::get, path, evil).status == 200u);
}

// RFC 9110 §9.3.7
BOOST_AUTO_TEST_CASE(options_of_the_server_as_a_whole_is_204_with_allow) {
    auto const r = send(verb::options, "*");
    BOOST_TEST(r.status == 204u);
    BOOST_TEST(r.headers.get("Allow") == "GET, HEAD, POST, OPTIONS");
    BOOST_TEST(send(verb::options, "*", {}, "evil.example").status == 421u);
}

BOOST_AUTO_TEST_CASE(every_site_has_its_own_routes) {
    BOOST_TEST(send(verb::post, "/token").status == 404u);
    listener.at = site::authorization_server;
    BOOST_TEST(send(verb::post, "/token").status == 200u);
    BOOST_TEST(send(verb::post, "/mcp").status == 404u);
    listener.at = site::shared;
    BOOST_TEST(get("/both").status == 200u);
}

BOOST_AUTO_TEST_CASE(head_runs_the_get_row) {
    BOOST_TEST(send(verb::head, "/mcp").status == 200u);
}

BOOST_AUTO_TEST_CASE(nothing_is_cached_unless_the_handler_says_so) {
    BOOST_TEST(get("/mcp").headers.get("Cache-Control") == "no-store");
    BOOST_TEST(get("/cached").headers.get("Cache-Control") == "max-age=60");
    BOOST_TEST(send(verb::get, "/mcp", {}, "evil.example").headers.get("Cache-Control") ==
               "no-store");
}

BOOST_AUTO_TEST_CASE(a_foreign_host_is_421_and_reaches_no_realm) {
    auto const r = send(verb::post, "/mcp", {}, "evil.example");
    BOOST_TEST(r.status == 421u);
    BOOST_TEST(r.headers.get("Content-Type") == "text/plain; charset=utf-8");
    BOOST_TEST(r.body.find("server.allowed_hosts") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_unknown_realm_is_404_that_an_allowed_page_can_read) {
    auto const r = send(verb::get, "/r/gamma/mcp", {{"Origin", "http://localhost:6274"}});
    BOOST_TEST(r.status == 404u);
    BOOST_TEST(error_of(r) == "not_found");
    BOOST_TEST(r.headers.get("Access-Control-Allow-Origin") == "http://localhost:6274");
}

BOOST_AUTO_TEST_CASE(what_belongs_to_an_origin_is_not_below_a_base) {
    BOOST_TEST(get("/healthz").status == 200u);
    BOOST_TEST(get("/r/alpha/healthz").status == 404u);
    BOOST_TEST(send(verb::put, "/r/alpha/healthz").status == 404u);
    BOOST_TEST(send(verb::get, "/healthz", {}, "alpha.localhost").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_protocol_request_makes_an_implicit_realm) {
    BOOST_TEST(send(verb::post, "/s/plain/run-1/mcp").body ==
               "s.plain.run-1 /s/plain/run-1 /mcp mcp");
    BOOST_TEST(realms.made == 1);
    BOOST_TEST(get("/s/plain/run-1/mcp").status == 200u);
    BOOST_TEST(realms.made == 1);
}

BOOST_AUTO_TEST_CASE(other_requests_make_no_realm) {
    BOOST_TEST(get("/s/plain/run-1/mcp").status == 404u);
    BOOST_TEST(send(verb::put, "/s/plain/run-1/mcp").status == 404u);
    BOOST_TEST(send(verb::options, "/s/plain/run-1/mcp").status == 404u);
    BOOST_TEST(get("/s/plain/run-1/nothing").status == 404u);
    BOOST_TEST(send(verb::post, "/s/plane/run-1/mcp").status == 404u);
    BOOST_TEST(realms.made == 0);
}

BOOST_AUTO_TEST_CASE(a_foreign_origin_or_host_makes_no_realm) {
    BOOST_TEST(send(verb::post, "/s/plain/x/mcp", {{"Origin", "https://evil.example"}}).status ==
               403u);
    BOOST_TEST(send(verb::post, "/s/plain/x/mcp", {}, "evil.example").status == 421u);
    BOOST_TEST(realms.made == 0);
    BOOST_TEST(send(verb::post, "/s/plain/x/mcp", {{"Origin", "http://localhost:1"}}).status ==
               200u);
    BOOST_TEST(realms.made == 1);
}

// <img src=http://localhost:9101/s/plain/x/…> has no Origin (Fetch Metadata §2.4 says whence). It
// is answered as any request that may make no realm.
BOOST_AUTO_TEST_CASE(a_page_of_another_site_makes_no_realm) {
    test::fields const image{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "no-cors"}};
    auto const refused = send(verb::post, "/s/plain/x/mcp", image);
    BOOST_TEST(refused.status == 404u);
    BOOST_TEST(refused.body == get("/s/plain/x/mcp").body);
    BOOST_TEST(realms.made == 0);
    // What is there already is answered, and so is a page whose Origin is accepted: for a browser
    // http://127.0.0.1 and http://localhost are two sites.
    auto page = image;
    page.emplace_back("Origin", "http://127.0.0.1:6274");
    BOOST_TEST(send(verb::post, "/s/plain/x/mcp", page).status == 200u);
    BOOST_TEST(send(verb::post, "/s/plain/x/mcp", image).status == 200u);
    for (auto const* site : {"none", "same-origin", "same-site"}) {
        auto const run = "/s/plain/" + std::string(site) + "/mcp";
        BOOST_TEST(send(verb::post, run, {{"Sec-Fetch-Site", site}}).status == 200u);
    }
}

BOOST_AUTO_TEST_CASE(a_preflight_is_answered_before_there_is_a_realm) {
    auto const r =
        send(verb::options, "/s/plain/x/mcp",
             {{"Origin", "http://localhost:1"}, {"Access-Control-Request-Method", "POST"}});
    BOOST_TEST(r.status == 204u);
    BOOST_TEST(r.headers.get("Access-Control-Allow-Origin") == "http://localhost:1");
    BOOST_TEST(realms.made == 0);
}

BOOST_AUTO_TEST_CASE(without_room_a_new_realm_is_503) {
    realms.room = 0;
    auto const r = send(verb::post, "/s/plain/x/mcp", {{"Origin", "http://localhost:1"}});
    BOOST_TEST(r.status == 503u);
    BOOST_TEST(r.headers.has("Access-Control-Allow-Origin"));
}

BOOST_AUTO_TEST_CASE(an_exception_is_a_bare_500_and_the_next_request_works) {
    auto const r = send(verb::get, "/breaks", {{"Origin", "http://localhost:1"}});
    BOOST_TEST(r.status == 500u);
    BOOST_TEST(r.body == R"({"error":"server_error"})");
    BOOST_TEST(r.headers.get("Access-Control-Allow-Origin") == "http://localhost:1");
    BOOST_TEST(get("/mcp").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_cancelled_handler_is_503) {
    auto const r = get("/cancelled");
    BOOST_TEST(r.status == 503u);
    BOOST_TEST(error_of(r) == "temporarily_unavailable");
}

BOOST_AUTO_TEST_CASE(a_problem_that_no_layer_rendered_is_rendered_here) {
    auto const r = get("/fails");
    BOOST_TEST(r.status == 409u);
    BOOST_TEST(error_of(r) == "conflict");
}

BOOST_AUTO_TEST_CASE(every_request_has_an_id_of_its_own) {
    auto const a = get("/id").body;
    auto const b = get("/id").body;
    BOOST_TEST(a != b);
    BOOST_TEST(a.size() == 13u);
    BOOST_TEST(a.find_first_not_of("0123456789abcdef") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(answers_that_reach_no_layer_are_counted) {
    auto const refusals = [] {
        auto const text = render_metrics();
        std::string const key = "tollgate_requests_total{endpoint=\"\",status=\"4xx\"} ";
        auto const at = text.find(key);
        return at == std::string::npos ? 0 : std::stoi(text.substr(at + key.size()));
    };
    auto const before = refusals();
    send(verb::get, "/mcp", {}, "evil.example");
    BOOST_TEST(refusals() == before + 1);
}

BOOST_AUTO_TEST_SUITE_END()
