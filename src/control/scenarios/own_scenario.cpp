#include "control/scenarios/own_scenario.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "config/values/formats.hpp"
#include "control/faults/catalogue.hpp"
#include "control/faults/connection_fault.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

using name_set = std::set<std::string, std::less<>>;

// What `tollgate scenario NAME` does besides (cli/scenario_plan.cpp).
constexpr std::string_view driver_switches[] = {"state",         "reset",    "rotate",
                                                "expire-access", "revoke",   "dead-refresh",
                                                "deny-consent",  "bad-scope"};

// Why it cannot stand in a path and in file names, or could be taken for a revision or a RUN; "":
// it can.
std::string flaw_of_name(std::string_view name) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view all = "abcdefghijklmnopqrstuvwxyz0123456789._-/";
    bool const begins = !name.empty() && letters.find(name.front()) != letters.npos;
    if (!begins || name.find_first_not_of(all) != name.npos)
        return "expected small letters, digits and . - _ /, a letter first, such as "
               "\"mine.slow_refresh\"";
    constexpr std::size_t longest = 64;  // part of a path: http/realm/resolver.cpp
    if (name.size() > longest)
        return "is longer than " + std::to_string(longest) +
               " characters, which no address of a "
               "scenario can be";
    if (name.ends_with('/') || name.find("//") != name.npos)
        return "has an empty part; something stands before and after each \"/\"";
    for (auto const& part : settings::split(name, '/'))
        if (part == "." || part == "..")
            return "has a part \"" + part +
                   "\", which leads elsewhere in a path; call it otherwise";
    if (std::ranges::find(driver_switches, name) != std::end(driver_switches))
        return '"' + std::string(name) +
               "\" is a switch of `tollgate scenario`; choose another name";
    return {};
}

std::string flaw_of_names(scenario const& s, name_set const& taken) {
    auto given = s.aliases;
    given.insert(given.begin(), s.name);
    for (std::size_t i = 0; i < given.size(); ++i) {
        auto const at = i == 0 ? "/name" : "/aliases/" + std::to_string(i - 1);
        if (auto const flaw = flaw_of_name(given[i]); !flaw.empty()) return at + ": " + flaw;
        if (taken.contains(given[i]) || taken.contains(path_form(given[i])))
            return at + ": \"" + given[i] + "\" is the name of another scenario; choose another";
    }
    return {};
}

bool share_an_era(expectation const& a, expectation const& b) {
    return a.eras.empty() || b.eras.empty() ||
           std::ranges::find_first_of(a.eras, b.eras) != a.eras.end();
}

// Of two findings that are called alike nobody knows which one a file of expected failures means.
std::string flaw_of_ids(scenario const& s) {
    auto const& all = s.expectations;
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
            if (all[k].id == all[i].id && share_an_era(all[k], all[i]))
                return "/expect/" + std::to_string(i) + "/id: \"" + all[i].id +
                       "\" is the id of another expectation of this scenario; choose another";
    return {};
}

std::string flaw_of_fault_name(std::string_view name, std::string const& at,
                               std::vector<std::string_view> const& known) {
    auto const bare = name.substr(name.starts_with('!') ? 1 : 0);
    bool const any = bare.empty() || bare == "*";
    if (any || std::ranges::find(known, bare) != known.end()) return {};
    return at + ": \"" + printable(bare, 80) +
           "\" is no fault of the scenario, nor one of the catalogue; the nearest is \"" +
           std::string(nearest_name(bare, known)) + '"';
}

// Looks for members "fault" in `v`, which stands at `at`; `named`: in one already.
std::string flaw_of_fault_names(json::value const& v, std::string const& at, bool named,
                                std::vector<std::string_view> const& known) {
    if (auto const* text = v.if_string(); text && named)
        return flaw_of_fault_name(*text, at, known);
    std::string flaw;
    if (auto const* list = v.if_array())
        for (std::size_t i = 0; i < list->size() && flaw.empty(); ++i)
            flaw = flaw_of_fault_names((*list)[i], at + '/' + std::to_string(i), named, known);
    if (auto const* table = v.if_object())
        for (auto const& [key, value] : *table)
            if (flaw.empty())
                flaw = flaw_of_fault_names(value, pointer_to(at, key), key == "fault", known);
    return flaw;
}

// An expectation about a fault that there is not would be silent for ever.
std::string flaw_of_faults_expected(scenario const& s, json::object const& table) {
    auto const* expect = table.if_contains("expect");
    if (expect == nullptr) return {};
    std::vector<std::string_view> known;
    for (auto const& f : s.faults)
        known.push_back(f.name);
    for (auto const& f : catalogue())
        known.push_back(f.name);
    return flaw_of_fault_names(*expect, "/expect", false, known);
}

// What acts on connections does so at listeners that belong to one realm alone.
std::string flaw_of_listeners(scenario const& s) {
    if (s.own_mcp_origin) return {};
    for (std::size_t i = 0; i < s.faults.size(); ++i)
        if (connection_rule_of(s.faults[i]) != nullptr)
            return "/faults/" + std::to_string(i) + ": \"" + printable(s.faults[i].name, 80) +
                   "\" acts on connections, so the scenario needs listeners of its own: "
                   "own_mcp_origin = true";
    return {};
}

}  // namespace

std::string flaw_of_own(scenario const& s, json::object const& table, name_set const& taken) {
    if (s.official) return "/official: is for the scenarios of the official suite";
    for (auto const& flaw : {flaw_of_names(s, taken), flaw_of_ids(s),
                             flaw_of_faults_expected(s, table), flaw_of_listeners(s)})
        if (!flaw.empty()) return flaw;
    return {};
}

}  // namespace tollgate::control
