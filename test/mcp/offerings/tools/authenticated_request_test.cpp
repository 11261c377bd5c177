// make_authenticated_request: what goes out, and what must not come back.
#include "mcp/offerings/tools/authenticated_request.hpp"

#include <mutex>

#include <boost/json/serialize.hpp>

#include "http/message/form.hpp"
#include "mcp/server/tool_run.hpp"
#include "support/live_server.hpp"

namespace http = tollgate::http;
namespace json = boost::json;
namespace mcp = tollgate::mcp;
using tollgate::outcome;
using tollgate::task;

namespace {

constexpr char callers[] = "the-token-of-the-caller-0123456789";
constexpr char providers[] = "the-token/of the \"provider\"";

struct heard {
    std::string target;
    std::string authorization;
};

// An API on loopback that answers what the test says.
class api {
public:
    std::function<http::reply(heard const&)> script = [](heard const&) {
        return http::json_reply(200, "{}");
    };

    std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
    std::vector<heard> asked() {
        std::lock_guard const hold(lock_);
        return asked_;
    }

private:
    static task<http::reply> deliver(http::reply r) { co_return r; }
    task<http::reply> hear(http::request const& r) {
        heard const h{std::string(r.target), std::string(r.header("Authorization"))};
        auto answer = script(h);
        {
            std::lock_guard const hold(lock_);
            asked_.push_back(h);
        }
        return deliver(std::move(answer));
    }

    std::mutex lock_;
    std::vector<heard> asked_;
    test::live_server server_{[this](http::request const& r, http::listener_info const&,
                                     boost::asio::any_io_executor) { return hear(r); }};
};

struct fixture : test::call_bench {
    api peer;
    http::client client{http::client::options()};
    mcp::passthrough door{client, ""};
    std::vector<std::string> refused;  // what the finder was told is dead

    fixture() {
        calls(test::credential_of(test::named("alice"), callers));
        door.url = peer.url() + "/v1";
    }

    static task<outcome<mcp::api_access>> found(mcp::api_access a) { co_return a; }
    static task<outcome<mcp::api_access>> failing(tollgate::problem p) { co_return p; }
    // As in broker mode: the provider's token goes out.
    void lends(std::string token, std::string url = "") {
        door.instead = [this, token, url](std::string, std::string, std::string dead) {
            refused.push_back(dead);
            return found({token + (dead.empty() ? "" : "-renewed"), url});
        };
    }
    void fails(tollgate::problem const& p) {
        door.instead = [p](std::string, std::string, std::string) { return failing(p); };
    }

    mcp::tool_result ask(std::string const& words = "hi") {
        auto c = call(mcp::revision::v2025_11_25);
        c.api = &door;
        json::object const arguments{{"message", words}};
        return test::finished(io, mcp::make_authenticated_request.run(c, arguments));
    }
    static std::string text(mcp::tool_result const& r) {
        return std::string(r.content.at(0).at("text").as_string());
    }
    json::value report() {
        auto const r = ask();
        BOOST_REQUIRE(r.structured.has_value());
        return *r.structured;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_authenticated_request, fixture)

// RFC 6750 §2.1: the token goes in the Authorization header.
BOOST_AUTO_TEST_CASE(sends_the_message_as_a_parameter_and_the_token_as_a_header) {
    ask("a b&c=\xc3\xa4");
    auto const asked = peer.asked();
    BOOST_REQUIRE(asked.size() == 1u);
    BOOST_TEST(asked[0].target == "/v1?message=a%20b%26c%3D%C3%A4");
    BOOST_TEST(asked[0].authorization == "Bearer " + std::string(callers));
}

BOOST_AUTO_TEST_CASE(keeps_a_query_that_the_address_has_and_does_not_show_it) {
    door.url = peer.url() + "/v1?key=of-the-operator";
    auto const about = report();
    BOOST_TEST(peer.asked().at(0).target == "/v1?key=of-the-operator&message=hi");
    BOOST_TEST(about.at("url").as_string() == peer.url() + "/v1");
    BOOST_TEST(json::serialize(about).find("of-the-operator") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(asks_our_own_server_where_no_address_is_configured) {
    door.url.clear();
    where.internal_issuer = peer.url() + "/r/alpha";
    report();
    BOOST_TEST(peer.asked().at(0).target == "/r/alpha/anything?message=hi");
}

// docs/mcp.md, "Tools": the token is masked in what comes back.
BOOST_AUTO_TEST_CASE(masks_the_token_in_a_body_and_in_a_header_that_echo_it) {
    peer.script = [](heard const& h) {
        auto r = http::json_reply(200, R"({"you sent":")" + h.authorization + R"("})");
        r.headers.add("X-Echo", h.authorization);
        return r;
    };
    auto const about = report();
    BOOST_TEST(about.at("status").as_uint64() == 200u);
    BOOST_TEST(about.at("body").at("you sent").as_string() == "Bearer the-…6789");
    BOOST_TEST(about.at("headers").at("X-Echo").as_string() == "Bearer the-…6789");
    BOOST_TEST(json::serialize(about).find(callers) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(shows_nothing_of_headers_that_hold_secrets) {
    peer.script = [](heard const&) {
        auto r = http::json_reply(200, "{}");
        r.headers.add("Set-Cookie", "session=of-the-api");
        r.headers.add("X-Plain", "shown");
        return r;
    };
    auto const about = report();
    BOOST_TEST(about.at("headers").at("Set-Cookie").as_string() == "***");
    BOOST_TEST(about.at("headers").at("X-Plain").as_string() == "shown");
}

BOOST_AUTO_TEST_CASE(reports_a_body_that_is_no_json_as_a_text) {
    peer.script = [](heard const&) { return http::reply(200, "text/plain", "just words"); };
    BOOST_TEST(report().at("body").as_string() == "just words");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_an_error_is_one_of_the_tool) {
    for (unsigned const status : {200u, 302u, 399u, 400u, 403u, 500u}) {
        peer.script = [status](heard const&) {
            auto r = http::json_reply(status, "{}");
            if (status == 302) r.headers.add("Location", "/elsewhere");
            return r;
        };
        BOOST_TEST(ask().is_error == (status >= 400), status);
    }
    BOOST_TEST(peer.asked().size() == 6u);  // no redirect was followed, nothing asked again
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_too_long_is_an_error_that_names_the_address) {
    door.max_answer = 100;
    peer.script = [](heard const&) {
        return http::reply(200, "text/plain", std::string(101, 'x'));
    };
    auto const r = ask();
    BOOST_TEST(r.is_error);
    BOOST_TEST(text(r).starts_with(peer.url() + "/v1 did not answer: "), text(r));
}

BOOST_AUTO_TEST_CASE(an_api_that_is_away_is_an_error_without_the_query_of_its_address) {
    door.url = "http://127.0.0.1:1/v1?key=of-the-operator";
    auto const r = ask();
    BOOST_TEST(r.is_error);
    BOOST_TEST(text(r).starts_with("http://127.0.0.1:1/v1 did not answer: "), text(r));
}

BOOST_AUTO_TEST_CASE(calls_nobody_without_a_token_to_pass_on) {
    nobody_calls();
    BOOST_TEST(ask().is_error);
    BOOST_TEST(peer.asked().empty());
}

// MCP, Security Best Practices, "Token Passthrough": the caller's token stays here.
BOOST_AUTO_TEST_CASE(with_a_token_of_the_provider_the_callers_never_goes_out) {
    lends("provided");
    report();
    BOOST_TEST(peer.asked().at(0).authorization == "Bearer provided");
    BOOST_TEST(peer.asked().at(0).target.find(callers) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_configured_address_goes_before_that_of_the_provider) {
    lends("provided", peer.url() + "/of-the-provider");
    report();
    BOOST_TEST(peer.asked().at(0).target.starts_with("/v1?"));
    door.url.clear();
    report();
    BOOST_TEST(peer.asked().at(1).target.starts_with("/of-the-provider?"));
}

BOOST_AUTO_TEST_CASE(says_so_where_nobody_knows_an_address) {
    lends("provided");
    door.url.clear();
    auto const r = ask();
    BOOST_TEST(r.is_error);
    BOOST_TEST(text(r).find("tools.authenticated_request_url") != std::string::npos, text(r));
}

// The caller must not even recognize that token, in whatever form an API gives it back.
BOOST_AUTO_TEST_CASE(hides_the_token_of_the_provider_in_every_form) {
    lends(providers);
    peer.script = [](heard const&) {
        json::object echo;
        echo["plain"] = providers;
        echo["encoded"] = "x=" + http::percent_encode(providers);
        auto r = http::json_reply(200, json::serialize(echo));
        r.headers.add("X-Echo", providers);
        return r;
    };
    auto const about = report();
    BOOST_TEST(about.at("body").at("plain").as_string() == "***");
    BOOST_TEST(about.at("body").at("encoded").as_string() == "x=***");
    BOOST_TEST(about.at("headers").at("X-Echo").as_string() == "***");
}

// RFC 6750 §3.1: invalid_token is for a token that is expired, revoked or malformed.
BOOST_AUTO_TEST_CASE(a_token_that_the_api_calls_dead_is_renewed_once) {
    lends("provided");
    peer.script = [](heard const&) {
        auto r = http::json_reply(401, "{}");
        r.headers.add("WWW-Authenticate", R"(Bearer error="invalid_token")");
        return r;
    };
    BOOST_TEST(ask().is_error);
    auto const asked = peer.asked();
    BOOST_REQUIRE(asked.size() == 2u);
    BOOST_TEST(asked[1].authorization == "Bearer provided-renewed");
    std::vector<std::string> const told{"", "provided"};
    BOOST_TEST(refused == told, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(another_refusal_of_the_api_renews_nothing) {
    lends("provided");
    auto const refusing = [this](unsigned status, std::string const& challenge) {
        peer.script = [=](heard const&) {
            auto r = http::json_reply(status, "{}");
            if (!challenge.empty()) r.headers.add("WWW-Authenticate", challenge);
            return r;
        };
        auto const before = peer.asked().size();
        BOOST_TEST(ask().is_error);
        return peer.asked().size() - before;
    };
    BOOST_TEST(refusing(401, "") == 1u);
    BOOST_TEST(refusing(401, R"(Bearer realm="api")") == 1u);
    BOOST_TEST(refusing(403, R"(Bearer error="insufficient_scope")") == 1u);
    BOOST_TEST(refusing(403, R"(Bearer error="invalid_token")") == 1u);
}

// A caller's own token cannot be renewed here.
BOOST_AUTO_TEST_CASE(the_callers_own_token_is_sent_only_once) {
    peer.script = [](heard const&) {
        auto r = http::json_reply(401, "{}");
        r.headers.add("WWW-Authenticate", R"(Bearer error="invalid_token")");
        return r;
    };
    BOOST_TEST(ask().is_error);
    BOOST_TEST(peer.asked().size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_keeps_the_provider_from_lending_a_token_is_told_to_the_model) {
    fails(tollgate::problem(503, "away", "The provider is away, " + std::string(callers) + "."));
    auto const r = ask();
    BOOST_TEST(r.is_error);
    BOOST_TEST(text(r) == "The provider is away, the-…6789.");
    BOOST_TEST(peer.asked().empty());
}

BOOST_AUTO_TEST_SUITE_END()
