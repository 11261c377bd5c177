// The named faults at the endpoints that they are about, and faults in the way of odd answers.
#include <boost/test/unit_test.hpp>

#include "base/metrics.hpp"
#include "control/faults/catalogue.hpp"
#include "control/support/plane.hpp"

using namespace test;

namespace {

struct one_chunk final : http::body_stream {
    bool sent = false;
    task<std::optional<std::string>> next() override {
        if (std::exchange(sent, true)) co_return std::nullopt;
        co_return "data: x\n\n";
    }
    void close() noexcept override {}
};

struct others {
    int ran = 0;
};

task<outcome<http::reply>> registered(others& o, http::context&) {
    ++o.ran;
    co_return http::json_reply(201, R"({"client_id":"c"})");
}
task<outcome<http::reply>> resource(others& o, http::context&) {
    ++o.ran;
    co_return http::json_reply(200, R"({"resource":"http://localhost:9101/mcp",
        "authorization_servers":["http://localhost:9100"]})");
}
task<outcome<http::reply>> metadata(others& o, http::context&) {
    ++o.ran;
    co_return http::json_reply(200, R"({"issuer":"http://localhost:9100",
        "code_challenge_methods_supported":["S256"]})");
}
task<outcome<http::reply>> stream(others& o, http::context&) {
    ++o.ran;
    http::reply r(200, "application/json", "");
    r.stream = std::make_unique<one_chunk>();
    co_return r;
}
task<outcome<http::reply>> health(others& o, http::context&) {
    ++o.ran;
    co_return http::reply(200, "text/plain", "ok\n");
}

constexpr http::route<others> rows[] = {
    {"/register", http::verb::post, "register", &registered},
    {"/resource", http::verb::get, "resource_metadata", &resource},
    {"/openid", http::verb::get, "openid_configuration", &metadata},
    {"/sse", http::verb::get, "sse", &stream},
    {"/healthz", http::verb::get, "healthz", &health, http::origin_root},
};

struct whole_plane : plane {
    whole_plane() { routes.add(handlers, std::span<http::route<others> const>(rows)); }
    others handlers;
};

bool noted(std::string_view key, std::string_view name) {
    return std::ranges::count(plane::last_notes(), plane::note(key, name)) != 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(faults_everywhere)

// RFC 9110 §15.5.4: 403 is understood and refused
BOOST_FIXTURE_TEST_CASE(closes_registration, whole_plane) {
    fault(R"({"name":"register.forbidden"})");
    auto const a = b.post_json("/register", "{}");
    BOOST_TEST(a.status == 403u);
    BOOST_TEST(text(a.json(), "error") == "access_denied");
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(handlers.ran == 0);
}

// RFC 8414 §2: without the member, PKCE is not supported
BOOST_FIXTURE_TEST_CASE(hides_pkce_in_both_documents_of_metadata, whole_plane) {
    fault(R"({"name":"metadata.pkce_absent"})");
    auto const o = b.get("/openid").json().as_object();
    BOOST_TEST(!o.contains("code_challenge_methods_supported"));
    BOOST_TEST(o.contains("issuer"));
}

// RFC 9728 §3.3: a client must not use metadata of another resource
BOOST_FIXTURE_TEST_CASE(describes_another_resource, whole_plane) {
    fault(R"({"name":"resource_metadata.resource_foreign"})");
    auto const o = b.get("/resource").json();
    BOOST_TEST(text(o, "resource") == "https://resource.example/mcp");
    BOOST_TEST(o.as_object().contains("authorization_servers"));
}

// RFC 9728 §2: authorization_servers is optional
BOOST_FIXTURE_TEST_CASE(names_no_authorization_server, whole_plane) {
    fault(R"({"name":"resource_metadata.no_authorization_servers"})");
    auto const o = b.get("/resource").json().as_object();
    BOOST_TEST(!o.contains("authorization_servers"));
    BOOST_TEST(o.contains("resource"));
}

BOOST_FIXTURE_TEST_CASE(has_no_resource_metadata_and_leaves_those_of_the_server, whole_plane) {
    fault(R"({"name":"resource_metadata.not_found"})");
    BOOST_TEST(b.get("/resource").status == 404u);
    BOOST_TEST(b.get("/openid").status == 200u);
    BOOST_TEST(b.get("/metadata").status == 200u);
}

BOOST_FIXTURE_TEST_CASE(overstates_the_life_of_a_token_as_its_creator_wants, whole_plane) {
    fault(R"({"name":"token.expires_lies_long","params":{"seconds":31536000}})");
    BOOST_TEST(token().json().at("expires_in").as_int64() == 31'536'000);
    auto const refused = token({{"code", "bad"}}).json().as_object();
    BOOST_TEST(!refused.contains("expires_in"));
}

BOOST_FIXTURE_TEST_CASE(acts_at_every_endpoint_that_the_catalogue_names, whole_plane) {
    fault(R"({"name":"mcp.unavailable"})");
    BOOST_TEST(b.get("/sse").status == 503u);
    BOOST_TEST(call().status == 503u);
    BOOST_TEST(call("echo", {}, "/messages").status == 503u);
    BOOST_TEST(served.mcp + handlers.ran == 0);
}

// Every parameter has bounds that the catalogue tells.
BOOST_FIXTURE_TEST_CASE(refuses_parameters_beyond_what_the_catalogue_says, plane) {
    for (auto const* body : {R"({"name":"token.unavailable","params":{"retry_after":86401}})",
                             R"({"name":"token.rate_limited","params":{"retry_after":-1}})",
                             R"({"name":"mcp.unavailable","params":{"retry_after":"1"}})",
                             R"({"name":"token.expires_lies_long","params":{"seconds":31536001}})",
                             R"({"name":"scope.forbidden","params":{"scope":["mcp:tools"]}})",
                             R"({"name":"scope.forbidden","params":[]})"}) {
        auto const a = post("faults", body);
        BOOST_TEST(a.status == 400u, body);
        BOOST_TEST(described(a).starts_with("/params"), described(a));
    }
    BOOST_TEST(get("faults").json().at("faults").as_array().empty());
}

BOOST_FIXTURE_TEST_CASE(takes_the_bounds_themselves, plane) {
    for (std::string const seconds : {"0", "86400"}) {
        fault(R"({"name":"token.unavailable","params":{"retry_after":)" + seconds + "}}");
        BOOST_TEST(token().header("Retry-After") == seconds);
        del("faults");
    }
}

// Health is for those who run the server, and no client of a test.
BOOST_FIXTURE_TEST_CASE(leaves_operations_alone, whole_plane) {
    fault(R"({"name":"raw","params":{"status":500}})");
    BOOST_TEST(b.get("/healthz").status == 200u);
    BOOST_TEST(b.get("/resource").status == 500u);
}

BOOST_FIXTURE_TEST_CASE(patches_no_stream_and_notes_that_it_did_nothing, whole_plane) {
    fault(R"({"name":"raw","select":{"endpoint":"sse"},
                              "params":{"merge_patch":{"a":1}}})");
    auto const a = b.get("/sse");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body == "data: x\n\n");
    BOOST_TEST(noted("fault_without_effect", "raw"));
}

BOOST_FIXTURE_TEST_CASE(gives_a_stream_other_headers_and_lets_it_run, whole_plane) {
    fault(R"({"name":"raw","select":{"endpoint":"sse"},
              "params":{"stage":"mutate","headers":{"Content-Type":"text/html"}}})");
    auto const a = b.get("/sse");
    BOOST_TEST(a.header("Content-Type") == "text/html");
    BOOST_TEST(a.body == "data: x\n\n");
}

BOOST_FIXTURE_TEST_CASE(alters_from_the_inside_out, whole_plane) {
    fault(R"({"name":"raw","params":{"merge_patch":{"who":"outer"}}})");
    fault(R"({"name":"raw","params":{"merge_patch":{"who":"inner","inner":true}}})");
    auto const o = b.get("/resource").json();
    BOOST_TEST(text(o, "who") == "outer");
    BOOST_TEST(o.at("inner").as_bool());
}

// What was thrown away is not what the outer fault alters.
BOOST_FIXTURE_TEST_CASE(alters_the_answer_that_replaced_another, whole_plane) {
    fault(R"({"name":"raw","params":{"stage":"mutate","only":"error","headers":{"X-A":"1"}}})");
    fault(R"({"name":"raw","params":{"stage":"replace","status":502}})");
    auto const a = b.get("/resource");
    BOOST_TEST(a.status == 502u);
    BOOST_TEST(a.header("X-A") == "1");
}

BOOST_FIXTURE_TEST_CASE(counts_the_faults_that_acted_in_the_metrics, plane) {
    auto const count = [] {
        std::string const name = "\ntollgate_faults_fired_total ";
        auto const all = tollgate::render_metrics();
        return std::stoll(all.substr(all.find(name) + name.size()));
    };
    auto const before = count();
    fault(R"({"name":"token.server_error","trigger":{"next":2}})");
    for (int i = 0; i < 3; ++i)
        token();
    BOOST_TEST(count() == before + 2);
}

BOOST_FIXTURE_TEST_CASE(follows_its_script_by_the_requests_that_match, plane) {
    fault(R"({"name":"token.unavailable","trigger":{"script":["ok","fault","fault","ok"]}})");
    std::string marks;
    for (int i = 0; i < 6; ++i) {
        call();  // of another endpoint
        marks += token().status == 503 ? 'x' : '-';
    }
    BOOST_TEST(marks == "-xx---");
}

BOOST_AUTO_TEST_SUITE_END()
