#include "http/server/server.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <semaphore>
#include <set>
#include <thread>

#include <boost/asio/ssl/context.hpp>

#include "http/net/listening.hpp"
#include "http/net/tls.hpp"
#include "http/relay/pool.hpp"
#include "http/server/core.hpp"

namespace tollgate::http {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

// When every connection has ended, work that others started on the cores may go on this long.
constexpr auto longest_linger = 1s;
constexpr auto shortest_linger = 100ms;

// How long the cores may take to treat a listener otherwise.
constexpr auto longest_turn = 5s;

// The sockets of a listener that accepts nobody. Closed in the other order.
struct kept_port {
    std::vector<tcp::acceptor> sockets;
    std::vector<tcp::socket> fillers;
};

kept kept_as(listener_conduct::manner how) noexcept {
    using manner = listener_conduct::manner;
    if (how == manner::refuse) return kept::closed;
    return how == manner::no_accept ? kept::unaccepted : kept::full;
}

listen_address address_of(listener_info const& l) {
    return parse_listen_address(l.host + ':' + std::to_string(l.port));
}

}  // namespace

struct server::impl {
    explicit impl(options o);

    void drained();
    void serve();
    std::vector<boost::asio::io_context*> contexts() const;
    void on_all_cores(std::shared_ptr<listener_info> const& l, conduct_ptr how, bool keep_sound);
    void keep(std::shared_ptr<listener_info> const& l, kept how);
    void reopen(std::shared_ptr<listener_info> const& l);
    bool is_kept(std::shared_ptr<listener_info> const& l);
    void hold(std::shared_ptr<listener_info> const& l, kept_port ports);
    void let_go(std::shared_ptr<listener_info> const& l);
    void note_closed(std::shared_ptr<listener_info> const& l);
    bool is_closed(std::shared_ptr<listener_info> const& l);

    shared_state shared;
    std::vector<std::unique_ptr<core>> cores;
    std::atomic<int> stops{0};
    std::atomic<std::size_t> still_serving{0};
    std::atomic<steady::time_point> deadline{steady::time_point::max()};
    std::mutex kept_mutex;
    std::map<std::shared_ptr<listener_info>, kept_port> kept_ports;  // goes before the cores
    // Those that close() was called for: it may meet a conduct() that is under way.
    std::set<std::weak_ptr<listener_info>, std::owner_less<>> closed;
};

std::vector<boost::asio::io_context*> server::impl::contexts() const {
    std::vector<boost::asio::io_context*> all;
    for (auto const& one : cores)
        all.push_back(&one->io());
    return all;
}

// A core that does not run, or no longer, has no connections either.
void server::impl::on_all_cores(std::shared_ptr<listener_info> const& l, conduct_ptr how,
                                bool keep_sound) {
    auto const done = std::make_shared<std::counting_semaphore<>>(0);
    for (auto& one : cores)
        one->conduct(l, how, keep_sound, [done] { done->release(); });
    auto const deadline = steady::now() + longest_turn;
    for (std::size_t i = 0; i < cores.size(); ++i)
        static_cast<void>(done->try_acquire_until(deadline));
}

bool server::impl::is_kept(std::shared_ptr<listener_info> const& l) {
    std::scoped_lock const lock(kept_mutex);
    return kept_ports.contains(l);
}

void server::impl::hold(std::shared_ptr<listener_info> const& l, kept_port ports) {
    std::scoped_lock const lock(kept_mutex);
    if (!closed.contains(l)) kept_ports.insert_or_assign(l, std::move(ports));
}

void server::impl::note_closed(std::shared_ptr<listener_info> const& l) {
    std::scoped_lock const lock(kept_mutex);
    std::erase_if(closed, [](auto const& one) { return one.expired(); });
    closed.insert(l);
}

bool server::impl::is_closed(std::shared_ptr<listener_info> const& l) {
    std::scoped_lock const lock(kept_mutex);
    return closed.contains(l);
}

void server::impl::let_go(std::shared_ptr<listener_info> const& l) {
    std::scoped_lock const lock(kept_mutex);
    kept_ports.erase(l);
}

// First the port is ours by other sockets, then nobody listens there, then they may.
void server::impl::keep(std::shared_ptr<listener_info> const& l, kept how) {
    kept_port mine;
    mine.sockets = keep_port(address_of(*l), cores.front()->io());
    let_go(l);
    for (auto& one : cores)
        one->close(l);
    on_all_cores(l, nullptr, false);
    try {
        mine.fillers = leave_waiting(mine.sockets, how);
    } catch (...) {
        hold(l, std::move(mine));  // so that it can be reopened
        throw;
    }
    hold(l, std::move(mine));
}

void server::impl::reopen(std::shared_ptr<listener_info> const& l) {
    auto bound = bind_kept_port(address_of(*l), contexts());
    for (auto& acceptors : bound)
        for (std::size_t i = 0; i < acceptors.size(); ++i)
            cores[i]->open(std::move(acceptors[i]), l);
    let_go(l);
    if (!is_closed(l)) return;
    for (auto& one : cores)
        one->close(l);
}

server::impl::impl(options o) {
    shared.limits = o.limits;
    if (!o.tls.certificate.empty()) shared.tls = make_server_tls(o.tls);
    shared.core_drained = [this] { drained(); };
    auto const workers =
        o.workers != 0 ? o.workers : std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < workers; ++i)
        cores.push_back(std::make_unique<core>(shared));
    still_serving = workers;
}

// A connection of one core may wait for work on another: all leave together.
void server::impl::drained() {
    if (still_serving.fetch_sub(1) != 1) return;
    auto const now = steady::now();
    steady::duration const left = deadline.load() - now;
    auto const linger = std::clamp<steady::duration>(left, shortest_linger, longest_linger);
    for (auto& one : cores)
        one->leave(now + linger);
}

void server::impl::serve() {
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < cores.size(); ++i)
        threads.emplace_back([one = cores[i].get()] { one->run(); });
    cores.front()->run();
    for (auto& t : threads)
        t.join();
}

server::server(options o) : impl_(std::make_unique<impl>(std::move(o))) {}

server::~server() = default;

std::shared_ptr<listener_info> server::listen(std::string const& address, site at,
                                              std::function<void(listener_info&)> const& prepare) {
    auto where = parse_listen_address(address);
    auto bound = bind_listeners(where, impl_->contexts());

    auto info = std::make_shared<listener_info>();
    info->at = at;
    info->tls = impl_->shared.tls != nullptr;
    info->loopback = where.loopback;
    info->host = where.host;
    info->port = where.port;
    if (prepare) prepare(*info);
    for (auto& acceptors : bound)
        for (std::size_t i = 0; i < acceptors.size(); ++i)
            impl_->cores[i]->open(std::move(acceptors[i]), info);
    return info;
}

std::string server::listen_for_instances(std::string const& address,
                                         std::shared_ptr<relay_terms const> terms) {
    auto const info = listen(address, site::shared);
    impl_->shared.instance_door = info;
    for (auto const& one : impl_->cores)
        relay_pool::of(one->io().get_executor()).set_terms(terms);
    return info->host + ':' + std::to_string(info->port);
}

void server::conduct(std::shared_ptr<listener_info> const& listener, listener_conduct how) {
    if (how.accepts_nobody()) return impl_->keep(listener, kept_as(how.how));
    conduct_ptr ready;
    if (how.how != listener_conduct::manner::serve)
        ready = make_conduct(std::move(how), *listener, impl_->shared.tls);
    if (impl_->is_kept(listener)) impl_->reopen(listener);
    // What a fault spared when it was over already needs no end.
    bool const keep_sound = ready == nullptr;
    impl_->on_all_cores(listener, std::move(ready), keep_sound);
}

void server::close(std::shared_ptr<listener_info> const& listener) {
    impl_->note_closed(listener);
    impl_->let_go(listener);
    for (auto& one : impl_->cores)
        one->close(listener);
}

void server::serve_passed(service s) {
    impl_->shared.serve_passed = std::move(s);
}

void server::run(service s) {
    impl_->shared.serve = std::move(s);
    impl_->serve();
}

void server::stop(std::chrono::milliseconds grace) {
    // Who asks twice does not want to wait.
    if (impl_->stops.fetch_add(1) != 0) {
        impl_->deadline = steady::now();
        for (auto& one : impl_->cores)
            one->cut();
        return;
    }
    auto const deadline = steady::now() + grace;
    impl_->deadline = deadline;
    for (auto& one : impl_->cores)
        one->drain(deadline);
}

boost::asio::any_io_executor server::executor() {
    return impl_->cores.front()->io().get_executor();
}

std::size_t server::open_connections() const noexcept {
    return impl_->shared.open.load(std::memory_order_relaxed);
}

}  // namespace tollgate::http
