#include "http/server/server.hpp"

#include <algorithm>
#include <mutex>
#include <thread>

#include <boost/asio/ssl/context.hpp>

#include "http/net/listening.hpp"
#include "http/net/tls.hpp"
#include "http/server/core.hpp"

namespace tollgate::http {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

// When every connection has ended, work that others started on the cores may go on this long.
constexpr auto longest_linger = 1s;
constexpr auto shortest_linger = 100ms;

}  // namespace

struct server::impl {
    explicit impl(options o);

    void drained();
    void serve();

    shared_state shared;
    std::vector<std::unique_ptr<core>> cores;
    std::atomic<int> stops{0};
    std::atomic<std::size_t> still_serving{0};
    std::atomic<steady::time_point> deadline{steady::time_point::max()};
};

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
    std::vector<boost::asio::io_context*> contexts;
    for (auto const& one : impl_->cores)
        contexts.push_back(&one->io());
    auto bound = bind_listeners(where, contexts);

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

void server::close(std::shared_ptr<listener_info> const& listener) {
    for (auto& one : impl_->cores)
        one->close(listener);
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
