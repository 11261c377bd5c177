#include "control/journal/journal.hpp"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tollgate::control {

namespace asio = boost::asio;

namespace {

http::exchange_facts const nothing_known;

bool fits(std::string const& wanted, std::string_view is) noexcept {
    return wanted.empty() || wanted == is;
}

// What an exchange came to: its error, its status where a fault answered without one, or "ok".
std::string_view outcome_of(event_type type, std::string_view outcome, std::string_view error,
                            std::string_view status) noexcept {
    if (type != event_type::exchange) return outcome;
    if (!error.empty()) return error;
    bool const failed = !status.empty() && status.front() >= '4';
    return failed ? status : std::string_view("ok");
}

}  // namespace

bool event_filter::wants(event_draft const& e) const noexcept {
    auto const& facts = e.facts ? *e.facts : nothing_known;
    auto const method = e.mcp_method.empty() ? std::string_view(facts.mcp_method) : e.mcp_method;
    auto const status = e.exchange ? e.exchange->response.start : std::string_view();
    return (!type || *type == e.type) && fits(endpoint, e.endpoint) &&
           fits(client_id, facts.client_id) && fits(mcp_method, method) &&
           fits(outcome, outcome_of(e.type, e.outcome, facts.error, status));
}

bool event_filter::wants(packed_event const& e) const noexcept {
    auto const came_to = outcome_of(e.type(), e.text(event_text::outcome),
                                    e.text(event_text::error), e.text(event_text::response_start));
    return (!type || *type == e.type()) && fits(endpoint, e.text(event_text::endpoint)) &&
           fits(client_id, e.text(event_text::client_id)) &&
           fits(mcp_method, e.text(event_text::mcp_method)) && fits(outcome, came_to);
}

recorded_event journal::record(event_draft const& e, std::string_view peer) {
    recorded_event made;
    std::lock_guard const lock(mutex_);
    made.flow =
        e.flow.empty() ? flows_.of(e.facts ? *e.facts : nothing_known, peer) : std::string(e.flow);
    packing const packed(e, made.flow);
    made.seq = next_++;
    events_.add(made.seq, packed);
    if (!watched_.empty()) tell_watchers(e);
    if (!waiting_.empty()) wake_locked();
    return made;
}

void journal::tell_watchers(event_draft const& e) {
    std::erase_if(watched_, [&](watched const& w) {
        auto const happened = w.happened.lock();
        if (!happened) return true;
        if (!w.wanted.wants(e)) return false;
        happened->store(true, std::memory_order_release);
        return true;
    });
}

void journal::note_delivery(std::uint64_t seq, delivery how) noexcept {
    std::lock_guard const lock(mutex_);
    events_.note_delivery(seq, how);
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
    std::vector<event_blocks::block> kept;
    since = std::max<std::uint64_t>(since, 1);
    {
        std::lock_guard const lock(mutex_);
        page.next = std::max(next_, since);
        auto const first = events_.empty() ? next_ : events_.first();
        page.dropped = first > since ? first - since : 0;
        kept = events_.blocks(since);
    }
    for (auto const& b : kept) {
        for (auto seq = std::max(since, b.first); seq < b.end(); ++seq) {
            auto const e = b.event(seq - b.first);
            if (wanted.wants(e)) page.events.push_back(e.unpack());
        }
    }
    return page;
}

std::uint64_t journal::next() const {
    std::lock_guard const lock(mutex_);
    return next_;
}

std::uint64_t journal::first() const {
    std::lock_guard const lock(mutex_);
    return events_.empty() ? next_ : events_.first();
}

event_batch journal::batch(std::uint64_t from, std::size_t most) const {
    std::vector<event_blocks::block> kept;
    {
        std::lock_guard const lock(mutex_);
        kept = events_.blocks(from);
    }
    event_batch made;
    made.first = from;
    for (auto const& b : kept) {
        if (made.how.empty()) made.first = std::max(from, b.first);
        if (b.first > made.end()) break;
        for (auto seq = made.end(); seq < b.end(); ++seq) {
            auto const packed = b.bytes_of(seq - b.first);
            if (!made.how.empty() && made.events.size() + packed.size() > most) return made;
            made.events += packed;
            made.how.push_back(b.entries[seq - b.first].how);
        }
    }
    return made;
}

std::vector<delivery> journal::deliveries(std::vector<std::uint64_t> const& of) const {
    std::vector<delivery> all;
    all.reserve(of.size());
    std::lock_guard const lock(mutex_);
    for (auto const seq : of)
        all.push_back(events_.how(seq));
    return all;
}

bool journal::restore(event_batch const& b) {
    std::vector<std::string_view> events;
    std::string_view rest = b.events;
    while (!rest.empty()) {
        auto const size = packed_size(rest);
        if (!size) return false;
        events.push_back(rest.substr(0, *size));
        rest.remove_prefix(*size);
    }
    if (events.size() != b.how.size()) return false;
    std::lock_guard const lock(mutex_);
    for (std::size_t i = 0; i < events.size(); ++i) {
        auto const seq = b.first + i;
        if (seq < next_) continue;
        packed_event const e(reinterpret_cast<std::byte const*>(events[i].data()), b.how[i]);
        flows_.note(e.text(event_text::flow), e.text(event_text::family),
                    e.text(event_text::client_id));
        events_.add(seq, events[i], b.how[i]);
        next_ = seq + 1;
    }
    next_ = std::max(next_, b.end());
    return true;
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

// A timer belongs to its executor: it is woken there.
void journal::wake_locked() {
    for (auto const& one : waiting_)
        if (auto const w = one.lock())
            asio::post(w->timer.get_executor(), [w] { w->timer.cancel(); });
    waiting_.clear();
}

}  // namespace tollgate::control
