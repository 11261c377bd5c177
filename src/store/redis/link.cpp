#include "store/redis/link.hpp"

#include <algorithm>
#include <future>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/post.hpp>

#include "base/log/log.hpp"
#include "http/net/tls.hpp"
#include "store/waiter.hpp"

namespace tollgate::oauth::redis {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds longest_call{30'000};
constexpr milliseconds longest_urgent_call{5'000};
constexpr milliseconds between_attempts{50};
constexpr int most_turns = 32;
constexpr std::size_t most_lanes = 2'000;  // a cluster has at most 1,000 masters
constexpr std::size_t most_put_off = 10'000;

// Not yet, says the server.
bool is_for_now(std::string_view code) noexcept {
    return code == "TRYAGAIN" || code == "CLUSTERDOWN" || code == "LOADING" ||
           code == "MASTERDOWN" || code == "BUSY" || code == "READONLY";
}

std::string_view word(std::string_view text, int n) noexcept {
    for (; n > 0; --n) {
        auto const space = text.find(' ');
        if (space == std::string_view::npos) return {};
        text.remove_prefix(space + 1);
    }
    return text.substr(0, text.find(' '));
}

}  // namespace

link::link(url server, std::string const& ca_file, milliseconds timeout)
    : work_(io_.get_executor()) {
    how_.server = std::move(server);
    how_.timeout = timeout;
    if (how_.server.tls) how_.tls = http::make_client_tls(ca_file);
    thread_ = std::thread([this] { io_.run(); });
}

link::~link() {
    stop();
}

void link::stop() {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] {
        stopping_ = true;
        later_.cancel();
        for (auto const& one : std::exchange(put_off_, {}))
            one->tell(answer::failed("the store is being closed"));
        for (auto const& [name, one] : lanes_)
            one->stop();
        work_.reset();
    });
    thread_.join();
}

call_ptr link::make(request r, std::function<void(answer)> done) const {
    auto life = r.takes_long ? longest_call : how_.timeout;
    if (r.is_urgent) life = std::min(life, longest_urgent_call);
    return std::make_shared<call>(std::move(r), steady::now() + life, std::move(done));
}

void link::submit(call_ptr one) {
    if (one->what.needs_lock && !is_allowed())
        return one->tell(answer::failed("this process does not hold the lock of the database now"));
    asio::post(io_, [this, one = std::move(one)] { route(one); });
}

task<outcome<answer>> link::ask(request r) {
    auto begin = [this, r = std::move(r)](auto handler) mutable {
        auto const slot = asio::get_associated_cancellation_slot(handler);
        auto const who = std::make_shared<waiter<answer, decltype(handler)>>(std::move(handler));
        auto one = make(std::move(r), [who](answer a) { who->tell(std::move(a)); });
        if (slot.is_connected()) {
            auto give_up = [here = std::weak_ptr<call>(one)](asio::cancellation_type) {
                if (auto const still = here.lock()) still->give_up();
            };
            asio::cancellation_slot(slot).assign(std::move(give_up));
        }
        submit(std::move(one));
    };
    auto waited = wait_for<answer>(std::move(begin));
    co_return co_await std::move(waited);
}

answer link::ask_now(request r) {
    auto const promise = std::make_shared<std::promise<answer>>();
    auto found = promise->get_future();
    submit(make(std::move(r), [promise](answer a) { promise->set_value(std::move(a)); }));
    return found.get();
}

// Who is said to have the slot; else the server that is configured, or one that can be asked.
address const& link::node_for(call const& one) const {
    if (auto const known = slots_.find(one.what.slot); known != slots_.end()) return known->second;
    auto const first = lanes_.find(lane_name(how_.server.where.text(), one.what.takes_long));
    if (first == lanes_.end() || first->second->is_open()) return how_.server.where;
    for (auto const& [name, other] : lanes_)
        if (other->is_open()) return other->node();
    return how_.server.where;
}

lane& link::lane_to(address const& node, bool takes_long) {
    auto& found = lanes_[lane_name(node.text(), takes_long)];
    if (!found) {
        lane_owner& us = *this;
        found = std::make_shared<lane>(io_, node, takes_long, how_, names_, us);
        found->start();
    }
    return *found;
}

void link::route(call_ptr const& one) {
    if (one->told()) return;
    if (stopping_) return one->tell(answer::failed("the store is being closed"));
    auto const node = node_for(*one);
    lane_to(node, one->what.takes_long).submit(one);
}

void link::replied(lane& from, call_ptr const& one, reply r) {
    auto const code = r.code();
    if (code == "NOSCRIPT" && !one->as_text) {
        one->as_text = true;
        return from.submit(one);
    }
    if (code == "MOVED" || code == "ASK") return redirect(from, one, r);
    if (is_for_now(code) && patient_) {
        // It was a master before: whoever is one now is found on a new connection.
        if (code == "READONLY") {
            forget(from.node());
            from.drop("the server has become a replica");
        }
        return ask_later(one);
    }
    if (one->what.changes && r.item(0) == "late") return ask_again(from, one, r);
    one->tell(answer(std::move(r)));
}

// "MOVED 3999 127.0.0.1:6381"
void link::redirect(lane& from, call_ptr const& one, reply const& r) {
    address to;
    bool const can = read_address(word(r.text, 2), from.node().host, to) &&
                     ++one->turns <= most_turns && lanes_.size() < most_lanes;
    if (!can) return one->tell(answer(r));
    one->asking = r.code() == "ASK";
    if (!one->asking) slots_[one->what.slot] = to;
    lane_to(to, one->what.takes_long).submit(one);
}

// Late by a clock of the server that was set, or really.
void link::ask_again(lane& from, call_ptr const& one, reply const& r) {
    from.learn_time(r.item(1), r.item(2));
    auto const now = steady::now();
    if (now >= one->until || now >= allowed_until_.load() || ++one->turns > most_turns)
        return one->tell(answer::failed(from.node().text() + " was asked too late"));
    from.submit(one);
}

void link::ask_later(call_ptr const& one) {
    if (steady::now() + between_attempts >= one->until || put_off_.size() >= most_put_off)
        return one->tell(
            answer::failed("the server is not ready, for longer than a call may take"));
    one->asking = false;
    one->turns = 0;
    put_off_.push_back(one);
    if (put_off_.size() > 1) return;
    later_.expires_after(between_attempts);
    later_.async_wait([this](error_code const&) {
        for (auto const& each : std::exchange(put_off_, {}))
            route(each);
    });
}

void link::forget(address const& node) {
    std::erase_if(slots_, [&](auto const& slot) { return slot.second == node; });
}

void link::opened(lane& which) {
    ++open_lanes_;
    log(log_level::info, "store_connected", {{"node", which.node().text()}});
}

void link::closed(lane& which, std::string const& why) {
    open_lanes_ = 0;
    for (auto const& [name, one] : lanes_)
        if (one->is_open()) ++open_lanes_;
    log(log_level::warning, "store_not_connected", {{"node", which.node().text()}, {"why", why}});
    forget(which.node());
    for (auto const& one : which.take_back()) {
        if (patient_)
            route(one);
        else
            one->tell(answer::failed(why));
    }
    drop_if_left(which);
}

// A node that a cluster has no more is not asked for ever whether it is back: who needs it is told
// its address again.
void link::drop_if_left(lane& which) {
    if (stopping_ || which.node() == how_.server.where) return;
    auto const at = lanes_.find(lane_name(which.node().text(), which.is_long()));
    if (at == lanes_.end() || at->second.get() != &which || which.has_calls()) return;
    which.stop();
    lanes_.erase(at);
}

}  // namespace tollgate::oauth::redis
