#include "control/verdict/judge.hpp"

#include <algorithm>
#include <set>

#include "control/faults/catalogue.hpp"
#include "control/verdict/rule.hpp"
#include "control/verdict/said_once.hpp"
#include "control/verdict/stations.hpp"

namespace tollgate::control {

namespace {

// A finding, and whether the scenario is about it: without such a pass there is none.
struct judged {
    finding is;
    bool wanted = false;
};

class court {
public:
    explicit court(trial const& t)
        : trial_(t), said_(t.events, t.dropped), revision_(revision_spoken()) {
        moment_.now = t.now;
        moment_.done = t.client.state != client_state::running;
    }

    verdict decide() {
        expectations();
        stations();
        faults();
        rules();
        journal_kept();
        verdict v;
        v.realm = trial_.realm;
        v.scenario = trial_.scenario->name;
        v.client = said_.tried() || moment_.done ? trial_.client.state : client_state::not_tried;
        if (!said_.tried() && v.client == client_state::done) v.client = client_state::not_tried;
        v.exit = trial_.client.exit;
        v.word = word();
        v.stations = std::move(stations_);
        sort();
        for (auto& j : all_)
            v.findings.push_back(std::move(j.is));
        return v;
    }

private:
    // What waits is decided first: then it is known whether the scenario is over.
    void expectations() {
        auto const& wanted = trial_.scenario->expectations;
        bool all_hold = true;
        bool any_waits = false;
        for (auto const& e : wanted) {
            if (!e.holds->waits() || e.report || e.optional || !applies(e)) continue;
            any_waits = true;
            all_hold = all_hold && e.holds->judge(said_, moment_).is == answer::kind::holds;
        }
        moment_.over = moment_.done || (any_waits && all_hold) || is_quiet();
        for (auto const& e : wanted) {
            if (!applies(e)) continue;
            auto const said = e.holds->judge(said_, moment_);
            auto f = finding_of(e, said, said_);
            if (is_missed(e)) hold_against_it(f, e, said.is);
            all_.push_back({std::move(f), !e.report && !e.optional});
        }
    }

    bool applies(expectation const& e) const {
        return e.eras.empty() || std::ranges::find(e.eras, revision_) != e.eras.end();
    }

    // The official suite holds it against a client that was to come so far and did not.
    bool is_missed(expectation const& e) const {
        bool const came = said_.tried() && moment_.done;
        return trial_.scenario->official && came && !e.optional && !e.report;
    }

    static void hold_against_it(finding& f, expectation const& e, answer::kind said) {
        if (said != answer::kind::waiting && said != answer::kind::unreached) return;
        f.status = finding_status::fail;
        f.level = finding_level::must;
        f.missed = true;
        if (said == answer::kind::waiting)
            f.text = "The client began it, and did not come to its end.";
        else
            f.text += " Not seen: " + e.text;
    }

    bool is_quiet() const {
        if (said_.exchanges().empty()) return false;
        auto const last = said_.exchanges().back()->what().time;
        return trial_.now - last >= trial_.scenario->quiet;
    }

    // Their own moment: the other expectations of an exam may be met while it goes on.
    void stations() {
        auto at = moment_;
        at.done = moment_.done || is_quiet();
        at.over = at.done;
        auto judged = judge_stations(*trial_.scenario, trial_.stations, trial_.events, at);
        stations_ = std::move(judged.results);
        for (auto& f : judged.wanted)
            all_.push_back({std::move(f), true});
        for (auto& f : judged.left_out)
            all_.push_back({std::move(f), false});
    }

    void faults() {
        std::set<std::string> named;
        for (auto const& fault : trial_.scenario->faults)
            if (named.insert(fault.name).second)
                all_.push_back({acted(fault.name), !trial_.scenario->faults_may_rest});
    }

    finding acted(std::string const& name) const {
        finding f;
        f.id = "fault." + name;
        f.level = finding_level::should;
        f.by = finding_by::injected;
        auto const* known = find_named_fault(name);
        f.clause = known ? known->clause : "";
        std::size_t times = 0;
        for (auto const& o : said_.all()) {
            if (o.what().type != event_type::fault || o.what().outcome != name) continue;
            if (++times == 1) f.event = o.what().of;
        }
        f.status = times == 0 ? finding_status::not_reached : finding_status::pass;
        auto const what = known ? known->summary : "An effect of the scenario's own.";
        f.text = times == 0 ? "tollgate has not done this yet: " + what
                            : "tollgate did this " + std::to_string(times) +
                                  (times == 1 ? " time: " : " times: ") + what;
        return f;
    }

    void rules() {
        for (auto const& r : all_rules())
            if (!says_the_same(*trial_.scenario, r.id))
                all_.push_back({judge_rule(r, said_), false});
    }

    void journal_kept() {
        if (said_.dropped() == 0) return;
        finding f;
        f.id = "journal.complete";
        f.level = finding_level::should;
        f.status = finding_status::warning;
        f.by = finding_by::configuration;
        f.text = "The journal was full and " + std::to_string(said_.dropped()) +
                 " events are lost: the verdict is about the rest (journal.bytes).";
        all_.push_back({std::move(f), true});
    }

    verdict_word word() const {
        bool passed =
            said_.tried() && !trial_.scenario->expectations.empty() && said_.dropped() == 0;
        for (auto const& [f, wanted] : all_) {
            if (f.status == finding_status::fail && f.by == finding_by::client)
                return verdict_word::fail;
            passed = passed && (!wanted || f.status != finding_status::not_reached);
        }
        auto const state = trial_.client.state;
        bool const fell = state == client_state::crashed || state == client_state::timed_out;
        return passed && !fell ? verdict_word::pass : verdict_word::incomplete;
    }

    // What failed first comes first.
    void sort() {
        std::ranges::stable_sort(all_, [](judged const& a, judged const& b) {
            if (a.is.status != b.is.status) return a.is.status < b.is.status;
            bool const bad =
                a.is.status == finding_status::fail || a.is.status == finding_status::warning;
            return bad && a.is.event < b.is.event;
        });
    }

    // What the trial is about: the only revision that the server speaks, or else what the client
    // spoke.
    std::string revision_spoken() const {
        constexpr std::string_view modern = "2026-07-28", legacy = "2025-11-25";
        auto const& served = trial_.versions;
        if (served.size() == 1) return served.front();
        if (!served.empty() && std::ranges::find(served, modern) == served.end())
            return served.back();
        auto const spoke_it = [&](observation const* o) {
            return o->header("MCP-Protocol-Version") == modern && o->succeeded();
        };
        return std::string(std::ranges::any_of(said_.mcp(), spoke_it) ? modern : legacy);
    }

    trial const& trial_;
    conversation said_;
    std::string const revision_;
    moment moment_;
    std::vector<judged> all_;
    std::vector<station_result> stations_;
};

}  // namespace

verdict judge(trial const& t) {
    return court(t).decide();
}

}  // namespace tollgate::control
