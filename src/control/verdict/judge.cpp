#include "control/verdict/judge.hpp"

#include <algorithm>
#include <set>

#include "control/faults/catalogue.hpp"
#include "control/verdict/rule.hpp"
#include "control/verdict/said_once.hpp"

namespace tollgate::control {

namespace {

// A finding, and whether the scenario is about it: without such a pass there is none.
struct judged {
    finding is;
    bool wanted = false;
};

// The first request that went wrong and was not meant to: where somebody should begin to look.
observation const* first_broken(conversation const& c) {
    constexpr std::string_view telling[] = {"authorize", "token", "register"};
    for (auto const* o : c.exchanges()) {
        if (o->faulted() || o->status < 400) continue;
        bool const of_login = std::ranges::find(telling, o->endpoint()) != std::end(telling);
        // The first contact is without a token, and a client may ask for what there is.
        bool const of_mcp = o->endpoint() == "mcp" && o->method == "POST" &&
                            o->facts().error != "missing_token" &&
                            o->mcp_method() != "server/discover";
        if (of_login || of_mcp) return o;
    }
    return nullptr;
}

std::string described(observation const& o) {
    auto text = std::string(o.method) + ' ' + std::string(o.path) + ", answered " +
                std::to_string(o.status);
    if (!o.facts().error.empty()) text += ' ' + o.facts().error;
    return text;
}

class court {
public:
    explicit court(trial const& t)
        : trial_(t), said_(t.events, t.dropped), revision_(revision_of(t)) {
        moment_.now = t.now;
        moment_.done = t.client.state != client_state::running;
    }

    verdict decide() {
        expectations();
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
            all_.push_back({found(e, e.holds->judge(said_, moment_)), !e.report && !e.optional});
        }
    }

    bool applies(expectation const& e) const {
        return e.eras.empty() || std::ranges::find(e.eras, revision_) != e.eras.end();
    }

    // The official suite holds it against a client that was to come so far and did not.
    bool is_missed(expectation const& e) const {
        return trial_.scenario->official && moment_.done && !e.optional && !e.report;
    }

    bool is_quiet() const {
        if (said_.exchanges().empty()) return false;
        auto const last = said_.exchanges().back()->what().time;
        return trial_.now - last >= trial_.scenario->quiet;
    }

    finding found(expectation const& e, answer const& a) const {
        finding f;
        f.id = e.id;
        f.level = e.must ? finding_level::must : finding_level::should;
        f.clause = e.clause;
        f.url = e.url;
        if (a.at) f.event = a.at->seq();
        switch (a.is) {
            case answer::kind::holds:
                f.status = finding_status::pass;
                f.text = e.text;
                break;
            case answer::kind::broken:
                f.text = e.broken;
                if (e.report) break;
                f.status = e.must ? finding_status::fail : finding_status::warning;
                break;
            case answer::kind::waiting:
                f.text = "It has begun, and nothing is decided yet.";
                if (moment_.done && is_missed(e)) {
                    f.status = finding_status::fail;
                    f.level = finding_level::must;
                    f.text = "The client began it, and did not come to its end.";
                }
                break;
            case answer::kind::unreached:
                f.text = "The client has not come so far.";
                if (is_missed(e)) {
                    f.status = finding_status::fail;
                    f.level = finding_level::must;
                }
                if (auto const* wrong = first_broken(said_)) {
                    f.text += " The first request that went wrong was " + described(*wrong) + '.';
                    f.event = wrong->seq();
                }
                break;
        }
        return f;
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

    trial const& trial_;
    conversation said_;
    std::string const revision_;
    moment moment_;
    std::vector<judged> all_;
};

}  // namespace

std::string revision_of(trial const& t) {
    constexpr std::string_view modern = "2026-07-28", legacy = "2025-11-25";
    if (t.versions.size() == 1) return t.versions.front();
    bool const all = t.versions.empty();
    auto const& v = t.versions;
    if (!all && std::ranges::find(v, modern) == v.end()) return std::string(legacy);
    for (auto const& e : t.events) {
        auto const o = observe(e);
        if (o.endpoint() == "mcp" && o.header("MCP-Protocol-Version") == modern && o.succeeded())
            return std::string(modern);
    }
    return std::string(legacy);
}

verdict judge(trial const& t) {
    return court(t).decide();
}

}  // namespace tollgate::control
