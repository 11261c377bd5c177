// Requests that another instance answers: its bytes go to the client as they come, and the
// connection ends, or goes on, as it says. And the other side of that.
#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "http/relay/passing.hpp"
#include "http/relay/pool.hpp"
#include "http/relay/preamble.hpp"
#include "http/server/connection.hpp"
#include "http/server/core.hpp"

namespace tollgate::http {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

metric passed_on(metric::kind::counter, "tollgate_requests_passed_on_total",
                 "Requests that another instance was asked to answer.");

// A realm that is just let go of has its next owner within that time.
constexpr auto longest_search = 2s;
constexpr std::chrono::milliseconds first_pause_of_search = 50ms;
constexpr std::chrono::milliseconds longest_pause_of_search = 400ms;

// As it came; of a chunked one the chunks are others.
std::string body_as_sent(request const& r) {
    if (!r.has("Transfer-Encoding")) return std::string(r.body);
    if (r.body.empty()) return "0\r\n\r\n";
    static constexpr char hex[] = "0123456789abcdef";
    std::string size;
    for (auto n = r.body.size(); n != 0; n >>= 4)
        size.insert(size.begin(), hex[n & 15]);
    return size + "\r\n" + std::string(r.body) + "\r\n0\r\n\r\n";
}

}  // namespace

// Asks again while nobody has acted on it; what may have been acted upon is sent to nobody else.
task<bool> connection::pass_on(reply& r) {
    if (is_passed()) {
        not_mine_ = true;
        co_return false;
    }
    auto const until = steady::now() + longest_search;
    for (auto pause = first_pause_of_search;;
         pause = std::min(2 * pause, longest_pause_of_search)) {
        auto const* const order = order_in(r);
        auto const came = co_await relay(*order);
        if (came == relayed::keep) co_return !leaving();
        if (came == relayed::over) co_return false;
        if (came != relayed::unknown) order->failed(came != relayed::unreachable);
        if (came == relayed::unknown || steady::now() + pause >= until) {
            auto const told = co_await send_otherwise(*order);
            co_return told;
        }
        co_await wait(pause);
        if (cut_) co_return false;
        reply next = co_await ask_service();
        r = std::move(next);
        if (cut_) co_return false;
        if (r.stream && order_in(r) != nullptr) continue;
        auto const sent = co_await send(r);
        co_return sent;
    }
}

task<bool> connection::send_otherwise(passing_order const& order) {
    polite_ = true;
    auto instead = order.otherwise();
    auto const sent = co_await send(instead);
    co_return sent;
}

task<connection::relayed> connection::relay(passing_order const& order) {
    auto& pool = relay_pool::of(executor_);
    error_code ec;
    auto instance = order.instance;
    auto address = order.address;
    auto const link = co_await pool.take(std::move(instance), std::move(address), executor_, ec);
    if (!link) {
        log(log_level::debug, "instance_not_reached",
            {{"address", order.address}, {"why", ec.message()}});
        co_return relayed::unreachable;
    }
    passed_on.add();
    auto const& asked = reader_.request();
    relay_preamble about{asked.peer, *listener_};
    auto const preamble = text_of(about);
    auto const body = body_as_sent(asked);
    carried_any_ = false;
    co_await link->send(preamble, reader_.head(), body, ec);
    link_ = link.get();
    if (leaving()) link_->ask_to_close();
    // Where it could not be sent the other may still have said that it is not the one.
    auto came = co_await carry(*link, false);
    if (came == relayed::going) came = co_await carry_watched(*link);
    link_ = nullptr;
    pool.put(link);
    co_return came;
}

// Until the exchange is over, or the client is to be watched, which it is not twice.
task<connection::relayed> connection::carry(relay_link& link, bool watched) {
    for (;;) {
        error_code ec;
        auto const next = co_await link.next(ec);
        if (ec || cut_) co_return broken();
        if (next.what == relay_mark::watch && watched) continue;
        if (next.what == relay_mark::watch) co_return relayed::going;
        if (next.what == relay_mark::ended) co_return end_as(next.number);
        if (next.what == relay_mark::not_mine && !carried_any_) co_return relayed::not_mine;
        if (next.what != stream_io::data_frame) {
            link.close();
            co_return broken();
        }
        carried_any_ = true;
        pieces const all{asio::buffer(next.data), {}};
        bool const sent = co_await write(all);
        if (sent) continue;
        link.close();
        polite_ = false;
        co_return relayed::over;
    }
}

// The other instance is gone.
connection::relayed connection::broken() noexcept {
    polite_ = false;
    return carried_any_ || cut_ ? relayed::over : relayed::unknown;
}

connection::relayed connection::end_as(std::uint32_t number) noexcept {
    auto const how = static_cast<relay_end>(number);
    polite_ = how == relay_end::keep || how == relay_end::close;
    if (how == relay_end::reset) reset();
    return how == relay_end::keep ? relayed::keep : relayed::over;
}

task<connection::relayed> connection::carry_watched(relay_link& link) {
    peer_gone_ = false;
    auto carry_work = carry(link, true);
    auto watch_work = watch();
    auto carrying = asio::co_spawn(executor_, std::move(carry_work), asio::deferred);
    auto watching = asio::co_spawn(executor_, std::move(watch_work), asio::deferred);
    auto both = asio::experimental::make_parallel_group(std::move(carrying), std::move(watching));
    asio::experimental::wait_for_one const first_ends_both;
    auto const result = co_await both.async_wait(first_ends_both, asio::use_awaitable);
    bool const client_went = peer_gone_ || cut_ || std::get<1>(result) != nullptr;
    if (!client_went) co_return std::get<2>(result);
    link.close();
    polite_ = false;
    co_return relayed::over;
}

task<void> connection::ask_to_watch() {
    error_code ignored;
    co_await io_.write_mark(relay_mark::watch, 0, ignored);
}

task<void> connection::run_passed() {
    io_.frame_writes();
    bool open = co_await receive();
    bool const whole = open;
    // A drain came before it was read: nothing was done.
    if (!whole && leaving() && reader_.idle()) not_mine_ = true;
    if (open) open = co_await answer();
    if (cut_) co_return;
    auto how = relay_end::abort;
    if (open)
        how = relay_end::keep;
    else if (reset_)
        how = relay_end::reset;
    else if (polite_)
        how = relay_end::close;
    due(steady::now() + core_.shared().limits.write_timeout);
    error_code ec;
    if (not_mine_)
        co_await io_.write_mark(relay_mark::not_mine, 0, ec);
    else
        co_await io_.write_mark(relay_mark::ended, static_cast<std::uint32_t>(how), ec);
    not_due();
    may_follow_ = whole && !ec && !peer_gone_;
    if (!may_follow_) io_.close();
}

}  // namespace tollgate::http
