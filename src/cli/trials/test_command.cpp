#include "cli/trials/test_command.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include <unistd.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/json.hpp"
#include "cli/own_scenarios.hpp"
#include "cli/scenario_plan.hpp"
#include "cli/trials/expected_failures.hpp"
#include "cli/trials/runner.hpp"
#include "cli/trials/server_process.hpp"

namespace tollgate {

namespace {

namespace json = boost::json;
using trials::trial_result;

constexpr int not_as_expected = 1, bad_arguments = 2, cannot_start = 3;

void complain(std::string const& text) {
    std::fprintf(stderr, "tollgate test: %s\n", text.c_str());
}

// One listing of every scenario's verdict as it comes.
void print_progress(trial_result const& r, std::size_t left) {
    auto const seconds = static_cast<double>(r.took.count()) / 1000;
    auto const word = r.wrong.empty() ? std::string(word_of(r.verdict.word)) : "error";
    std::fprintf(stderr, "%-10s  %-28s %6.1f s  %zu left\n", word.c_str(),
                 r.verdict.scenario.c_str(), seconds, left);
    if (!r.wrong.empty()) std::fputs(r.wrong.c_str(), stderr);
    bool const came = r.verdict.client == control::client_state::done;
    if (!came && !r.end.output.empty())
        std::fprintf(stderr, "  the client is %s and printed last:\n%s\n",
                     std::string(word_of(r.verdict.client)).c_str(), r.end.output.c_str());
}

control::verdict_word word_of_all(std::vector<control::verdict> const& all) {
    auto word = control::verdict_word::pass;
    for (auto const& v : all) {
        if (v.word == control::verdict_word::fail) return v.word;
        if (v.word != control::verdict_word::pass) word = v.word;
    }
    return word;
}

std::string written(std::vector<control::verdict> const& all, control::report_format how) {
    switch (how) {
        case control::report_format::text:
            return control::to_text(all);
        case control::report_format::markdown:
            return control::to_markdown(all);
        case control::report_format::junit:
            return control::to_junit(all);
        case control::report_format::sarif:
            return pretty(control::to_sarif(all)) + '\n';
        case control::report_format::json:
            break;
    }
    json::array list;
    for (auto const& v : all)
        list.push_back(control::to_json(v));
    json::object o;
    o["verdict"] = word_of(word_of_all(all));
    o["scenarios"] = std::move(list);
    return json::serialize(o) + '\n';
}

bool put(std::string const& text, std::string const& file) {
    if (file.empty()) return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
    std::ofstream to(file, std::ios::binary | std::ios::trunc);
    to << text;
    return to.flush().good();
}

// What is known to fail; nothing, and a complaint, where the file cannot be read.
std::optional<std::vector<trials::expected_failure>> known_failures(std::string const& file) {
    if (file.empty()) return std::vector<trials::expected_failure>();
    std::ifstream from(file, std::ios::binary);
    std::ostringstream text;
    // An empty one is a file, too, though nothing of it can be copied.
    bool const empty = from && from.peek() == std::ifstream::traits_type::eof() && !from.bad();
    if (!from.is_open() || (!empty && !(text << from.rdbuf()))) {
        complain("cannot read " + file);
        return std::nullopt;
    }
    auto read = trials::read_expected_failures(text.str(), file);
    if (auto const* wrong = std::get_if<std::string>(&read)) {
        std::fprintf(stderr, "%s\n", wrong->c_str());
        return std::nullopt;
    }
    auto known = std::get<std::vector<trials::expected_failure>>(std::move(read));
    for (auto const& line : trials::unknown_scenarios(known, file))
        std::fprintf(stderr, "%s\n", line.c_str());
    return known;
}

bool write_reports(std::vector<control::verdict> const& all, trials::options const& o) {
    auto reports = o.reports;
    reports.insert(reports.begin(), {o.format, o.output});
    bool well = true;
    for (auto const& r : reports) {
        if (put(written(all, r.format), r.file)) continue;
        complain("cannot write " + (r.file.empty() ? "to stdout" : r.file));
        well = false;
    }
    return well;
}

// Before the clients run, which takes minutes: "" or the sentence about a file that there cannot
// be.
std::string flaw_of_files(trials::options const& o) {
    std::vector<std::string> files{o.output};
    for (auto const& r : o.reports)
        files.push_back(r.file);
    for (auto const& file : files) {
        errno = 0;
        if (!file.empty() && !std::ofstream(file, std::ios::binary | std::ios::app))
            return "cannot write " + file + ": " + std::strerror(errno);
    }
    return {};
}

int conclude(std::vector<trial_result>& results, trials::options const& o,
             std::vector<trials::expected_failure> const& known) {
    // What could not be tried is no failure that a file may expect.
    std::vector<control::verdict> all, tried;
    for (auto& r : results) {
        if (r.wrong.empty()) tried.push_back(r.verdict);
        all.push_back(std::move(r.verdict));
    }
    // One that cannot be written is no reason to lose the others.
    bool complete = write_reports(all, o);
    auto const found = trials::compare(tried, known);
    if (!found.unexpected.empty()) {
        std::fputs(
            "Failed, and nobody expected it. If that is known, put these into the file of "
            "--expected-failures:\nclient:\n",
            stderr);
        for (auto const& entry : found.unexpected)
            std::fprintf(stderr, "  - %s\n", entry.c_str());
    }
    for (auto const& entry : found.stale)
        complain(o.expected_failures + " expects " + entry +
                 " to fail, and it did not: take it out");
    if (tried.size() != all.size()) {
        complete = false;
        complain(std::to_string(all.size() - tried.size()) + " of " + std::to_string(all.size()) +
                 " scenarios were not tried");
    }
    return complete && found.unexpected.empty() && found.stale.empty() ? 0 : not_as_expected;
}

// Prints the URLs, waits for Ctrl+C, and asks for the verdicts.
std::vector<trial_result> let_people_try(trials::options const& o, trials::server_access const& to,
                                         std::atomic<bool> const& give_up) {
    std::vector<trials::prepared_trial> prepared;
    std::string const run = "url-" + std::to_string(getpid());
    for (std::size_t i = 0; i < o.scenarios.size(); ++i) {
        auto const& s = *o.scenarios[i];
        prepared.push_back(trials::prepare_trial(s, o, run + '-' + std::to_string(i), to));
        auto const& p = prepared.back();
        std::fprintf(stderr, "%s\n  %s\n  %s\n", s.name.c_str(),
                     p.wrong.empty() ? p.mcp.c_str() : p.wrong.c_str(), s.person.c_str());
    }
    std::fputs("Use each URL as its line says; then end this with Ctrl+C.\n", stderr);
    while (!give_up)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::vector<trial_result> results;
    for (std::size_t i = 0; i < prepared.size(); ++i)
        results.push_back(trials::finish_trial(*o.scenarios[i], prepared[i], to, {}));
    return results;
}

std::atomic<bool> interrupted{false};

// To be called before there is a child: whoever is ended by a signal leaves it behind.
void catch_interruption() {
    struct sigaction how {
    }, before{};
    how.sa_handler = [](int) { interrupted = true; };
    sigaction(SIGINT, &how, nullptr);
    sigaction(SIGTERM, &how, nullptr);
    // Who was started by nohup goes on.
    if (sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &how, nullptr);
}

// Those of our own server: the user's, and free ports whatever the user's say.
std::vector<std::string> server_arguments(command_line const& line) {
    std::vector<std::string> all{"--set", "server.log_level=error", "--set", "journal.bytes=4MiB"};
    if (!line.config_file.empty()) all.insert(all.end(), {"--config", line.config_file});
    for (auto const& one : line.sets)
        all.insert(all.end(), {"--set", one});
    for (auto const* one : {"authorization_server.listen=localhost:0", "mcp.listen=localhost:0"})
        all.insert(all.end(), {"--set", one});
    return all;
}

int refuse_usage(usage_error const& wrong) {
    std::fprintf(stderr, "%s\n", wrong.text.c_str());
    return bad_arguments;
}

// The first control base of the line that --ready-json prints.
std::string control_in(std::string const& ready_line) {
    boost::system::error_code wrong;
    auto const value = json::parse(ready_line, wrong);
    auto const* at = wrong ? nullptr : value.find_pointer("/control/0", wrong);
    return at && at->is_string() ? std::string(at->get_string()) : std::string();
}

int run_with(trials::options const& o, trials::server_access const& to,
             std::vector<trials::expected_failure> const& known) {
    auto results = o.command.empty() ? let_people_try(o, to, interrupted)
                                     : trials::run_trials(o, to, &print_progress, interrupted);
    return conclude(results, o, known);
}

}  // namespace

int run_test(command_line const& line, environment_variables const& environment) {
    auto const url = line.url.empty() ? variable(environment, "TOLLGATE_URL") : line.url;
    auto const c = configuration_for(line, !url.empty(), environment);
    use_scenarios_of(c);
    auto const read = trials::read_options(line);
    if (auto const* wrong = std::get_if<usage_error>(&read)) return refuse_usage(*wrong);
    auto const& o = std::get<trials::options>(read);
    auto const known = known_failures(o.expected_failures);
    if (!known) return bad_arguments;
    if (auto const flaw = flaw_of_files(o); !flaw.empty()) {
        complain(flaw);
        return bad_arguments;
    }
    trials::server_access to{"", token_for(line, c, !url.empty(), environment), c.tls.certificate};
    catch_interruption();
    if (!url.empty()) {
        auto const bases = control_bases_of(url, "", "");
        if (auto const* wrong = std::get_if<usage_error>(&bases))
            return refuse_usage({"tollgate test: " + wrong->text});
        to.control = std::get<control_bases>(bases).authorization_server;
        return run_with(o, to, *known);
    }
    trials::server_process const server(server_arguments(line), interrupted);
    to.control = control_in(server.ready_line());
    if (!to.control.empty()) return run_with(o, to, *known);
    if (!interrupted) {
        // What kept it from starting it has said itself.
        if (!server.ready_line().empty())
            complain(
                "its server has no control plane: it needs control.enabled = true, and "
                "control.token where a public URL is set");
        return cannot_start;
    }
    complain("ended by a signal before its server had started");
    return not_as_expected;
}

}  // namespace tollgate
