// `tollgate scenario` before servers that answer otherwise than expected, and whose secrets go
// where.
#include <functional>
#include <mutex>

#include <boost/test/unit_test.hpp>

#include "cli/scenario_command.hpp"
#include "config/config_file.hpp"
#include "support/live_server.hpp"

using namespace tollgate;
using strings = std::vector<std::string>;
using variables = std::map<std::string, std::string>;

namespace {

struct said {
    unsigned status = 200;
    std::string body = R"({"realm":"default"})";
};

// Says to each path what it was told to say, and remembers who asked and with what.
class stub {
public:
    std::function<said(std::string const& line)> says = [](std::string const&) { return said(); };

    std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
    strings heard() {
        std::lock_guard const lock(mutex_);
        return heard_;
    }
    // What came in the Authorization fields, in order.
    strings tokens() {
        std::lock_guard const lock(mutex_);
        return tokens_;
    }

private:
    task<http::reply> answer(http::request const& r) {
        auto const line = std::string(r.method_text) + ' ' + std::string(r.target);
        {
            std::lock_guard const lock(mutex_);
            heard_.push_back(line);
            tokens_.emplace_back(r.header("Authorization"));
        }
        auto const s = says(line);
        http::reply reply(s.status, "application/json", s.body);
        co_return reply;
    }

    std::mutex mutex_;
    strings heard_;
    strings tokens_;
    ::test::live_server server_{[this](http::request const& r, http::listener_info const&,
                                       boost::asio::any_io_executor) { return answer(r); }};
};

command_line asking(std::string name, std::string url = {}, std::string argument = {}) {
    command_line line;
    line.run = command::scenario;
    line.scenario_name = std::move(name);
    line.scenario_argument = std::move(argument);
    line.url = std::move(url);
    return line;
}

// The configuration names a server that is `s`.
std::string configured(stub const& s) {
    auto const address = s.url().substr(std::string("http://").size());
    return "[authorization_server]\nlisten = \"" + address + "\"\n[mcp]\nlisten = \"" + address +
           "\"\n[control]\ntoken = \"configured\"\n";
}

std::string error_of(stub const& s, std::string const& name = "revoke") {
    auto const result = run_scenario(asking(name, s.url()), {});
    BOOST_TEST(result.exit_code == 1);
    BOOST_TEST(result.out == "");
    return result.err;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scenario_answers)

// The token opens the control plane of the configured server. Another URL is somebody else.
BOOST_AUTO_TEST_CASE(the_configured_token_is_not_sent_to_a_url_that_was_given) {
    stub s;
    variables const environment{{"TOLLGATE_CONTROL__TOKEN", "configured"}};
    BOOST_TEST(run_scenario(asking("state", s.url()), environment).exit_code == 0);
    auto by_variable = environment;
    by_variable["TOLLGATE_URL"] = s.url();
    BOOST_TEST(run_scenario(asking("state"), by_variable).exit_code == 0);
    BOOST_TEST(s.tokens() == (strings{"", ""}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(it_is_sent_there_when_the_configuration_was_named_beside_it) {
    stub s;
    tollgate::test::config_folder const folder;
    auto line = asking("state", s.url());
    line.config_file = folder.write("config.toml", "[control]\ntoken = \"configured\"\n");
    BOOST_TEST(run_scenario(line, {}).exit_code == 0);
    BOOST_TEST(s.tokens() == strings{"Bearer configured"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_option_beats_the_variable_which_beats_the_configured_token) {
    stub s;
    tollgate::test::config_folder const folder;
    auto line = asking("state");
    line.config_file = folder.write("config.toml", configured(s));
    run_scenario(line, {});
    run_scenario(line, {{"TOLLGATE_TOKEN", "variable"}});
    line.token = "option";
    run_scenario(line, {{"TOLLGATE_TOKEN", "variable"}});
    strings const expected{"Bearer configured", "Bearer variable", "Bearer option"};
    BOOST_TEST(s.tokens() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_url_of_the_command_line_beats_the_one_of_the_environment) {
    stub named;
    stub other;
    run_scenario(asking("state", named.url()), {{"TOLLGATE_URL", other.url()}});
    BOOST_TEST(named.heard().size() == 1u);
    BOOST_TEST(other.heard().empty());
}

BOOST_AUTO_TEST_CASE(a_set_is_part_of_the_configuration_that_names_the_server) {
    stub s;
    auto line = asking("bad-scope");
    auto const address = s.url().substr(std::string("http://").size());
    line.config_file = "/dev/null";
    line.sets = {"authorization_server.listen=" + address, "mcp.listen=" + address};
    BOOST_TEST(run_scenario(line, {}).exit_code == 0);
    strings const expected{"POST /control/force-403", "GET /control/state"};
    BOOST_TEST(s.heard() == expected, boost::test_tools::per_element());
}

// Beside a URL the configuration is only needed for its certificate.
BOOST_AUTO_TEST_CASE(a_mistake_in_the_configuration_matters_only_where_it_is_needed) {
    stub s;
    variables const wrong{{"TOLLGATE_MCP__AUTH", "maybe"}};
    BOOST_TEST(run_scenario(asking("state", s.url()), wrong).exit_code == 0);
    BOOST_CHECK_THROW(run_scenario(asking("state"), wrong), config_error);
    auto line = asking("state", s.url());
    line.sets = {"mcp.auth=maybe"};
    BOOST_CHECK_THROW(run_scenario(line, {}), config_error);
}

BOOST_AUTO_TEST_CASE(a_realm_of_a_scenario_is_spoken_to_below_its_own_path) {
    stub s;
    auto line = asking("rotate", s.url() + "/control/", "off");
    line.realm = "s/refresh.rotate/run-1";
    BOOST_TEST(run_scenario(line, {}).err == "rotate off: done\n");
    strings const expected{"POST /s/refresh.rotate/run-1/control/rotate",
                           "GET /s/refresh.rotate/run-1/control/state"};
    BOOST_TEST(s.heard() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_state_that_is_no_json_is_shown_as_it_came) {
    stub s;
    s.says = [](std::string const&) { return said{200, "not json"}; };
    auto const result = run_scenario(asking("state", s.url()), {});
    BOOST_TEST(result.exit_code == 0);
    BOOST_TEST(result.out == "not json\n");
}

BOOST_AUTO_TEST_CASE(a_state_that_is_refused_leaves_stdout_empty_though_the_switch_was_set) {
    stub s;
    s.says = [](std::string const& line) {
        return line.starts_with("GET") ? said{401, R"({"error":"unauthorized"})"} : said{204, ""};
    };
    auto const text = error_of(s);
    BOOST_TEST(text.ends_with("/control/state answered 401: unauthorized\n"), text);
    BOOST_TEST(text.find("done") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_reason_is_the_description_else_the_code_else_the_body) {
    struct {
        char const* body;
        char const* reason;
    } const table[] = {
        {R"({"error":"conflict","error_description":"too many"})", "too many"},
        {R"({"error":"conflict"})", "conflict"},
        {R"({"error":"conflict","error_description":7})", "conflict"},
        {R"({"message":"x"})", R"({"message":"x"})"},
        {R"(["x"])", R"(["x"])"},
        {"plain text\r\n", "plain text"},
        {"", ""},
        {R"({"error":"a\u001b[2J\nb"})", "a?[2J?b"},
    };
    for (auto const& [body, reason] : table) {
        stub s;
        s.says = [text = std::string(body)](std::string const&) { return said{409, text}; };
        auto const text = error_of(s);
        BOOST_TEST(
            text.ends_with("/control/revoke-access answered 409: " + std::string(reason) + '\n'),
            text);
    }
}

BOOST_AUTO_TEST_CASE(a_reason_without_end_is_cut) {
    stub s;
    s.says = [](std::string const&) { return said{500, std::string(100'000, 'x')}; };
    BOOST_TEST(error_of(s).size() < 1000u);
}

// RFC 9110 §15.4: a redirect is no success, and a token does not follow it.
BOOST_AUTO_TEST_CASE(a_redirect_is_a_refusal) {
    stub s;
    s.says = [](std::string const&) { return said{302, ""}; };
    BOOST_TEST(error_of(s).find("answered 302") != std::string::npos);
    BOOST_TEST(s.heard().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_first_call_that_is_refused_is_the_last) {
    stub as;
    stub mcp;
    as.says = [](std::string const&) { return said{500, ""}; };
    auto line = asking("reset", as.url());
    line.mcp_url = mcp.url();
    BOOST_TEST(run_scenario(line, {}).exit_code == 1);
    BOOST_TEST(as.heard() == strings{"POST /control/reset"}, boost::test_tools::per_element());
    BOOST_TEST(mcp.heard().empty());
}

BOOST_AUTO_TEST_CASE(the_other_side_is_looked_for_only_where_it_is_needed) {
    stub s;
    run_scenario(asking("rotate", s.url()), {});
    strings const one_side{"POST /control/rotate", "GET /control/state"};
    BOOST_TEST(s.heard() == one_side, boost::test_tools::per_element());
}

// localhost, 127.0.0.1 and [::1] of one port are one address: the contract's names.
BOOST_AUTO_TEST_CASE(
    a_server_that_calls_itself_by_another_loopback_name_is_the_one_that_was_named) {
    stub as;
    stub mcp;
    auto alias = as.url();
    alias.replace(alias.find("127.0.0.1"), 9, "localhost");
    as.says = [&](std::string const&) {
        return said{200, R"({"realm":"default","control":[")" + alias + R"(/control",")" +
                             mcp.url() + R"(/control"]})"};
    };
    BOOST_TEST(run_scenario(asking("bad-scope", as.url()), {}).exit_code == 0);
    BOOST_TEST(mcp.heard() == strings{"POST /control/force-403"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_server_that_tells_no_other_side_is_asked_for_both) {
    for (auto const* told : {R"({"realm":7})", R"({})", R"({"realm":"default","control":"x"})",
                             R"({"realm":"default","control":["http://127.0.0.1:1/control"]})"}) {
        stub s;
        s.says = [text = std::string(told)](std::string const&) { return said{200, text}; };
        BOOST_TEST(run_scenario(asking("bad-scope", s.url()), {}).exit_code == 0, told);
        auto const heard = s.heard();
        BOOST_TEST(std::ranges::count(heard, "POST /control/force-403") == 1, told);
    }
}

BOOST_AUTO_TEST_CASE(somebody_else_who_answers_with_other_json_is_told_of_and_no_bug) {
    for (auto const* told :
         {"[]", "null", "\"ok\"", "7", R"({"realm":"default","control":[1,2]})"}) {
        stub s;
        s.says = [text = std::string(told)](std::string const&) { return said{200, text}; };
        BOOST_CHECK_NO_THROW(run_scenario(asking("bad-scope", s.url()), {}));
    }
}

BOOST_AUTO_TEST_SUITE_END()
