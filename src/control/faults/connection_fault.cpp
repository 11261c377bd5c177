#include "control/faults/connection_fault.hpp"

#include <algorithm>
#include <ranges>

namespace tollgate::control {

connection_rule const* connection_rule_of(fault_settings const& s) noexcept {
    for (auto const& e : s.effects)
        if (auto const* rule = e->connections()) return rule;
    return nullptr;
}

void check_connection_fault(object_reader& body, fault_settings& s) {
    auto const* rule = connection_rule_of(s);
    if (rule == nullptr) return;
    s.side = rule->sides;
    if (s.effects.size() != 1)
        body.fail("effects",
                  "an effect on connections stands alone: make another fault of the rest");
    if (!s.select.everything())
        body.fail("select",
                  "\"" + s.name + "\" acts on connections, before there is a request to select");
    if (s.trigger.kind == trigger::kind::first_per)
        body.fail("trigger",
                  "first_per looks at requests, and \"" + s.name + "\" acts on connections");
    else if (rule->how.accepts_nobody() && s.trigger.kind != trigger::kind::always)
        body.fail("trigger", "\"" + s.name +
                                 "\" accepts no connection that could be counted: it acts always, "
                                 "until it is deleted or expires_in is over");
}

fault_ptr connection_fault_at(fault_plan const* plan, unsigned sides, time_point now) {
    if (plan == nullptr) return nullptr;
    for (auto const& f : std::views::reverse(*plan)) {
        auto const* rule = connection_rule_of(f->settings());
        if (rule != nullptr && (rule->sides & sides) != 0 && !f->expired(now)) return f;
    }
    return nullptr;
}

}  // namespace tollgate::control
