#include "cli/trials/options.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/nearest.hpp"
#include "base/quantity.hpp"
#include "base/text.hpp"
#include "mcp/policy.hpp"

namespace tollgate::trials {

namespace {

constexpr std::size_t most_parallel = 64;

usage_error wrong(std::string text) {
    return {"tollgate test: " + std::move(text) + "; see tollgate test --help"};
}

std::string in_quotes(std::string_view text) {
    return '"' + tollgate::printable(text, 80) + '"';
}

template <class Names>
std::string nearest(std::string_view word, Names const& names) {
    std::vector<std::string_view> const all(std::begin(names), std::end(names));
    return "; did you mean " + std::string(nearest_name(word, all)) + '?';
}

bool is_of_era(control::scenario const& s, std::string const& era) {
    return era.empty() || s.eras.empty() || std::ranges::find(s.eras, era) != s.eras.end();
}

using chosen = std::variant<std::vector<control::scenario const*>, usage_error>;

chosen by_name(std::vector<std::string> const& names) {
    std::vector<control::scenario const*> all;
    for (auto const& name : names) {
        auto const found = control::find_scenario(name);
        if (!found) return wrong("--scenario: " + found.error().description());
        if (std::ranges::find(all, *found) == all.end()) all.push_back(*found);
    }
    return all;
}

chosen by_suite(std::string const& suite, std::string const& era) {
    std::vector<control::scenario const*> all;
    std::set<std::string_view> suites{"all"};
    for (auto const& s : control::all_scenarios()) {
        suites.insert(s.suite);
        // Who does not get along with a persona is not wrong, and an exam wants an assistant: they
        // run when they are asked for.
        bool const usual = !s.persona && s.stations.empty();
        bool const every = (suite.empty() || suite == "all") && usual;
        suites.insert(s.groups.begin(), s.groups.end());
        bool const grouped = std::ranges::find(s.groups, suite) != s.groups.end();
        bool const wanted = every || suite == s.suite || grouped;
        if (wanted && is_of_era(s, era)) all.push_back(&s);
    }
    if (all.empty() && !suites.contains(suite))
        return wrong("no suite is called " + in_quotes(suite) + nearest(suite, suites));
    return all;
}

std::string read_numbers(command_line const& line, options& o) {
    if (!line.parallel.empty()) {
        auto const& text = line.parallel;
        auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), o.parallel);
        bool const whole = ec == std::errc() && end == text.data() + text.size();
        if (!whole || o.parallel == 0 || o.parallel > most_parallel)
            return "--parallel " + in_quotes(text) + ": expected a number from 1 to 64";
    }
    if (!line.timeout.empty()) {
        auto text = line.timeout;
        if (text.find_first_not_of("0123456789") == text.npos) text += 's';
        auto const limit = parse_duration(text);
        if (!limit || limit->count() < 100 || *limit > std::chrono::hours(1))
            return "--timeout " + in_quotes(line.timeout) + ": expected a duration such as 60s";
        o.timeout = *limit;
    }
    return {};
}

// What is wrong with the word, if anything is.
std::string read_format(std::string_view word, control::report_format& into) {
    auto const read = control::read_format(word);
    if (auto const* flaw = std::get_if<std::string>(&read)) return in_quotes(word) + ": " + *flaw;
    into = std::get<control::report_format>(read);
    return {};
}

std::string read_reports(command_line const& line, options& o) {
    for (std::string_view const both : line.reports) {
        auto const equals = both.find('=');
        if (equals == both.npos || equals + 1 == both.size())
            return "--report " + in_quotes(both) + ": expected FORMAT=FILE, such as junit=out.xml";
        wanted_report r{control::report_format::text, std::string(both.substr(equals + 1))};
        auto const flaw = read_format(both.substr(0, equals), r.format);
        if (!flaw.empty()) return "--report " + flaw;
        bool const twice =
            r.file == o.output ||
            std::ranges::find(o.reports, r.file, &wanted_report::file) != o.reports.end();
        if (twice) return "--report " + in_quotes(both) + ": another report goes to this file";
        o.reports.push_back(std::move(r));
    }
    return {};
}

std::string read_words(command_line const& line, options& o) {
    if (!line.format.empty())
        if (auto const flaw = read_format(line.format, o.format); !flaw.empty())
            return "--format " + flaw;
    // What a server speaks that is not told otherwise.
    auto const revisions = mcp::policy().versions;
    bool const known_era = std::ranges::find(revisions, line.era) != revisions.end();
    if (!line.era.empty() && !known_era)
        return "--era " + in_quotes(line.era) + " is no revision of MCP" +
               nearest(line.era, revisions);
    if (line.client.empty() && !line.url_only)
        return "expected --command \"CLIENT\", or --url-only for clients that nobody can start";
    if (!line.client.empty() && line.url_only) return "--command and --url-only do not go together";
    if (!line.suite.empty() && !line.scenarios.empty())
        return "--suite and --scenario do not go together";
    return {};
}

}  // namespace

std::variant<options, usage_error> read_options(command_line const& line) {
    options o;
    o.command = line.client;
    o.era = line.era;
    o.expected_failures = line.expected_failures;
    o.output = line.output;
    for (auto* read : {&read_words, &read_reports, &read_numbers})
        if (auto const flaw = read(line, o); !flaw.empty()) return wrong(flaw);
    auto which = line.scenarios.empty() ? by_suite(line.suite, line.era) : by_name(line.scenarios);
    if (auto const* flaw = std::get_if<usage_error>(&which)) return *flaw;
    o.scenarios = std::get<std::vector<control::scenario const*>>(std::move(which));
    if (o.scenarios.empty()) return wrong("no scenario is about revision " + in_quotes(line.era));
    return o;
}

}  // namespace tollgate::trials
