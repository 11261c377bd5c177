// The driver against a server that remembers what it was asked.
#include "cli/scenario_command.hpp"

#include <functional>
#include <mutex>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"
#include "http/server/server.hpp"

using namespace tollgate;
using strings = std::vector<std::string>;

namespace {

class recording_server {
public:
    recording_server() : server_(options()) {
        listener_ = server_.listen("127.0.0.1:0", http::site::shared);
        thread_ = std::thread([this] {
            server_.run([this](http::request const& r, http::listener_info const&,
                               boost::asio::any_io_executor) { return answer(r); });
        });
    }
    ~recording_server() {
        server_.stop(std::chrono::milliseconds(0));
        thread_.join();
    }
    recording_server(recording_server const&) = delete;
    recording_server& operator=(recording_server const&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(listener_->port); }
    strings heard() {
        std::lock_guard const lock(mutex_);
        return heard_;
    }
    // What every POST is answered with.
    unsigned post_status = 200;
    std::string post_body = "{}";
    std::string scenarios_body = "{}";
    std::string state_body = R"({"realm":"default","rotate":true})";

private:
    static http::server::options options() {
        http::server::options o;
        o.workers = 1;
        return o;
    }

    task<http::reply> answer(http::request const& r) {
        std::string line(r.method_text);
        line.append(" ").append(r.target);
        for (auto const* name : {"Authorization", "Content-Type", "Origin"})
            if (r.has(name)) line.append(" ").append(r.header(name));
        if (!r.body.empty()) line.append(" ").append(r.body);
        {
            std::lock_guard const lock(mutex_);
            heard_.push_back(line);
        }
        bool const is_post = r.method == http::verb::post;
        bool const list = r.target.ends_with("/scenarios");
        auto reply = http::json_reply(200, list ? scenarios_body : state_body);
        if (is_post) reply = http::json_reply(post_status, post_body);
        co_return reply;
    }

    http::server server_;
    std::shared_ptr<http::listener_info> listener_;
    std::thread thread_;
    std::mutex mutex_;
    strings heard_;
};

command_line asking(std::string name, std::string argument, std::string url) {
    command_line line;
    line.run = command::scenario;
    line.scenario_name = std::move(name);
    line.scenario_argument = std::move(argument);
    line.url = std::move(url);
    return line;
}

// A port where nobody listens: bound once, then given back.
std::string silent_url() {
    boost::asio::io_context io;
    boost::asio::ip::tcp::endpoint const any(boost::asio::ip::address_v4::loopback(), 0);
    boost::asio::ip::tcp::acceptor acceptor(io, any);
    return "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scenario_command)

BOOST_AUTO_TEST_CASE(sets_a_switch_and_prints_the_state_that_results) {
    recording_server server;
    auto const result = run_scenario(asking("rotate", "on", server.url()), {});
    BOOST_TEST(result.exit_code == 0);
    BOOST_TEST(result.out == "{\n  \"realm\": \"default\",\n  \"rotate\": true\n}\n");
    BOOST_TEST(result.err == "rotate on: done\n");
    strings const expected{"POST /control/rotate application/json {\"on\":true}",
                           "GET /control/state"};
    BOOST_TEST(server.heard() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(shows_the_state_and_nothing_else) {
    recording_server server;
    auto const result = run_scenario(asking("state", "", server.url()), {});
    BOOST_TEST(result.exit_code == 0);
    BOOST_TEST(result.err == "");
    BOOST_TEST(server.heard() == strings{"GET /control/state"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(asks_a_shared_server_once_and_two_servers_each) {
    recording_server as;
    auto line = asking("reset", "", as.url());
    BOOST_TEST(run_scenario(line, {}).exit_code == 0);
    // One URL was given: the server is asked where its other side is, and says nothing of one.
    strings const once{"GET /control/state", "GET /control/realms/default", "POST /control/reset",
                       "GET /control/state"};
    BOOST_TEST(as.heard() == once, boost::test_tools::per_element());

    recording_server mcp;
    line.mcp_url = mcp.url();
    BOOST_TEST(run_scenario(line, {}).exit_code == 0);
    BOOST_TEST(mcp.heard() == strings{"POST /control/reset"}, boost::test_tools::per_element());
    BOOST_TEST(as.heard().size() == 6u);
}

// It has other names outside, where somebody else may answer.
BOOST_AUTO_TEST_CASE(sends_no_token_to_an_address_that_nobody_named) {
    recording_server server;
    recording_server elsewhere;
    server.state_body = R"({"realm":"default","control":["https://as.example/control",")" +
                        elsewhere.url() + R"(/control"]})";
    auto line = asking("reset", "", server.url());
    line.token = "secret";
    auto const result = run_scenario(line, {});
    BOOST_TEST(result.exit_code == 1);
    BOOST_TEST(result.err.find("Name its control plane with --mcp-url") != std::string::npos,
               result.err);
    BOOST_TEST(elsewhere.heard().empty());
    strings const asked{"GET /control/state Bearer secret",
                        "GET /control/realms/default Bearer secret"};
    BOOST_TEST(server.heard() == asked, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(finds_the_other_side_of_the_server_that_was_named) {
    recording_server as;
    recording_server mcp;
    as.state_body = R"({"realm":"default","control":[")" + as.url() + R"(/control",")" + mcp.url() +
                    R"(/control"]})";
    BOOST_TEST(run_scenario(asking("reset", "", as.url()), {}).exit_code == 0);
    BOOST_TEST(mcp.heard() == strings{"POST /control/reset"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(sends_the_token_and_goes_to_the_realm) {
    recording_server server;
    auto line = asking("revoke", "", server.url());
    line.token = "secret";
    line.realm = "alpha";
    BOOST_TEST(run_scenario(line, {{"TOLLGATE_TOKEN", "other"}}).exit_code == 0);
    strings const expected{"POST /r/alpha/control/revoke-access Bearer secret",
                           "GET /r/alpha/control/state Bearer secret"};
    BOOST_TEST(server.heard() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(takes_url_and_token_from_the_environment) {
    recording_server server;
    std::map<std::string, std::string> const environment{{"TOLLGATE_URL", server.url()},
                                                         {"TOLLGATE_TOKEN", "secret"}};
    BOOST_TEST(run_scenario(asking("state", "", ""), environment).exit_code == 0);
    BOOST_TEST(server.heard() == strings{"GET /control/state Bearer secret"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(finds_server_and_token_by_the_configuration) {
    recording_server server;
    test::config_folder const folder;
    auto const address = server.url().substr(std::string("http://").size());
    auto line = asking("bad-scope", "on", "");
    line.config_file = folder.write("config.toml", "[authorization_server]\nlisten = \"" + address +
                                                       "\"\n[mcp]\nlisten = \"" + address +
                                                       "\"\n[control]\ntoken = \"tk\"\n");
    BOOST_TEST(run_scenario(line, {}).exit_code == 0);
    strings const expected{"POST /control/force-403 Bearer tk application/json {\"on\":true}",
                           "GET /control/state Bearer tk"};
    BOOST_TEST(server.heard() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(says_what_the_server_refused_and_stops_there) {
    recording_server server;
    server.post_status = 404;
    server.post_body = R"({"error":"unknown_scenario","error_description":"did you mean plain?"})";
    auto const result = run_scenario(asking("plian", "", server.url()), {});
    BOOST_TEST(result.exit_code == 1);
    BOOST_TEST(result.out == "");
    BOOST_TEST(result.err == "tollgate scenario: " + server.url() +
                                 "/control/scenario answered 404: did you mean plain?\n");
    strings const asked{"POST /control/scenario application/json {\"name\":\"plian\"}",
                        "GET /control/scenarios"};
    BOOST_TEST(server.heard() == asked, boost::test_tools::per_element());
}

// The server knows its scenarios; the switches are the command's own, and often the nearer ones.
BOOST_AUTO_TEST_CASE(suggests_the_nearest_of_switches_and_scenarios_and_changes_nothing) {
    recording_server server;
    server.post_status = 400;
    server.post_body = R"({"error":"invalid_request","error_description":"/name: no such"})";
    server.scenarios_body = R"({"scenarios":[{"name":"plain"},{"name":"refresh.dead"}]})";
    auto const suggestion = [&](std::string name) {
        auto const result = run_scenario(asking(std::move(name), "", server.url()), {});
        BOOST_TEST(result.exit_code == 1);
        BOOST_TEST(result.out == "");
        return result.err;
    };
    BOOST_TEST(suggestion("revok") ==
               "tollgate scenario: neither a switch nor a scenario of this server is called "
               "\"revok\"; the nearest is \"revoke\". Nothing was changed.\n");
    BOOST_TEST(suggestion("refresh.ded").find("\"refresh.dead\"") != std::string::npos);
    BOOST_TEST(suggestion("rest").find("\"reset\"") != std::string::npos);
}

// It is one of the server's: the refusal was about something else.
BOOST_AUTO_TEST_CASE(keeps_the_words_of_the_server_for_a_scenario_that_it_has) {
    recording_server server;
    server.post_status = 409;
    server.post_body = R"({"error":"conflict","error_description":"too many faults"})";
    server.scenarios_body = R"({"scenarios":[{"name":"plain"}]})";
    auto const result = run_scenario(asking("plain", "", server.url()), {});
    BOOST_TEST(result.err.find("answered 409: too many faults") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(repeats_a_refusal_that_is_no_json_as_one_line) {
    recording_server server;
    server.post_status = 400;
    server.post_body = "This port speaks TLS.\r\nx\n";
    auto const result = run_scenario(asking("revoke", "", server.url()), {});
    BOOST_TEST(result.err == "tollgate scenario: " + server.url() +
                                 "/control/revoke-access answered 400: This port speaks TLS.??x\n");
}

BOOST_AUTO_TEST_CASE(says_how_to_reach_a_server_with_a_certificate) {
    recording_server server;
    server.post_status = 400;
    server.post_body = "This port speaks TLS: use https:// instead of http://.\n";
    auto const result = run_scenario(asking("revoke", "", server.url()), {});
    BOOST_TEST(result.exit_code == 1);
    BOOST_TEST(result.err.ends_with("instead of http://. Name the server with --url, or its "
                                    "configuration with --config.\n"),
               result.err);
}

BOOST_AUTO_TEST_CASE(says_plainly_when_nobody_answers) {
    auto const url = silent_url();
    auto const result = run_scenario(asking("state", "", url), {});
    BOOST_TEST(result.exit_code == 1);
    BOOST_TEST(result.out == "");
    BOOST_TEST(result.err == "tollgate scenario: nobody answers at " + url +
                                 "/control/state (Connection refused); is tollgate serve "
                                 "running?\n");
}

BOOST_AUTO_TEST_CASE(bad_usage_asks_nobody) {
    recording_server server;
    BOOST_TEST(run_scenario(asking("rotate", "maybe", server.url()), {}).exit_code == 2);
    BOOST_TEST(run_scenario(asking("state", "", "localhost"), {}).exit_code == 2);
    BOOST_TEST(server.heard().empty());
}

BOOST_AUTO_TEST_CASE(a_configuration_that_was_asked_for_must_be_right) {
    auto line = asking("state", "", silent_url());
    line.config_file = "/nowhere/tollgate.toml";
    BOOST_CHECK_THROW(run_scenario(line, {}), config_error);
}

BOOST_AUTO_TEST_SUITE_END()
