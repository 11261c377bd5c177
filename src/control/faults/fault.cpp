#include "control/faults/fault.hpp"

#include <algorithm>

#include "control/journal/redaction.hpp"

namespace tollgate::control {

namespace {

unsigned all_needs(fault_settings const& s) noexcept {
    return needs_of(s.own) | needs_of(s.select) | needs_of(s.trigger);
}

unsigned all_seams(fault_settings const& s) noexcept {
    unsigned seams = 0;
    for (auto const& e : s.effects)
        seams |= e->seams();
    return seams;
}

bool acts_here(fault const& f, phase at, std::string_view endpoint, bool guarded_route,
               time_point now) noexcept {
    if ((f.seams() & on_connection) != 0) return false;
    return f.about(endpoint) && phase_of(f, guarded_route) == at && !f.expired(now);
}

}  // namespace

fault::fault(fault_settings s)
    : settings_(std::move(s)), needs_(all_needs(settings_)), seams_(all_seams(settings_)) {}

fault::fault(image then)
    : settings_(std::move(then.settings)),
      needs_(all_needs(settings_)),
      seams_(all_seams(settings_)),
      matched_(then.matched),
      fired_(then.fired),
      seen_(std::move(then.seen)),
      nearest_(std::move(then.nearest)) {}

fault::image fault::save() const {
    image now{settings_, matched(), fired(), seen_.all(), nearest()};
    now.settings.effects = copies_of(settings_.effects);
    // As it is at this moment: what the journal tells later is not of the image.
    auto& over = now.settings.trigger.over;
    if (over) over = std::make_shared<std::atomic<bool> const>(over->load());
    return now;
}

bool fault::expired(time_point now) const noexcept {
    return settings_.expires_at && *settings_.expires_at <= now;
}

bool fault::unconditional() const noexcept {
    return settings_.trigger.kind == trigger::kind::always && settings_.select.everything();
}

bool fault::about(std::string_view endpoint) const noexcept {
    return about_endpoint(settings_.own, endpoint) && about_endpoint(settings_.select, endpoint);
}

std::optional<difference> fault::nearest() const {
    std::lock_guard const lock(nearest_mutex_);
    return nearest_;
}

unsigned fault::seams_of(effect_set some) const noexcept {
    unsigned seams = 0;
    for (std::size_t i = 0; i < settings_.effects.size(); ++i)
        if (has(some, i)) seams |= settings_.effects[i]->seams();
    return seams;
}

// Of a connection, which has asked nothing yet, all of them.
effect_set fault::effects_about(request_facts const& f) const {
    effect_set about = 0;
    for (std::size_t i = 0; i < settings_.effects.size(); ++i)
        if (!f.asked || settings_.effects[i]->where.holds(*f.asked)) about |= effect_set(1) << i;
    return about;
}

void fault::differ(difference d) {
    std::lock_guard const lock(nearest_mutex_);
    nearest_ = std::move(d);
}

void fault::left_as_it_was(unsigned status) {
    differ({"answer", "(one that its effects are about)", std::to_string(status)});
}

effect_set fault::hit(request_facts const& f, time_point now) {
    for (auto const* wanted : {&settings_.own, &settings_.select}) {
        auto differs = first_difference(*wanted, f);
        if (!differs) continue;
        differ(std::move(*differs));
        return 0;
    }
    auto const about = effects_about(f);
    if (about == 0) {
        auto target = redact_target(f.asked ? f.asked->request().target : std::string_view());
        differ({"at", "(where its effects are)", std::move(target)});
        return 0;
    }
    return is_due(f, now) ? about : 0;
}

// By its trigger. Counts the request.
bool fault::is_due(request_facts const& f, time_point now) {
    auto const& when = settings_.trigger;
    if (when.kind == trigger::kind::first_per) {
        auto const& key = key_of(when, f);
        if (key.empty()) return false;  // has none: not counted
        matched_.fetch_add(1, std::memory_order_relaxed);
        return seen_.insert(key);
    }
    auto const count = matched_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (when.kind == trigger::kind::between) return is_within(when, now - settings_.made_at);
    return fires(when, count);
}

phase phase_of(fault const& f, bool guarded_route) noexcept {
    if ((f.seams() & before_guard) != 0) return phase::raw;
    constexpr unsigned always_semantic = need_subject | need_session | need_message;
    if ((f.needs() & always_semantic) != 0) return phase::semantic;
    // Behind the guard the client and the token are those of the principal.
    constexpr unsigned known_by_guard = need_client | need_token | need_flow;
    if (guarded_route && (f.needs() & known_by_guard) != 0) return phase::semantic;
    return (f.seams() & behind_guard) != 0 ? phase::semantic : phase::raw;
}

fault_plan in_order(fault_plan const& plan) {
    auto sorted = plan;
    std::ranges::stable_partition(
        sorted, [](fault_ptr const& f) { return phase_of(*f, true) == phase::raw; });
    return sorted;
}

unsigned needs_of(fault_plan const& plan, phase at, std::string_view endpoint, bool guarded_route,
                  time_point now) noexcept {
    unsigned needs = need_nothing;
    for (auto const& f : plan) {
        if (acts_here(*f, at, endpoint, guarded_route, now)) needs |= f->needs();
    }
    return needs;
}

fault_hits decide(fault_plan const& plan, phase at, request_facts const& f, bool guarded_route,
                  time_point now) {
    fault_hits v;
    for (auto const& candidate : plan) {
        if (!acts_here(*candidate, at, f.endpoint, guarded_route, now)) continue;
        auto const effects = candidate->hit(f, now);
        if (effects == 0) continue;
        auto const seams = candidate->seams_of(effects);
        if ((seams & after_handler) != 0) v.after.push_back({candidate, effects});
        if ((seams & before_handler) == 0) continue;
        v.before.push_back({candidate, effects});
        if ((seams & in_its_place) != 0) break;
    }
    return v;
}

}  // namespace tollgate::control
