#include "control/faults/layers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/metrics.hpp"
#include "control/faults/action.hpp"
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

void note_fault(context& c, fault const& f) {
    faults_fired.add();
    c.note("fault", f.settings().name);
}

// A wait that ends early when the peer goes away.
task<void> pause(context& c, std::chrono::milliseconds d) {
    if (d.count() == 0) co_return;
    boost::asio::steady_timer timer(c.executor(), d);
    auto const token = boost::asio::as_tuple(boost::asio::use_awaitable);
    [[maybe_unused]] auto const done = co_await timer.async_wait(token);
}

outcome<reply> answer_of(context const& c, action const& a, mcp::administration const* mcp) {
    if (a.answer == action::answer::canned) return canned_reply(a);
    std::vector<std::string> scopes = a.scopes;
    if (scopes.empty() && mcp != nullptr) scopes = mcp->current_policy(c.realm())->scopes;
    if (a.answer == action::answer::insufficient_scope) {
        return http::challenge::insufficient_scope(c, scopes);
    }
    return http::challenge::invalid_token(c, scopes, "refused by a fault");
}

// What stage replace, after_commit and mutate make of the handler's answer. `replaced` becomes
// true when it was thrown away.
outcome<reply> after_handler(context& c, outcome<reply> out, fault const& f,
                             mcp::administration const* mcp, bool& replaced) {
    auto const& a = f.settings().action;
    auto const at = f.settings().at;
    // Made bytes of here already: what a fault alters is an answer.
    if (!out) {
        auto const wrong = out.error();
        c.note("error", wrong.error());
        out = http::render(wrong);
    }
    bool acts = is_among(*out, at == stage::after_commit ? answers::success : a.only);
    if (acts && at == stage::mutate) {
        acts = alter(*out, a);
    } else if (acts && a.answer != action::answer::none) {
        out = answer_of(c, a, mcp);
        replaced = true;
    }
    if (acts) {
        note_fault(c, f);
    } else {
        c.note("fault_without_effect", f.settings().name);
    }
    return out;
}

// A request that at least one fault acts on. `v` is taken by value: it lives in this frame.
task<outcome<reply>> run_faults(context& c, http::handler const& next, fault_hits v,
                                mcp::administration const* mcp) {
    std::optional<outcome<reply>> injected;
    bool answered = false;
    for (auto const& f : v.before) {
        auto const& a = f->settings().action;
        note_fault(c, *f);
        co_await pause(c, a.delay);
        if (a.answer != action::answer::none) injected.emplace(answer_of(c, a, mcp));
    }
    answered = injected.has_value();
    if (!injected) {
        auto handled = co_await next(c);
        injected.emplace(std::move(handled));
    }
    // The innermost first, so that the outermost has the last word.
    for (auto f = v.after.rbegin(); f != v.after.rend(); ++f) {
        auto const delay = (*f)->settings().action.delay;
        co_await pause(c, delay);
        auto changed = after_handler(c, std::move(*injected), **f, mcp, answered);
        injected.emplace(std::move(changed));
    }
    if (answered && is_token_request(c))
        c.realm().get<realm_faults>().count_faulted_token_request();
    co_return std::move(*injected);
}

fault_hits choose_faults(context& c, fault_plan const& plan, phase at) {
    auto const now = c.now();
    auto const needs = needs_of(plan, at, c.endpoint(), c.guarded(), now);
    auto const facts = gather_facts(c, needs);
    return decide(plan, at, facts, c.guarded(), now);
}

task<outcome<reply>> pass(context& c, http::handler const& next, phase at,
                          mcp::administration const* mcp) {
    if (out_of_reach(c) || !c.realm_handle()) return next(c);
    auto& faults = c.realm().get<realm_faults>();
    if (at == phase::raw && is_token_request(c)) faults.count_token_request();
    auto const plan = faults.faults();
    if (!plan) return next(c);
    auto v = choose_faults(c, *plan, at);
    if (v.empty()) return next(c);
    return run_faults(c, next, std::move(v), mcp);
}

}  // namespace

http::layer raw_fault_layer() {
    return [](context& c, http::handler const& next) { return pass(c, next, phase::raw, nullptr); };
}

http::layer semantic_fault_layer(mcp::administration const& mcp) {
    return [&mcp](context& c, http::handler const& next) {
        return pass(c, next, phase::semantic, &mcp);
    };
}

}  // namespace tollgate::control
