#include "http/server/passed_session.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/crypto.hpp"
#include "base/log/log.hpp"
#include "http/relay/pool.hpp"
#include "http/relay/preamble.hpp"
#include "http/server/core.hpp"

namespace tollgate::http {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds proving_time{2};
constexpr std::chrono::seconds goodbye_time{1};

std::size_t length_in(std::string const& four) noexcept {
    std::size_t n = 0;
    for (auto const c : four)
        n = n << 8 | static_cast<unsigned char>(c);
    return n;
}

}  // namespace

passed_session::passed_session(core& home, tcp::socket socket)
    : core_(home), io_(std::make_unique<stream_io>(std::move(socket))), limit_(home.io()) {
    notice_dead_instance(io_->socket());
}

task<std::string> passed_session::read(std::size_t size, error_code& ec) {
    std::string all(size, '\0');
    for (std::size_t have = 0; have < size && !ec;) {
        asio::mutable_buffer const room(all.data() + have, size - have);
        auto const n = co_await io_->read_some(room, ec);
        have += n;
    }
    co_return all;
}

void passed_session::limit() {
    limit_.expires_after(proving_time);
    limit_.async_wait([here = weak_from_this()](error_code const& ec) {
        auto const self = here.lock();
        if (!ec && self && self->io_) self->io_->close();
    });
}

task<bool> passed_session::prove(error_code& ec) {
    auto const terms = relay_pool::of(core_.io().get_executor()).terms();
    if (!terms) co_return false;
    auto const ours = sha256(random_token());
    auto const begin = std::string(relay_hello) + ours;
    pieces const hello{asio::buffer(begin), {}};
    co_await io_->write(hello, ec);
    if (ec) co_return false;
    auto const answer = co_await read(nonce_size + proof_size, ec);
    if (ec) co_return false;
    auto const theirs = std::string_view(answer).substr(0, nonce_size);
    auto const proof = std::string_view(answer).substr(nonce_size);
    auto const wanted = relay_proof(terms->key, relay_side::caller, ours, theirs, terms->instance);
    if (!equal_in_constant_time(proof, wanted)) {
        log(log_level::warning, "instance_refused",
            {{"why", "what connected has not the key of this server's instances"}});
        co_return false;
    }
    auto const mine = relay_proof(terms->key, relay_side::called, ours, theirs, terms->instance);
    pieces const end{asio::buffer(mine), {}};
    co_await io_->write(end, ec);
    co_return !ec;
}

task<void> passed_session::run() {
    error_code ec;
    limit();
    bool open = co_await prove(ec);
    limit_.cancel();
    while (open && !cut_) {
        if (core_.draining()) {
            co_await say_goodbye();
            break;
        }
        open = co_await serve_one();
    }
    if (io_) io_->close();
}

// The next request, if it is one. True: another may follow.
task<bool> passed_session::serve_one() {
    error_code ec;
    idle_ = true;
    auto const length = co_await read(4, ec);
    idle_ = false;
    if (ec == asio::error::operation_aborted && core_.draining() && !cut_) co_return true;
    auto const size = length_in(length);
    if (ec || size > longest_preamble) co_return false;
    limit();
    auto const text = co_await read(size, ec);
    limit_.cancel();
    auto const preamble = ec ? std::nullopt : preamble_from(text);
    if (!preamble) co_return false;
    error_code no_address;
    tcp::endpoint const peer(asio::ip::make_address(preamble->peer, no_address), 0);
    if (no_address) co_return false;
    auto listener = std::make_shared<listener_info const>(preamble->listener);
    auto socket = io_->release();
    io_.reset();
    auto one = std::make_shared<connection>(core_, std::move(socket), peer, std::move(listener),
                                            nullptr, true);
    core_.adopt(*one);
    std::exception_ptr failure;
    try {
        co_await one->run_passed();
    } catch (...) {
        failure = std::current_exception();
    }
    bool const again = !failure && one->may_follow();
    if (again) io_ = std::make_unique<stream_io>(one->release());
    core_.over(*one, failure);
    co_return again;
}

// Whatever request is on its way here is to go elsewhere: the other hears that it was not done
// before the connection ends.
task<void> passed_session::say_goodbye() {
    error_code ec;
    limit_.expires_after(goodbye_time);
    limit_.async_wait([here = weak_from_this()](error_code const& late) {
        auto const self = here.lock();
        if (!late && self && self->io_) self->io_->close();
    });
    co_await io_->write_mark(relay_mark::not_mine, 0, ec);
    io_->shutdown_send();
    std::string dropped(4096, '\0');
    while (!ec) {
        asio::mutable_buffer const room(dropped.data(), dropped.size());
        co_await io_->read_some(room, ec);
    }
    limit_.cancel();
}

void passed_session::drain() noexcept {
    if (idle_ && io_) io_->cancel();
}

void passed_session::cut() noexcept {
    cut_ = true;
    if (io_) io_->close();
    cancel_.emit(asio::cancellation_type::terminal);
}

}  // namespace tollgate::http
