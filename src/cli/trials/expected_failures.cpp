#include "cli/trials/expected_failures.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "control/scenarios/scenarios.hpp"

namespace tollgate::trials {

namespace {

using control::finding;
using control::finding_status;
using control::verdict;

// Without comment and quotation marks.
std::string_view bare(std::string_view text) {
    auto const comment = text.find(" #");
    text = trim(text.substr(0, comment));
    if (text.starts_with('#')) return {};
    bool const quoted = text.size() > 1 && (text.front() == '"' || text.front() == '\'') &&
                        text.back() == text.front();
    return quoted ? text.substr(1, text.size() - 2) : text;
}

// The official suite fails a client for a warning, too.
bool is_failure(control::scenario const* of, finding const& f) {
    if (f.by != control::finding_by::client) return false;
    if (f.status == finding_status::fail) return true;
    bool const check = of && of->official &&
                       std::ranges::find(of->expectations, f.id, &control::expectation::id) !=
                           of->expectations.end();
    return check && f.status == finding_status::warning;
}

std::vector<std::string> failures_of(verdict const& v) {
    std::vector<std::string> all;
    auto const scenario = control::find_scenario(v.scenario);
    for (auto const& f : v.findings)
        if (is_failure(scenario ? *scenario : nullptr, f)) all.push_back(v.scenario + ':' + f.id);
    // Crashed or hung is no finding that may be known.
    using control::client_state;
    bool const broke_off = v.client == client_state::crashed || v.client == client_state::timed_out;
    if (broke_off || (all.empty() && v.word != control::verdict_word::pass))
        all.push_back(v.scenario);
    return all;
}

std::string text_of(expected_failure const& e) {
    return e.finding.empty() ? e.scenario : e.scenario + ':' + e.finding;
}

bool covers(expected_failure const& e, std::string_view failure) {
    if (text_of(e) == failure) return true;
    return e.finding.empty() && failure.starts_with(e.scenario + ':');
}

// The scenario was, and so was its finding where the entry names one.
bool is_tried(verdict const& v, expected_failure const& e) {
    if (v.scenario != e.scenario) return false;
    auto const f = std::ranges::find(v.findings, e.finding, &finding::id);
    return f == v.findings.end() || f->status != finding_status::not_reached;
}

// What it is called in a verdict, which the file may call by an alias.
std::string scenario_called(std::string_view name) {
    auto const found = control::find_scenario(name);
    return found ? (*found)->name : std::string(name);
}

// Line by line: the lists below `client:` and `server:`, or beside them in brackets.
class entry_reader {
public:
    std::vector<expected_failure> entries;

    // What is wrong with the line; "": nothing.
    std::string read(std::string_view whole, int line);

private:
    enum class whose { nobody, client, server };
    static constexpr std::string_view expected = "expected \"client:\" or \"- SCENARIO[:FINDING]\"";

    std::string read_key(std::string_view content, int line);
    std::string read_entry(std::string_view written, int line);

    whose below_ = whose::nobody;
};

std::string entry_reader::read(std::string_view whole, int line) {
    if (whole.ends_with('\r')) whole.remove_suffix(1);
    auto const content = bare(whole);
    if (content.empty() || content == "---") return {};
    bool const indented = whole.starts_with(' ') || whole.starts_with('\t');
    bool const in_list = content.starts_with("- ") || content == "-";
    if (!indented && !in_list) return read_key(content, line);
    if (!in_list) return std::string(expected);
    if (below_ == whose::nobody) return "stands neither below \"client:\" nor below \"server:\"";
    return read_entry(content.substr(std::min<std::size_t>(2, content.size())), line);
}

std::string entry_reader::read_key(std::string_view content, int line) {
    auto const colon = content.find(':');
    if (colon == content.npos) return std::string(expected);
    auto const key = content.substr(0, colon);
    if (key != "client" && key != "server")
        return '"' + tollgate::printable(key, 40) +
               "\" is no key of such a file: expected \"client:\" or \"server:\"";
    below_ = key == "client" ? whose::client : whose::server;
    auto list = trim(content.substr(colon + 1));
    if (list.empty()) return {};
    if (!list.starts_with('[') || !list.ends_with(']'))
        return "expected the entries below it, or beside it in brackets, as in \"[]\"";
    list = trim(list.substr(1, list.size() - 2));
    std::string flaw;
    while (!list.empty() && flaw.empty())
        flaw = read_entry(next_part(list, ','), line);
    return flaw;
}

std::string entry_reader::read_entry(std::string_view written, int line) {
    if (below_ != whose::client) return {};
    auto const entry = bare(written);
    auto const colon = entry.find(':');
    if (entry.empty() || colon == 0) return "names no scenario";
    expected_failure e{scenario_called(trim(entry.substr(0, colon))), "", line};
    if (colon != entry.npos) e.finding = trim(entry.substr(colon + 1));
    entries.push_back(std::move(e));
    return {};
}

}  // namespace

std::variant<std::vector<expected_failure>, std::string> read_expected_failures(
    std::string_view text, std::string const& file) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    entry_reader reader;
    for (int line = 1; !text.empty(); ++line) {
        auto const end = text.find('\n');
        auto const whole = text.substr(0, end);
        text = end == text.npos ? std::string_view() : text.substr(end + 1);
        auto const flaw = reader.read(whole, line);
        if (!flaw.empty()) return file + ':' + std::to_string(line) + ": " + flaw;
    }
    return std::move(reader.entries);
}

std::vector<std::string> unknown_scenarios(std::span<expected_failure const> expected,
                                           std::string const& file) {
    std::vector<std::string> all;
    for (auto const& e : expected)
        if (auto const found = control::find_scenario(e.scenario); !found)
            all.push_back(file + ':' + std::to_string(e.line) + ": " + found.error().description());
    return all;
}

comparison compare(std::span<verdict const> verdicts, std::span<expected_failure const> expected) {
    comparison c;
    std::vector<bool> met(expected.size());
    for (auto const& v : verdicts) {
        for (auto const& failure : failures_of(v)) {
            bool known = false;
            for (std::size_t i = 0; i < expected.size(); ++i) {
                if (!covers(expected[i], failure)) continue;
                known = true;
                met[i] = true;
            }
            if (!known) c.unexpected.push_back(failure);
        }
    }
    // Of what was not tried nobody knows.
    for (std::size_t i = 0; i < expected.size(); ++i) {
        bool const tried = std::ranges::any_of(
            verdicts, [&](verdict const& v) { return is_tried(v, expected[i]); });
        if (tried && !met[i]) c.stale.push_back(text_of(expected[i]));
    }
    return c;
}

}  // namespace tollgate::trials
