#include "http/client/exchange.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/message/url.hpp"
#include "http/net/address_guard.hpp"
#include "http/net/tls.hpp"

namespace tollgate::http {

namespace asio = boost::asio;
using asio::redirect_error;
using asio::use_awaitable;

namespace {

// The peer went away: what a connection says that was closed while it was idle.
bool is_stale(error_code const& ec) {
    return ec == asio::error::eof || ec == asio::error::connection_reset ||
           ec == asio::error::broken_pipe || ec == asio::error::not_connected;
}

}  // namespace

// Until the addresses are there or the time is over; the look-up itself goes on by itself.
class client_exchange::lookup : public std::enable_shared_from_this<lookup> {
public:
    explicit lookup(asio::any_io_executor const& executor)
        : executor_(executor), done_(executor, asio::steady_timer::time_point::max()) {}

    // False when there is no place for it.
    bool start(name_lookups& names, std::string const& host, std::string const& owner) {
        // Called on the thread of the look-up: only the executor may touch the timer, and whoever
        // waited may be gone.
        auto wake = [executor = executor_, here = weak_from_this()] {
            asio::post(executor, [here] {
                if (auto const still = here.lock()) still->done_.cancel();
            });
        };
        answer_ = names.start(host, owner, std::move(wake));
        return answer_ != nullptr;
    }
    asio::steady_timer& done() noexcept { return done_; }
    name_lookups::waiting const& answer() const noexcept { return *answer_; }

private:
    asio::any_io_executor executor_;
    asio::steady_timer done_;
    std::unique_ptr<name_lookups::waiting> answer_;  // goes first
};

// Names of ours are few, those of the configuration; a name that strangers chose takes as long as
// its owner wants.
client_shared::client_shared(client::options o)
    : options(std::move(o)),
      our_names_(options.directory, {.at_once = 64, .per_owner = 64}),
      names_of_strangers_(options.directory, {.at_once = 8, .per_owner = 4}) {}

asio::ssl::context& client_shared::tls_context() {
    std::call_once(made_, [this] { tls_ = make_client_tls(options.extra_ca_file); });
    return *tls_;
}

std::string target::pool_key() const {
    return (tls ? "https " : "http ") + host + ' ' + std::to_string(port);
}

client_exchange::client_exchange(client_shared& shared, asio::any_io_executor executor,
                                 outbound what, target where)
    : shared_(shared),
      executor_(std::move(executor)),
      what_(std::move(what)),
      where_(std::move(where)),
      timer_(executor_) {}

void client_exchange::start_timer() {
    timer_.expires_after(what_.timeout);
    timer_.async_wait([self = shared_from_this()](error_code const& ec) {
        if (!ec) self->expire();
    });
}

void client_exchange::finish() noexcept {
    timer_.cancel();
    lookup_.reset();
    connecting_.reset();
    io_.reset();
}

void client_exchange::expire() {
    expired_ = true;
    error_code ignored;
    if (lookup_) lookup_->done().cancel();
    if (connecting_) connecting_->close(ignored);
    if (io_) io_->close();
}

error_code client_exchange::why(error_code ec) const {
    return expired_ ? error_code(asio::error::timed_out) : ec;
}

bool client_exchange::may_repeat() const noexcept {
    // RFC 9110 §9.2.2, RFC 5789 §2: all but these two are idempotent.
    return what_.repeatable || (what_.method != verb::post && what_.method != verb::patch);
}

task<client_exchange::result> client_exchange::run() {
    auto& pool = client_pool::of(executor_);
    auto const key = where_.pool_key();
    // Nobody checked the address of a connection that is there already.
    bool const shares = what_.reach == allowed_addresses::anywhere;
    if (shares) io_ = pool.take(*shared_.mark, key);
    bool const reused = io_ != nullptr;
    client_response got;
    error_code ec;
    if (reused) ec = co_await talk(got);
    // RFC 9110 §9.2.2: sent again only when that does no harm and nothing of the answer was read.
    if (!reused || (is_stale(ec) && !answer_begun_ && !expired_ && may_repeat())) {
        io_.reset();
        ec = co_await connect();
        if (!ec) ec = co_await talk(got);
    }
    if (ec || expired_) co_return why(ec);
    if (reusable_ && shares) {
        client_pool::keeping const how{shared_.options.idle_per_host, shared_.options.idle_for};
        pool.put(shared_.mark, key, std::move(io_), how, executor_);
    }
    co_return got;
}

// The first address that takes a connection. If its TLS fails, no other one is tried.
task<error_code> client_exchange::connect() {
    error_code ec = co_await resolve();
    if (ec) co_return ec;
    for (auto const& endpoint : endpoints_) {
        if (expired_) co_return asio::error::timed_out;
        connecting_ = std::make_unique<tcp::socket>(executor_);
        ec.clear();
        co_await connecting_->async_connect(endpoint, redirect_error(use_awaitable, ec));
        auto socket = std::move(connecting_);
        if (ec || expired_) continue;
        io_ = std::make_unique<stream_io>(std::move(*socket));
        if (where_.tls) ec = co_await start_tls();
        co_return ec;
    }
    co_return ec ? ec : error_code(asio::error::timed_out);
}

// One address that is out of reach spoils them all: a name that has both kinds is a trap.
bool client_exchange::all_in_reach() const {
    switch (what_.reach) {
        case allowed_addresses::anywhere:
            break;
        case allowed_addresses::only_public:
            return std::ranges::all_of(endpoints_,
                                       [](auto const& e) { return is_public(e.address()); });
        case allowed_addresses::only_loopback:
            // By name: what DNS says of any other name is not to be relied on.
            return is_loopback_name(where_.host) || where_.host == "::1";
    }
    return true;
}

task<error_code> client_exchange::resolve() {
    // Checked once and connected to as checked: a second look-up could lead elsewhere.
    error_code ec = co_await look_up();
    if (!ec && !all_in_reach()) ec = make_error_code(boost::system::errc::permission_denied);
    co_return ec;
}

task<error_code> client_exchange::look_up() {
    // Without DNS: nobody else says where our own machine is.
    if (is_localhost(where_.host)) {
        endpoints_ = {{asio::ip::address_v4::loopback(), where_.port},
                      {asio::ip::address_v6::loopback(), where_.port}};
        co_return error_code();
    }
    error_code ec;
    auto const address = asio::ip::make_address(where_.host, ec);
    if (!ec) {
        endpoints_ = {{address, where_.port}};
        co_return error_code();
    }
    co_return co_await ask_directory();
}

// Ends when the time of the exchange is over; the look-up itself cannot be stopped.
task<error_code> client_exchange::ask_directory() {
    error_code ec;
    auto const one = std::make_shared<lookup>(executor_);
    lookup_ = one;
    if (!one->start(shared_.names(what_.reach), where_.host, what_.owner))
        co_return make_error_code(boost::system::errc::resource_unavailable_try_again);
    if (!one->answer().finished())
        co_await one->done().async_wait(redirect_error(use_awaitable, ec));
    lookup_.reset();
    if (!one->answer().finished()) co_return asio::error::timed_out;
    for (auto const& address : one->answer().found())
        endpoints_.emplace_back(address, where_.port);
    co_return one->answer().error();
}

task<error_code> client_exchange::start_tls() {
    io_->use_tls(shared_.tls_context(), where_.host);
    error_code ec;
    co_await io_->handshake(ec);
    co_return ec;
}

}  // namespace tollgate::http
