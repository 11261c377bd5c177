// Arguments → configuration → what was asked for.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <variant>
#include <vector>

#include "app/private_memory.hpp"
#include "app/serve.hpp"
#include "app/translate.hpp"
#include "cli/command_line.hpp"
#include "cli/keys/keys.hpp"
#include "cli/own_scenarios.hpp"
#include "cli/scenario_command.hpp"
#include "cli/scenario_plan.hpp"
#include "cli/store_command.hpp"
#include "cli/trials/test_command.hpp"
#include "cli/verdict_command.hpp"
#include "config/config.hpp"
#include "control/scenarios/scenarios.hpp"
#include "http/net/certs.hpp"

namespace tollgate {
namespace {

enum exit_code { fine = 0, failed = 1, bad_usage = 2 };

config load(command_line const& line) {
    return load_config({line.config_file, line.sets, process_environment()});
}

// Of a process that begins: its scenarios are there from now on.
config configuration_of(command_line const& line) {
    auto c = load(line);
    use_scenarios_of(c);
    return c;
}

config loaded_again(command_line const& line) {
    auto c = load(line);
    check_scenarios_of(c);
    return c;
}

void print_notes(config const& c) {
    for (auto const& note : c.notes)
        std::fprintf(stderr, "tollgate: %s\n", note.c_str());
}

int run_serve(command_line const& line) {
    keep_memory_private();
    auto const c = configuration_of(line);
    print_notes(c);
    check_files(c);
    serve_options options;
    options.ready_json = line.ready_json;
    options.reload = [line] { return loaded_again(line); };
    return serve(c, options);
}

int run_check(command_line const& line) {
    if (line.keys) {
        std::fputs(settings::describe_keys().c_str(), stdout);
        return fine;
    }
    auto const c = configuration_of(line);
    print_notes(c);
    check_files(c);
    std::fputs("tollgate: the configuration is fine\n", stderr);
    return fine;
}

int run_stdio(command_line const& line) {
    keep_memory_private();
    auto const c = configuration_of(line);
    print_notes(c);
    auto const* const token = std::getenv("MCP_ACCESS_TOKEN");
    return serve_stdio(c, token != nullptr ? token : "");
}

int print(command_output const& result) {
    std::fputs(result.out.c_str(), stdout);
    std::fputs(result.err.c_str(), stderr);
    return result.exit_code;
}

int run_scenario_command(command_line const& line) {
    return print(run_scenario(line, process_environment()));
}

int run_verdict_command(command_line const& line) {
    return print(run_verdict(line, process_environment()));
}

void print_row(std::FILE* to, std::string_view name, std::string_view text) {
    constexpr std::size_t width = 30;
    std::string row(name);
    row.resize(std::max(width, row.size() + 2), ' ');
    std::fprintf(to, "%s%s\n", row.c_str(), std::string(text).c_str());
}

// The scenarios are for programs, too; the switches beside them are for the person who looks.
int list_scenarios(command_line const& line) {
    configuration_of(line);
    for (auto const& s : control::all_scenarios())
        print_row(stdout, s.name, s.summary);
    std::fflush(stdout);
    std::fputs("\nSwitches, for `tollgate scenario NAME`:\n", stderr);
    for (auto const& s : switches())
        print_row(stderr, s.name, s.effect);
    return fine;
}

int write_certs(command_line const& line) {
    try {
        auto const files = http::write_certificates(line.certs_dir);
        auto const* what = files.written ? "written" : "still good, left as it is";
        for (auto const* file : {&files.ca, &files.certificate, &files.key})
            std::printf("%s\n", file->c_str());
        std::fprintf(stderr, "tollgate certs: %s; clients must trust %s\n", what,
                     files.certificate.c_str());
        return fine;
    } catch (std::exception const& e) {
        std::fprintf(stderr, "tollgate certs: %s\n", e.what());
        return failed;
    }
}

int run(command_line const& line) {
    switch (line.run) {
        case command::help:
            std::fputs(help_text(line.help_for).c_str(), stdout);
            return fine;
        case command::version:
            std::puts("tollgate " TOLLGATE_VERSION);
            return fine;
        case command::serve:
            return run_serve(line);
        case command::check:
            return run_check(line);
        case command::stdio:
            return run_stdio(line);
        case command::scenario:
            return run_scenario_command(line);
        case command::scenarios:
            return list_scenarios(line);
        case command::verdict:
            return run_verdict_command(line);
        case command::test:
            return run_test(line, process_environment());
        case command::store:
            return run_store(line, std::cin, std::cout);
        case command::certs:
            return write_certs(line);
    }
    return bad_usage;
}

}  // namespace
}  // namespace tollgate

int main(int argc, char** argv) {
    using namespace tollgate;
    // Whoever reads our log or our answers may go away: that is an error code, not our end.
    std::signal(SIGPIPE, SIG_IGN);
    std::vector<std::string> const arguments(argv + std::min(argc, 1), argv + argc);
    auto const parsed = parse_command_line(arguments);
    if (auto const* wrong = std::get_if<usage_error>(&parsed)) {
        std::fprintf(stderr, "%s\n", wrong->text.c_str());
        return bad_usage;
    }
    try {
        return run(std::get<command_line>(parsed));
    } catch (config_error const& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return bad_usage;
    } catch (std::exception const& e) {
        std::fprintf(stderr, "tollgate: %s\n", e.what());
        return failed;
    }
}
