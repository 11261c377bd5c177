// Verdicts for programs: JUnit XML and SARIF.
#include <algorithm>
#include <set>

#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "control/report/report.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

// XML 1.0 has no control characters but tab and line ends.
std::string xml(std::string_view text) {
    std::string clean;
    for (char const c : text)
        clean += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    return html_escape(clean);
}

std::string attribute(std::string_view name, std::string_view value) {
    return ' ' + std::string(name) + "=\"" + xml(value) + '"';
}

std::string with_clause(finding const& f) {
    return f.clause.empty() ? f.text : f.text + " (" + f.clause + ", " + f.url + ')';
}

std::string case_of(verdict const& v, finding const& f) {
    auto out = "    <testcase" + attribute("classname", v.scenario) + attribute("name", f.id);
    if (f.status == finding_status::pass) return out + "/>\n";
    out += ">";
    if (f.status == finding_status::fail)
        out += "<failure" + attribute("message", f.text) + attribute("type", word_of(f.level)) +
               '>' + xml(with_clause(f)) + "</failure>";
    if (f.status == finding_status::warning)
        out += "<system-out>" + xml("warning: " + with_clause(f)) + "</system-out>";
    if (f.status == finding_status::not_reached)
        out += "<skipped" + attribute("message", f.text) + "/>";
    return out + "</testcase>\n";
}

// What is no pass though nothing failed: a client that never came, or did not come far.
std::string end_of(verdict const& v) {
    auto out = "    <testcase" + attribute("classname", v.scenario) + " name=\"verdict\"";
    if (v.word != verdict_word::incomplete) return out + "/>\n";
    return out + "><error" +
           attribute("message", "incomplete: the client is " + std::string(word_of(v.client))) +
           "/></testcase>\n";
}

std::string number(std::string_view name, std::ptrdiff_t n) {
    return attribute(name, std::to_string(n));
}

json::object message(std::string_view text) {
    json::object o;
    o["text"] = text;
    return o;
}

std::string_view sarif_level(finding_status s) noexcept {
    if (s == finding_status::fail) return "error";
    return s == finding_status::warning ? "warning" : "none";
}

std::string_view sarif_kind(finding_status s) noexcept {
    if (s == finding_status::pass) return "pass";
    return s == finding_status::not_reached ? "open" : "fail";
}

json::object sarif_result(verdict const& v, finding const& f) {
    json::object o;
    o["ruleId"] = f.id;
    o["kind"] = sarif_kind(f.status);
    o["level"] = sarif_level(f.status);
    o["message"] = message(f.text);
    auto where = v.realm + '/' + v.scenario;
    if (f.event != 0) where += "/event " + std::to_string(f.event);
    json::object place;
    place["fullyQualifiedName"] = where;
    json::object location;
    location["logicalLocations"] = json::array{std::move(place)};
    o["locations"] = json::array{std::move(location)};
    return o;
}

json::object sarif_rule(finding const& f) {
    json::object o;
    o["id"] = f.id;
    o["shortDescription"] = message(f.clause.empty() ? f.id : f.clause);
    if (!f.url.empty()) o["helpUri"] = f.url;
    return o;
}

}  // namespace

std::string to_junit(std::span<verdict const> all) {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tollgate\">\n";
    for (auto const& v : all) {
        auto const n = [&](finding_status s) {
            return std::ranges::count(v.findings, s, &finding::status);
        };
        out += "  <testsuite" + attribute("name", v.scenario) +
               number("tests", static_cast<std::ptrdiff_t>(v.findings.size()) + 1) +
               number("failures", n(finding_status::fail)) +
               number("errors", v.word == verdict_word::incomplete ? 1 : 0) +
               number("skipped", n(finding_status::not_reached)) + ">\n";
        for (auto const& f : v.findings)
            out += case_of(v, f);
        out += end_of(v) + "  </testsuite>\n";
    }
    return out + "</testsuites>\n";
}

json::object to_sarif(std::span<verdict const> all) {
    json::array rules, results;
    std::set<std::string_view> known;
    for (auto const& v : all) {
        for (auto const& f : v.findings) {
            if (known.insert(f.id).second) rules.push_back(sarif_rule(f));
            results.push_back(sarif_result(v, f));
        }
    }
    json::object driver;
    driver["name"] = "tollgate";
    driver["version"] = TOLLGATE_VERSION;
    driver["rules"] = std::move(rules);
    json::object tool;
    tool["driver"] = std::move(driver);
    json::object run;
    run["tool"] = std::move(tool);
    run["results"] = std::move(results);
    json::object o;
    o["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
    o["version"] = "2.1.0";
    o["runs"] = json::array{std::move(run)};
    return o;
}

}  // namespace tollgate::control
