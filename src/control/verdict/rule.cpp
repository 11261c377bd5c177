#include "control/verdict/rule.hpp"

namespace tollgate::control {

void assessment::broken(observation const& by, std::string text) {
    ++times_;
    if (at_ && at_->seq() <= by.seq()) return;
    at_ = &by;
    text_ = std::move(text);
}

finding judge_rule(rule const& r, conversation const& c) {
    assessment a;
    r.watch(c, a);
    finding f;
    f.id = r.id;
    f.level = r.level;
    f.clause = r.clause;
    f.url = r.url;
    f.status = a.was_met() ? finding_status::pass : finding_status::not_reached;
    f.text = a.was_met() ? r.holds : r.needs;
    auto const* at = a.at();
    if (!at) return f;
    f.status = r.level == finding_level::must ? finding_status::fail : finding_status::warning;
    f.event = at->seq();
    f.text = a.text() + " (from " + at->peer();
    if (a.times() > 1) f.text += ", " + std::to_string(a.times()) + " times";
    f.text += ").";
    return f;
}

}  // namespace tollgate::control
