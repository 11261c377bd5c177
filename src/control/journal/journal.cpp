#include "control/journal/journal.hpp"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/metrics.hpp"

namespace tollgate::control {

namespace asio = boost::asio;

namespace {

metric pushed_out(metric::kind::counter, "tollgate_journal_dropped_total",
                  "Events that were pushed out of a full journal.");

std::size_t size_of(recorded_message const& m) noexcept {
    return m.start.size() + m.fields.size() + m.body.size();
}

}  // namespace

std::size_t event::bytes() const noexcept {
    constexpr std::size_t overhead = sizeof(event) + 64;
    auto const texts = {&endpoint,         &flow,           &outcome,         &stream_event,
                        &stream_id,        &stream_data,    &facts.client_id, &facts.subject,
                        &facts.grant_type, &facts.family,   &facts.session,   &facts.mcp_method,
                        &facts.tool,       &facts.decision, &facts.error,     &facts.refused_by};
    std::size_t told = 0;
    for (auto const* text : texts)
        told += text->size();
    for (auto const& fault : facts.faults)
        told += sizeof fault + fault.size();
    auto const both = exchange ? sizeof(recorded_exchange) + size_of(exchange->request) +
                                     size_of(exchange->response)
                               : 0;
    return overhead + told + both;
}

namespace {

std::string_view outcome_of(event const& e) noexcept {
    if (e.type != event_type::exchange) return e.outcome;
    return e.facts.error.empty() ? std::string_view("ok") : std::string_view(e.facts.error);
}

}  // namespace

bool event_filter::wants(event const& e) const noexcept {
    return (!type || *type == e.type) && (endpoint.empty() || endpoint == e.endpoint) &&
           (client_id.empty() || client_id == e.facts.client_id) &&
           (mcp_method.empty() || mcp_method == e.facts.mcp_method) &&
           (outcome.empty() || outcome == outcome_of(e));
}

event_ptr journal::record(event e, std::string_view peer) {
    std::lock_guard const lock(mutex_);
    e.seq = next_++;
    if (e.flow.empty()) e.flow = flows_.of(e, peer);
    auto kept = std::make_shared<event const>(std::move(e));
    bytes_ += kept->bytes();
    events_.push_back(kept);
    while (bytes_ > capacity_ && !events_.empty()) {
        bytes_ -= events_.front()->bytes();
        events_.pop_front();
        pushed_out.add();
    }
    std::erase_if(watched_, [&](watched const& w) {
        auto const happened = w.happened.lock();
        if (!happened) return true;
        if (!w.wanted.wants(*kept)) return false;
        happened->store(true, std::memory_order_release);
        return true;
    });
    wake_locked();
    return kept;
}

std::shared_ptr<std::atomic<bool> const> journal::watch(event_filter wanted) {
    auto happened = std::make_shared<std::atomic<bool>>(false);
    std::lock_guard const lock(mutex_);
    watched_.push_back({std::move(wanted), happened});
    return happened;
}

std::string journal::flow_of(http::exchange_facts const& known, std::string_view peer) const {
    std::lock_guard const lock(mutex_);
    return flows_.known(known, peer);
}

event_page journal::read(std::uint64_t since, event_filter const& wanted) const {
    event_page page;
    std::lock_guard const lock(mutex_);
    since = std::max<std::uint64_t>(since, 1);
    page.next = std::max(next_, since);
    auto const first = events_.empty() ? next_ : events_.front()->seq;
    page.dropped = first > since ? first - since : 0;
    auto const begin = static_cast<std::size_t>(since > first ? since - first : 0);
    for (auto at = begin; at < events_.size(); ++at)
        if (wanted.wants(*events_[at])) page.events.push_back(events_[at]);
    return page;
}

std::uint64_t journal::next() const {
    std::lock_guard const lock(mutex_);
    return next_;
}

task<void> journal::wait_for(std::uint64_t number, std::chrono::steady_clock::time_point deadline,
                             asio::any_io_executor on) {
    auto const me = std::make_shared<waiter>(std::move(on), deadline);
    {
        std::lock_guard const lock(mutex_);
        if (next_ > number) co_return;
        waiting_.push_back(me);
    }
    auto const token = asio::as_tuple(asio::use_awaitable);
    [[maybe_unused]] auto const woken = co_await me->timer.async_wait(token);
}

void journal::wake() {
    std::lock_guard const lock(mutex_);
    wake_locked();
}

void journal::clear() {
    std::lock_guard const lock(mutex_);
    events_.clear();
    bytes_ = 0;
    flows_ = {};
}

// A timer belongs to its executor: it is woken there.
void journal::wake_locked() {
    for (auto const& one : waiting_)
        if (auto const w = one.lock())
            asio::post(w->timer.get_executor(), [w] { w->timer.cancel(); });
    waiting_.clear();
}

}  // namespace tollgate::control
