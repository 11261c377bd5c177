#include "control/faults/layers.hpp"

#include <algorithm>

#include "base/metrics.hpp"
#include "control/faults/fault.hpp"
#include "control/faults/realm_faults.hpp"
#include "http/pipeline/dispatcher.hpp"

namespace tollgate::control {

namespace {

using http::context;
using http::reply;

metric faults_fired(metric::kind::counter, "tollgate_faults_fired_total",
                    "Faults that acted on a request.");

bool out_of_reach(context const& c) noexcept {
    return c.request().method == http::verb::options ||
           (c.route().flags & (http::control_plane | http::origin_root)) != 0;
}

bool is_token_request(context const& c) noexcept {
    return c.request().method == http::verb::post && c.endpoint() == "token";
}

// It has done something to this request.
void note_fault(context& c, fault& f) {
    f.count_action();
    if (f.settings().name == gate_fault) return;
    faults_fired.add();
    c.facts().faults.push_back(f.settings().name);
}

// Its effects on the answer of the handler, one after another.
task<bool> alter(context& c, reply& r, acting_fault f, administrations const& to) {
    bool acted = false;
    auto const& effects = f.fault->settings().effects;
    for (std::size_t i = 0; i < effects.size(); ++i) {
        auto const& e = effects[i];
        if ((e->seams() & after_handler) == 0 || !has(f.effects, i)) continue;
        bool const did = co_await e->after(c, r, to);
        acted = acted || did;
        if (did && (e->seams() & discards) != 0) c.facts().error = "";
    }
    co_return acted;
}

// An answer in the place of the handler's; nothing when it is to run.
task<std::optional<reply>> answer_before(context& c, acting_fault f, administrations const& to) {
    std::optional<reply> answered;
    auto const& effects = f.fault->settings().effects;
    for (std::size_t i = 0; i < effects.size(); ++i) {
        auto const& e = effects[i];
        if ((e->seams() & before_handler) == 0 || !has(f.effects, i)) continue;
        auto made = co_await e->before(c, to);
        if (made) answered = std::move(made);
    }
    co_return answered;
}

reply rendered(context& c, outcome<reply> out) {
    if (out) return std::move(*out);
    auto const wrong = out.error();
    c.facts().error = wrong.error();
    return http::render(wrong);
}

// A request that at least one fault acts on. `v` is taken by value: it lives in this frame.
task<outcome<reply>> run_faults(context& c, http::handler const& next, fault_hits v,
                                administrations const& to) {
    std::optional<reply> answer;
    for (auto const& f : v.before) {
        note_fault(c, *f.fault);
        auto made = co_await answer_before(c, f, to);
        if (made) answer = std::move(made);
    }
    bool replaced = answer.has_value();
    if (!answer) {
        auto handled = co_await next(c);
        // Left as it is where nobody looks at it: the boundary says it better.
        if (v.after.empty()) co_return handled;
        answer = rendered(c, std::move(handled));
    }
    for (auto f = v.after.rbegin(); f != v.after.rend(); ++f) {
        auto const status = answer->status;
        bool const acted = co_await alter(c, *answer, *f, to);
        bool const noted =
            std::ranges::find(v.before, f->fault, &acting_fault::fault) != v.before.end();
        if (acted && !noted) note_fault(c, *f->fault);
        if (!acted && !noted) {
            f->fault->left_as_it_was(status);
            c.note("fault_without_effect", f->fault->settings().name);
        }
        replaced = replaced || (acted && (f->fault->seams() & discards) != 0);
    }
    if (replaced && is_token_request(c))
        c.realm().get<realm_faults>().count_faulted_token_request();
    co_return std::move(*answer);
}

fault_hits choose_faults(context& c, fault_plan const& plan, phase at, unsigned needs) {
    auto const facts = gather_facts(c, needs);
    return decide(plan, at, facts, c.guarded(), c.real_now());
}

// Where somebody must be asked what the request is about.
task<outcome<reply>> ask_and_run(context& c, http::handler const& next, plan_ptr plan, phase at,
                                 administrations const& to, unsigned needs) {
    auto const facts = co_await gather_facts(c, needs, to);
    auto v = decide(*plan, at, facts, c.guarded(), c.real_now());
    if (v.empty()) co_return co_await next(c);
    co_return co_await run_faults(c, next, std::move(v), to);
}

task<outcome<reply>> pass(context& c, http::handler const& next, phase at,
                          administrations const& to) {
    if (out_of_reach(c) || !c.realm_handle()) return next(c);
    auto& faults = c.realm().get<realm_faults>();
    if (at == phase::raw && is_token_request(c)) faults.count_token_request();
    auto const plan = faults.faults();
    if (!plan) return next(c);
    auto const needs = needs_of(*plan, at, c.endpoint(), c.guarded(), c.real_now());
    if ((needs & (need_family | need_flow)) != 0) return ask_and_run(c, next, plan, at, to, needs);
    auto v = choose_faults(c, *plan, at, needs);
    if (v.empty()) return next(c);
    return run_faults(c, next, std::move(v), to);
}

}  // namespace

http::layer raw_fault_layer(administrations to) {
    return [to](context& c, http::handler const& next) { return pass(c, next, phase::raw, to); };
}

http::layer semantic_fault_layer(administrations to) {
    return
        [to](context& c, http::handler const& next) { return pass(c, next, phase::semantic, to); };
}

}  // namespace tollgate::control
