// results: of a run by cells, /s/RUN/REVISION/SCENARIO, in the JSON of the official suite's hosted
// mode.
#include "base/text.hpp"
#include "control/api/api.hpp"
#include "control/api/judging.hpp"
#include "control/api/realm_answers.hpp"
#include "control/conversation/member.hpp"
#include "control/journal/journal.hpp"
#include "control/official/cell_report.hpp"
#include "control/realms/realm_names.hpp"

namespace tollgate::control::api {

namespace {

problem no_such_results(std::string what) {
    return problem(404, "not_found", std::move(what));
}

// What the address names below /results/RUN; a scenario may have a slash in its name.
struct wanted_results {
    std::string run;
    std::string revision;
    scenario const* of = nullptr;  // null: all of them
};

outcome<wanted_results> read_address(context const& c) {
    wanted_results w;
    w.run = c.parameter("run");
    w.revision = c.parameter("revision");
    if (!is_run_name(w.run) || is_mcp_revision(w.run))
        return no_such_results("a RUN is 1 to 64 letters, digits, '-' or '_', and no revision");
    auto const known = scored_revisions();
    if (!w.revision.empty() && std::ranges::find(known, w.revision) == known.end())
        return no_such_results("results are told of 2025-11-25 and 2026-07-28, not of \"" +
                               tollgate::printable(w.revision, 40) + '"');
    std::string name(c.parameter("scenario"));
    if (!c.parameter("rest").empty()) name += '/' + std::string(c.parameter("rest"));
    if (name.empty()) return w;
    auto const found = find_scenario(name);
    if (!found) return found.error();
    if (!(*found)->official)
        return no_such_results("the scenario " + (*found)->name +
                               " is none of the official suite's: ask for its verdict");
    w.of = *found;
    return w;
}

// Clients that name themselves in initialize, or, since 2026-07-28, in each request.
std::vector<client_identity> clients_of(http::realm const& r) {
    constexpr std::string_view infos[] = {"body.params/clientInfo/",
                                          "body.params/_meta/io.modelcontextprotocol~1clientInfo/"};
    std::vector<client_identity> all;
    auto const page = r.get<journal>().read(r.get<realm_client>().now().since, {});
    for (auto const& event : page.events) {
        auto const o = observe(event);
        for (auto const info : infos) {
            auto const name = member_of(o, std::string(info) + "name");
            if (!name) continue;
            client_identity one{tollgate::printable(*name, 80), {}, {}};
            one.version =
                tollgate::printable(member_of(o, std::string(info) + "version").value_or(""), 40);
            auto spoken = member_of(o, "answer.result/protocolVersion");
            if (!spoken) spoken = member_of(o, "header.MCP-Protocol-Version");
            if (spoken) one.revisions.insert(tollgate::printable(*spoken, 20));
            add_identities(all, {one});
        }
    }
    return all;
}

outcome<cell> cell_at(control_plane& p, context& c, wanted_results const& w, scenario const& s,
                      std::string_view revision) {
    cell made;
    made.of = &s;
    made.run = w.run;
    made.revision = revision;
    made.results_url =
        c.place().issuer_here() + "/results/" + w.run + '/' + std::string(revision) + '/' + s.name;
    auto const realm = p.realms().look(implicit_name(s, w.run, revision));
    if (!realm || realm->get<realm_state>().expired(c.real_now())) return made;
    auto judged = judge_realm(p, *realm, c.real_now());
    if (!judged) return judged.error();
    made.verdict = std::move(*judged);
    made.clients = clients_of(*realm);
    return made;
}

outcome<std::vector<cell>> cells_of(control_plane& p, context& c, wanted_results const& w) {
    std::vector<cell> cells;
    for (auto const revision : scored_revisions()) {
        for (auto const& s : all_scenarios()) {
            if (!s.official || (!w.revision.empty() && w.revision != revision)) continue;
            auto one = cell_at(p, c, w, s, revision);
            if (!one) return one.error();
            cells.push_back(std::move(*one));
        }
    }
    return cells;
}

}  // namespace

task<outcome<reply>> results(control_plane& p, context& c) {
    auto const here = at_main_origin(c);
    if (!here) co_return here.error();
    auto const w = read_address(c);
    if (!w) co_return w.error();
    if (w->of) {
        auto const one = cell_at(p, c, *w, *w->of, w->revision);
        if (!one) co_return one.error();
        co_return json_answer(200, report_of_cell(*one));
    }
    auto const cells = cells_of(p, c, *w);
    if (!cells) co_return cells.error();
    co_return json_answer(200, report_of_run(w->run, w->revision, *cells));
}

}  // namespace tollgate::control::api
