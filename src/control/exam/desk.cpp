#include "control/exam/desk.hpp"

#include "control/exam/words.hpp"
#include "control/faults/realm_faults.hpp"
#include "control/journal/journal.hpp"
#include "control/realms/realm_setup.hpp"
#include "control/realms/realm_state.hpp"
#include "control/verdict/realm_client.hpp"
#include "control/verdict/stations.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control {

namespace {

using records = std::vector<station_record>;

// One visit to the desk: what it reads, and what it will write back.
class visit {
public:
    visit(http::context const& c, mcp::examinee const& who)
        : c_(c),
          who_(who),
          lock_(c.realm().get<realm_state>().editing()),
          stations_(c.realm().get<realm_state>().current_scenario().stations),
          progress_(c.realm().get<exam_progress>()),
          records_(progress_.records()) {}

    // Why there is no exam here; "" where there is.
    std::string obstacle() const {
        if (stations_.empty()) return std::string(exam_words::not_here);
        if (!c_.realm().get<journal>().on()) return std::string(exam_words::no_journal);
        return who_.authorized ? "" : std::string(exam_words::no_authorization);
    }

    bool has_begun() const noexcept { return !records_.empty(); }
    bool is_over() const noexcept {
        return records_.size() == stations_.size() && (records_.empty() || records_.back().over);
    }

    void begin_anew() {
        lift_faults_of_exam(c_.realm());
        records_.clear();
        // What was done before is no part of what is judged.
        c_.realm().get<realm_client>().begin(c_.realm().get<journal>().next());
        go_on();
        write();
    }

    // False: the client has not met what the station is about.
    bool judge_current() {
        auto& r = records_.back();
        auto const& s = stations_[records_.size() - 1];
        auto const page = c_.realm().get<journal>().read(r.since, {});
        auto findings = judge_station(s, page.events, {c_.real_now(), true, true});
        if (state_of(findings) == station_state::under_way) return false;
        r.findings = std::move(findings);
        r.over = true;
        if (!s.keep) lift(s);
        return true;
    }

    // To the next station that this client can take.
    void go_on() {
        while (records_.size() < stations_.size()) {
            auto const& s = stations_[records_.size()];
            auto& r = records_.emplace_back();
            r.left_out = exam_words::reason_against(s, c_, who_);
            r.over = !r.left_out.empty();
            if (r.over) continue;
            set_up(s, r);
            return;
        }
    }

    void write() { progress_.write(records_); }

    std::string task_text() const { return exam_words::task(stations_, records_.size() - 1); }
    std::string results_text() const { return exam_words::results(stations_, records_); }
    std::string last_result_text() const {
        // Those that were left out stand behind it.
        auto last = records_.size();
        while (last > 0 && (!records_[last - 1].over || !records_[last - 1].left_out.empty()))
            --last;
        return last == 0 ? "" : exam_words::result(stations_[last - 1], records_[last - 1]);
    }

private:
    void set_up(station const& s, station_record& r) {
        auto& faults = c_.realm().get<realm_faults>();
        r.since = c_.realm().get<journal>().next();
        for (auto fault : s.faults) {
            fault.station = s.name;
            watch_end(fault, c_.realm().get<journal>());
            // Too many is the doing of somebody who put in others: the station is not met then.
            static_cast<void>(faults.add(std::move(fault), c_.real_now()));
        }
    }

    void lift(station const& s) {
        c_.realm().get<realm_faults>().remove_if(
            [&](fault const& f) { return f.settings().station == s.name; });
    }

    http::context const& c_;
    mcp::examinee const& who_;
    std::scoped_lock<std::mutex> lock_;
    std::vector<station> const& stations_;
    exam_progress& progress_;
    records records_;
};

std::string report_link(http::context const& c) {
    return c.place().issuer() + "/verdict/" + c.realm().get<realm_client>().key();
}

std::string ending(visit const& v, http::context const& c) {
    return v.results_text() + exam_words::report_at(report_link(c));
}

}  // namespace

std::string exam_desk::begin(http::context const& c, mcp::examinee const& who, bool again) {
    visit v(c, who);
    if (auto why = v.obstacle(); !why.empty()) return why;
    if (again || !v.has_begun()) {
        v.begin_anew();
        if (v.is_over()) return ending(v, c);
        return exam_words::welcome(report_link(c)) + v.task_text();
    }
    if (v.is_over()) return ending(v, c);
    return std::string(exam_words::goes_on) + v.task_text();
}

std::string exam_desk::next(http::context const& c, mcp::examinee const& who) {
    visit v(c, who);
    if (auto why = v.obstacle(); !why.empty()) return why;
    if (!v.has_begun()) {
        v.begin_anew();
        if (v.is_over()) return ending(v, c);
        return exam_words::welcome(report_link(c)) + v.task_text();
    }
    if (v.is_over()) return ending(v, c);
    if (!v.judge_current()) return std::string(exam_words::not_met) + v.task_text();
    auto said = v.last_result_text();
    v.go_on();
    v.write();
    return said + (v.is_over() ? ending(v, c) : v.task_text());
}

std::string exam_desk::needed_scope(http::context const& c) const {
    auto const& stations = c.realm().get<realm_state>().current_scenario().stations;
    auto const records = c.realm().get<exam_progress>().records();
    if (records.empty() || records.size() > stations.size() || records.back().over) return {};
    return stations[records.size() - 1].scope;
}

}  // namespace tollgate::control
