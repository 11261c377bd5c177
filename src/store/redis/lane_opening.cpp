// How a lane comes to a connection: name, socket, TLS, password, database, clock.
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/message/url.hpp"
#include "store/redis/lane.hpp"

namespace tollgate::oauth::redis {

namespace asio = boost::asio;

task<void> lane::open(std::string& why) {
    stream_ = std::make_unique<http::byte_stream>(io_.get_executor());
    reader_ = reply_reader();
    limit_attempt();
    co_await connect(why);
    if (why.empty()) co_await greet(why);
    limit_.cancel();
    looking_.reset();
    if (expired_) why = "no answer came in time";
    if (stopping_) why = "the store is being closed";
    if (!why.empty()) {
        stream_->close();
        co_return;
    }
    open_ = true;
    failures_ = 0;
    opened_at_ = steady::now();
    trouble_.clear();
    owner_.opened(*this);
}

void lane::limit_attempt() {
    expired_ = false;
    limit_.expires_after(how_.timeout);
    limit_.async_wait([here = weak_from_this()](error_code const& ec) {
        auto const self = here.lock();
        if (ec || !self || self->open_) return;
        self->expired_ = true;
        self->stream_->close();
        self->wake_.cancel();
    });
}

task<void> lane::connect(std::string& why) {
    std::vector<http::any_endpoint> all;
    error_code ec;
    co_await find(all, ec);
    if (!ec && all.empty()) ec = asio::error::host_not_found;
    for (auto const& one : all) {
        if (expired_ || stopping_) co_return;
        co_await stream_->connect(one, ec);
        if (!ec) break;
    }
    if (!ec && how_.tls) {
        co_await stream_->start_tls(*how_.tls, node_.host, ec);
        if (ec) why = "TLS: " + ec.message();
    } else if (ec) {
        why = ec.message();
    }
}

task<void> lane::find(std::vector<http::any_endpoint>& found, error_code& ec) {
    using asio::ip::tcp;
    if (!node_.path.empty()) {
        found.emplace_back(asio::local::stream_protocol::endpoint(node_.path));
        co_return;
    }
    error_code no_literal;
    auto const literal = asio::ip::make_address(node_.host, no_literal);
    if (!no_literal) {
        found.emplace_back(tcp::endpoint(literal, node_.port));
    } else if (http::is_localhost(node_.host)) {
        found.emplace_back(tcp::endpoint(asio::ip::address_v4::loopback(), node_.port));
        found.emplace_back(tcp::endpoint(asio::ip::address_v6::loopback(), node_.port));
    } else {
        co_await look_up(found, ec);
    }
}

task<void> lane::look_up(std::vector<http::any_endpoint>& found, error_code& ec) {
    auto wake = [&io = io_, here = weak_from_this()] {
        asio::post(io, [here] {
            if (auto const self = here.lock()) self->wake_.cancel();
        });
    };
    looking_ = names_.start(node_.host, {}, std::move(wake));
    if (!looking_) {
        ec = asio::error::try_again;
        co_return;
    }
    // Calls that arrive meanwhile wake it, too.
    while (!looking_->finished() && !expired_ && !stopping_) {
        wake_.expires_at(steady::time_point::max());
        error_code ignored;
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    if (!looking_->finished()) {
        ec = asio::error::timed_out;
        co_return;
    }
    ec = looking_->error();
    for (auto const& one : looking_->found())
        found.emplace_back(asio::ip::tcp::endpoint(one, node_.port));
}

// How many replies there will be; that of TIME is the last.
std::size_t lane::greeting() {
    auto const& to = how_.server;
    std::size_t n = 1;
    outgoing_.clear();
    if (!to.password.empty()) {
        std::vector<std::string> words{"AUTH"};
        if (!to.user.empty()) words.push_back(to.user);
        words.push_back(to.password);
        append_command(outgoing_, words);
        ++n;
    }
    if (to.database != 0) {
        append_command(outgoing_, {"SELECT", std::to_string(to.database)});
        ++n;
    }
    append_command(outgoing_, {"TIME"});
    return n;
}

std::string lane::answer_to_greeting(reply const& r, bool last) {
    if (r.is_error()) {
        // Who does not know a command repeats its arguments, and one of them is the password.
        auto const why = shown(r);
        return why.substr(0, why.find(", with args"));
    }
    if (last) learn_time(r.item(0), r.item(1));
    return {};
}

task<void> lane::greet(std::string& why) {
    auto expected = greeting();
    error_code ec;
    asio::const_buffer const all = asio::buffer(outgoing_);
    co_await stream_->write(all, ec);
    outgoing_.clear();
    while (!ec && expected > 0 && why.empty()) {
        if (auto const r = reader_.next()) {
            why = answer_to_greeting(*r, --expected == 0);
            continue;
        }
        asio::mutable_buffer const room = asio::buffer(room_);
        auto const n = co_await stream_->read_some(room, ec);
        if (!reader_.feed({room_.data(), n}) || reader_.broken())
            why = "what answers there is no Redis";
    }
    if (ec && why.empty())
        why = ec == asio::error::eof ? "the server closed the connection" : ec.message();
}

}  // namespace tollgate::oauth::redis
