#include "control/official/cell_report.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

namespace tollgate::control {

namespace json = boost::json;

namespace {

constexpr std::string_view columns[] = {"2025-11-25", "2026-07-28"};

bool has(std::vector<std::string> const& list, std::string_view one) {
    return std::ranges::find(list, one) != list.end();
}

std::string_view scoring_of(scenario const& s, std::string_view revision) {
    if (!s.eras.empty() && !has(s.eras, revision)) return "n/a";
    if (has(s.groups, "extensions")) return "not_scored";
    bool const frozen = has(s.groups, "core") || revision == columns[1];
    // It came after both sets were frozen.
    if (s.name == "json-schema-2020-12-preservation") return "not_scored";
    return frozen ? "scored" : "unlisted";
}

expectation const* expectation_of(scenario const& s, std::string_view id) {
    auto const at = std::ranges::find(s.expectations, id, &expectation::id);
    return at == s.expectations.end() ? nullptr : &*at;
}

// Nobody has done yet what the check is about.
bool is_unseen(finding const& f) {
    return f.status == finding_status::not_reached || f.missed;
}

std::string_view status_of(finding const& f) {
    if (is_unseen(f)) return "NOT_SEEN";
    if (f.status == finding_status::pass) return "SUCCESS";
    return f.status == finding_status::fail ? "FAILURE" : "WARNING";
}

// The suite's checks, and of the rules of every verdict those that were broken.
bool is_told(scenario const& s, finding const& f) {
    bool const bad = f.status == finding_status::fail || f.status == finding_status::warning;
    auto const* e = expectation_of(s, f.id);
    if (e == nullptr) return bad && f.by == finding_by::client;
    return f.status != finding_status::not_reached || !(e->optional || e->report);
}

json::object check_of(finding const& f) {
    json::object o;
    auto const status = status_of(f);
    o["id"] = f.id;
    o["name"] = f.id;
    o["description"] = f.text;
    o["status"] = status;
    json::object reference;
    reference["id"] = f.clause;
    reference["url"] = f.url;
    if (!f.url.empty()) o["specReferences"] = json::array{std::move(reference)};
    if (status == "SUCCESS") return o;
    o["errorMessage"] = f.text;
    o["reason"] = f.text;
    if (status == "NOT_SEEN") o["notSeen"] = true;
    o["by"] = status == "NOT_SEEN" ? "scenario" : "client";
    return o;
}

json::array checks_of(cell const& c) {
    json::array checks;
    if (!c.verdict) return checks;
    for (auto const& f : c.verdict->findings)
        if (is_told(*c.of, f)) checks.push_back(check_of(f));
    return checks;
}

json::object summary_of(json::array const& checks) {
    constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"SUCCESS", "passed"},   {"FAILURE", "failed"}, {"NOT_SEEN", "notSeen"},
        {"WARNING", "warnings"}, {"INFO", "info"},      {"SKIPPED", "skipped"}};
    json::object o;
    for (auto const& [status, name] : names)
        o[name] = std::ranges::count_if(checks, [&](json::value const& c) {
            return std::string_view(c.at("status").get_string()) == status;
        });
    o["total"] = checks.size();
    return o;
}

// By the checks alone, as the suite has it: what was not seen is no failure.
std::string_view verdict_of(cell const& c, json::array const& checks) {
    if (scoring_of(*c.of, c.revision) == "n/a") return "n/a";
    if (!c.verdict || c.verdict->client == client_state::not_tried) return "incomplete";
    auto const any = [&](std::string_view status) {
        return std::ranges::any_of(checks, [&](json::value const& one) {
            return std::string_view(one.at("status").get_string()) == status;
        });
    };
    if (any("FAILURE")) return "fail";
    return any("NOT_SEEN") || c.verdict->word == verdict_word::incomplete ? "incomplete" : "pass";
}

std::string_view state_of(cell const& c, std::string_view verdict) {
    if (verdict != "incomplete") return verdict;
    if (!c.verdict || c.verdict->client == client_state::not_tried)
        return c.of->own_mcp_origin ? "not-startable" : "not-tried";
    return c.verdict->client == client_state::running ? "in-progress" : "stopped";
}

json::object head_of(cell const& c, json::array const& checks) {
    json::object o;
    auto const verdict = verdict_of(c, checks);
    o["runId"] = c.run;
    o["revision"] = c.revision;
    o["scenario"] = c.of->name;
    o["scoring"] = scoring_of(*c.of, c.revision);
    o["startable"] = !c.of->own_mcp_origin;
    if (c.of->own_mcp_origin)
        o["startReason"] =
            "it is about the root of an MCP server's origin: use tollgate test, or a realm with "
            "ports of its own";
    o["verdict"] = verdict;
    o["state"] = state_of(c, verdict);
    o["summary"] = summary_of(checks);
    return o;
}

json::array identities_json(std::vector<client_identity> const& all) {
    json::array list;
    for (auto const& one : all) {
        json::object o;
        o["name"] = one.name;
        o["version"] = one.version;
        o["revisions"] = json::array(one.revisions.begin(), one.revisions.end());
        list.push_back(std::move(o));
    }
    return list;
}

json::object column_of(std::string_view revision, std::vector<cell> const& cells) {
    json::array all, not_scored;
    std::vector<client_identity> clients;
    std::int64_t passed = 0, total = 0, startable = 0;
    for (auto const& c : cells) {
        if (c.revision != revision) continue;
        add_identities(clients, c.clients);
        auto o = head_of(c, checks_of(c));
        o["resultsUrl"] = c.results_url;
        bool const counts = o["scoring"] == "scored";
        total += counts;
        passed += counts && o["verdict"] == "pass";
        startable += counts && !c.of->own_mcp_origin;
        bool const beside = o["scoring"] == "not_scored" || o["scoring"] == "unlisted";
        if (beside && c.verdict) not_scored.push_back(o);
        all.push_back(std::move(o));
    }
    json::object scored;
    scored["passed"] = passed;
    scored["total"] = total;
    scored["startable"] = startable;
    json::object o;
    o["revision"] = revision;
    o["scored"] = std::move(scored);
    o["cells"] = std::move(all);
    o["notScored"] = std::move(not_scored);
    o["identities"] = identities_json(clients);
    return o;
}

}  // namespace

void add_identities(std::vector<client_identity>& known, std::vector<client_identity> const& more) {
    for (auto const& one : more) {
        auto const same = std::ranges::find_if(known, [&](client_identity const& k) {
            return k.name == one.name && k.version == one.version;
        });
        if (same == known.end())
            known.push_back(one);
        else
            same->revisions.insert(one.revisions.begin(), one.revisions.end());
    }
}

std::span<std::string_view const> scored_revisions() noexcept {
    return columns;
}

json::object report_of_cell(cell const& c) {
    auto checks = checks_of(c);
    auto o = head_of(c, checks);
    o["checks"] = std::move(checks);
    return o;
}

json::object report_of_run(std::string const& run, std::string const& revision,
                           std::vector<cell> const& cells) {
    json::object o;
    o["runId"] = run;
    if (!revision.empty()) o["revision"] = revision;
    json::array list;
    for (auto const column : columns)
        if (revision.empty() || revision == column) list.push_back(column_of(column, cells));
    o["columns"] = std::move(list);
    std::vector<client_identity> clients;
    for (auto const& c : cells)
        add_identities(clients, c.clients);
    o["identities"] = identities_json(clients);
    return o;
}

}  // namespace tollgate::control
