#include "http/net/name_lookups.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>

#include <boost/asio/error.hpp>

namespace tollgate::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

asio::ip::address address_in(sockaddr const& from) {
    if (from.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &from, sizeof v4);
        return asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &from, sizeof v6);
    asio::ip::address_v6::bytes_type bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return asio::ip::address_v6(bytes, v6.sin6_scope_id);
}

// Signals are for the threads that expect them.
class no_signals {
public:
    no_signals() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~no_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    no_signals(no_signals const&) = delete;
    no_signals& operator=(no_signals const&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

error_code system_directory(std::string const& host, ip_addresses& into) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* all = nullptr;
    auto const failed = ::getaddrinfo(host.c_str(), nullptr, &hints, &all);
    if (failed == EAI_NONAME || failed == EAI_NODATA) return asio::error::host_not_found;
    if (failed != 0) return asio::error::host_not_found_try_again;
    for (auto const* one = all; one != nullptr; one = one->ai_next) {
        if (one->ai_family == AF_INET || one->ai_family == AF_INET6)
            into.push_back(address_in(*one->ai_addr));
    }
    ::freeaddrinfo(all);
    return into.empty() ? error_code(asio::error::host_not_found) : error_code();
}

// What the threads share with those who wait; lives as long as any of them.
struct name_lookups::lane {
    struct flight {
        std::string owner;
        std::vector<waiting*> waiters;
    };

    lane(name_directory a, bounds b) : ask(std::move(a)), most(b) {}

    bool has_room(std::string const& owner) const {
        auto const own = std::ranges::count(
            flights, owner,
            [](auto const& named) -> std::string const& { return named.second.owner; });
        return flights.size() < most.at_once && static_cast<std::size_t>(own) < most.per_owner;
    }

    name_directory const ask;
    bounds const most;
    mutable std::mutex mutex;
    std::unordered_map<std::string, flight> flights;  // by host
};

name_lookups::waiting::~waiting() {
    std::lock_guard const lock(lane_->mutex);
    auto const found = lane_->flights.find(host_);
    if (finished_ || found == lane_->flights.end()) return;
    std::erase(found->second.waiters, this);
}

bool name_lookups::waiting::finished() const {
    std::lock_guard const lock(lane_->mutex);
    return finished_;
}

name_lookups::name_lookups(name_directory ask, bounds b)
    : lane_(std::make_shared<lane>(std::move(ask), b)) {}

// The executor that `wake` posts to cannot end meanwhile: who waits there lets go first, which
// needs the same lock.
void name_lookups::run(std::shared_ptr<lane> const& on, std::string const& host) {
    ip_addresses found;
    auto const error = on->ask(host, found);
    std::lock_guard const lock(on->mutex);
    auto const at = on->flights.find(host);
    for (auto* const one : at->second.waiters) {
        one->finished_ = true;
        one->error_ = error;
        one->found_ = found;
        one->wake_();
    }
    on->flights.erase(at);
}

std::unique_ptr<name_lookups::waiting> name_lookups::start(std::string const& host,
                                                           std::string const& owner,
                                                           std::function<void()> wake) {
    auto one = std::make_unique<waiting>(lane_);
    one->host_ = host;
    one->wake_ = std::move(wake);
    std::unique_lock lock(lane_->mutex);
    auto const under_way = lane_->flights.find(host);
    if (under_way != lane_->flights.end()) {
        under_way->second.waiters.push_back(one.get());
        return one;
    }
    if (lane_->has_room(owner)) {
        try {
            no_signals const meanwhile;
            lane_->flights[host] = lane::flight{owner, {one.get()}};
            std::thread([on = lane_, host] { run(on, host); }).detach();
            return one;
        } catch (std::system_error const&) {  // no thread is to be had
            lane_->flights.erase(host);
        }
    }
    lock.unlock();  // which the end of `one` takes
    return nullptr;
}

std::size_t name_lookups::under_way() const {
    std::lock_guard const lock(lane_->mutex);
    return lane_->flights.size();
}

}  // namespace tollgate::http
