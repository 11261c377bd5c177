#include "cli/scenario_command.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/scenario_plan.hpp"
#include "http/message/url.hpp"

namespace tollgate {
namespace {

namespace json = boost::json;

// A member of what may be no object.
json::value const* member_of(json::value const& v, std::string_view name) {
    auto const* object = v.if_object();
    return object ? object->if_contains(name) : nullptr;
}

// What POST scenario was sent: {"name": "…"}.
std::string scenario_in(std::string const& body) {
    return json::value_to<std::string>(json::parse(body).at("name"));
}

// The names that GET scenarios answers with; none where it answers with something else.
std::vector<std::string> scenarios_in(std::string const& body) {
    std::vector<std::string> names;
    boost::system::error_code not_json;
    auto const value = json::parse(body, not_json);
    auto const* object = not_json ? nullptr : value.if_object();
    auto const* list = object ? object->if_contains("scenarios") : nullptr;
    if (!list || !list->is_array()) return names;
    for (auto const& one : list->get_array()) {
        auto const* name = one.is_object() ? one.get_object().if_contains("name") : nullptr;
        if (name && name->is_string())
            names.push_back(tollgate::printable(name->get_string(), 200));
    }
    return names;
}

// Two spellings of one URL: the loopback names of a port are one.
bool is_one_address(std::string_view a, std::string_view b) {
    auto const one = http::split_url(a);
    auto const other = http::split_url(b);
    return one && other && one->rest == other->rest &&
           http::same_origin(one->origin(), other->origin());
}

// The calls of one command, one after another.
class driver : public control_client {
public:
    driver(control_bases bases, std::string token, std::string ca_file)
        : control_client("tollgate scenario", std::move(token), std::move(ca_file)),
          bases_(std::move(bases)) {}

    // Fills `result`; stops at the first call that fails.
    task<> run(std::vector<control_call> calls, bool knows_one_side) {
        if (knows_one_side) {
            bool const learned = co_await learn_the_other_side();
            if (!learned) co_return;
        }
        for (auto const& call : calls) {
            auto url = base(call.side) + '/' + call.path;
            // A server with one origin hears a call to both sides once.
            if (url == last_posted_) continue;
            last_posted_ = url;
            auto body = call.body;
            bool const done = co_await ask(http::verb::post, std::move(url), std::move(body));
            if (done) continue;
            if (call.path == "scenario") co_await name_the_nearest(call);
            co_return;
        }
        auto state_url = bases_.authorization_server + "/state";
        std::string no_body;
        bool const shown = co_await ask(http::verb::get, std::move(state_url), std::move(no_body));
        if (shown) result.out = state_text();
    }

private:
    // The server refused a scenario, and knows nothing of the command's own names, which may be the
    // nearer ones. Its own words stay where they are about something else.
    task<> name_the_nearest(control_call call) {
        auto refusal = result.err;
        std::string no_body;
        auto url = base(call.side) + "/scenarios";
        bool const listed = co_await ask(http::verb::get, std::move(url), no_body);
        auto const known = listed ? scenarios_in(last().body) : std::vector<std::string>();
        auto const flaw =
            known.empty() ? std::nullopt : flaw_of_name(scenario_in(call.body), known);
        if (flaw) fail(*flaw + '\n');
        if (!flaw) result.err = std::move(refusal);
    }

    // --url names one control base: the server behind it knows the other one.
    task<bool> learn_the_other_side() {
        auto const base = bases_.authorization_server;
        std::string no_body;
        auto url = base + "/state";
        bool ok = co_await ask(http::verb::get, std::move(url), no_body);
        if (!ok) co_return false;
        boost::system::error_code ec;
        auto const state = json::parse(last().body, ec);
        auto const* const realm = ec ? nullptr : member_of(state, "realm");
        if (realm == nullptr || !realm->is_string()) co_return true;
        url = base + "/realms/" + std::string(realm->get_string());
        ok = co_await ask(http::verb::get, std::move(url), no_body);
        if (!ok) co_return false;
        auto const described = json::parse(last().body, ec);
        auto const* const control = ec ? nullptr : member_of(described, "control");
        if (control == nullptr || !control->is_array()) co_return true;
        auto const& both = control->get_array();
        if (both.size() != 2 || !both[0].is_string() || !both[1].is_string()) co_return true;
        auto const told = json::value_to<std::string>(both[0]);
        auto const mcp = json::value_to<std::string>(both[1]);
        // The server has other names outside: the token stays with the address that was given.
        if (!is_one_address(told, base)) {
            fail(
                "the MCP server is told to be at " + mcp +
                ", and the token is not sent there unasked. Name its control plane with --mcp-url, "
                "say http://localhost:9101/control\n");
            co_return false;
        }
        bases_.mcp_server = mcp;
        co_return true;
    }

    std::string const& base(control_side side) const {
        return side == control_side::mcp_server ? bases_.mcp_server : bases_.authorization_server;
    }

    std::string state_text() const {
        boost::system::error_code not_json;
        auto const state = json::parse(last().body, not_json);
        return not_json ? last().body + '\n' : pretty(state) + '\n';
    }

    control_bases bases_;
    std::string last_posted_;
};

scenario_output bad_usage(usage_error const& wrong) {
    return {"", wrong.text + '\n', 2};
}

std::string done_sentence(command_line const& line) {
    auto text = line.scenario_name;
    if (!line.scenario_argument.empty()) text += ' ' + line.scenario_argument;
    return text + ": done\n";
}

}  // namespace

scenario_output run_scenario(command_line const& line,
                             std::map<std::string, std::string> const& environment) {
    auto plan = plan_scenario(line.scenario_name, line.scenario_argument);
    if (auto const* wrong = std::get_if<usage_error>(&plan)) return bad_usage(*wrong);
    auto const url = line.url.empty() ? variable(environment, "TOLLGATE_URL") : line.url;
    auto const c = configuration_for(line, !url.empty(), environment);
    auto bases = url.empty() ? control_bases_of(c, line.realm)
                             : control_bases_of(url, line.mcp_url, line.realm);
    if (auto const* wrong = std::get_if<usage_error>(&bases))
        return bad_usage({"tollgate scenario: " + wrong->text});

    auto& calls = std::get<std::vector<control_call>>(plan);
    bool const changes = !calls.empty();
    boost::asio::io_context io(1);
    driver drive(std::get<control_bases>(std::move(bases)),
                 token_for(line, c, !url.empty(), environment), c.tls.certificate);
    bool const both_sides = std::ranges::any_of(
        calls, [](control_call const& call) { return call.side == control_side::mcp_server; });
    bool const one_sided = !url.empty() && line.mcp_url.empty() && both_sides;
    std::exception_ptr bug;
    auto const executor = io.get_executor();
    boost::asio::co_spawn(executor, drive.run(std::move(calls), one_sided),
                          [&](std::exception_ptr e) { bug = std::move(e); });
    io.run();
    if (bug) std::rethrow_exception(bug);
    if (drive.result.exit_code == 0 && changes) drive.result.err = done_sentence(line);
    return std::move(drive.result);
}

}  // namespace tollgate
