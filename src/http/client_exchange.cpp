#include "http/client_exchange.hpp"

#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/tls.hpp"

namespace tollgate::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::redirect_error;
using asio::use_awaitable;

namespace {

constexpr std::uint32_t max_head = 64 << 10;
// Interim answers (1xx) before the final one.
constexpr int max_interim = 8;

bool is_localhost(std::string_view host) {
    return host == "localhost" || host.ends_with(".localhost");
}

bool set_by_us(std::string_view name) {
    for (auto one : {"Host", "Content-Length", "Transfer-Encoding", "Connection"})
        if (iequals(name, one)) return true;
    return false;
}

// The peer went away: what a connection says that was closed while it was idle.
bool is_stale(error_code const& ec) {
    return ec == asio::error::eof || ec == asio::error::connection_reset ||
           ec == asio::error::broken_pipe || ec == asio::error::not_connected;
}

answer to_answer(beast::http::response<beast::http::string_body>&& message) {
    answer a;
    a.status = message.result_int();
    for (auto const& field : message)
        a.headers.add(std::string(field.name_string()), std::string(field.value()));
    a.body = std::move(message.body());
    return a;
}

}  // namespace

// A look-up cannot be interrupted; it is left alone when the time is over.
struct client_exchange::lookup {
    explicit lookup(asio::any_io_executor const& executor)
        : resolver(executor), done(executor, asio::steady_timer::time_point::max()) {}
    tcp::resolver resolver;
    asio::steady_timer done;
    std::vector<tcp::endpoint> found;
    error_code ec;
    bool finished = false;
};

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
    connecting_.reset();
    io_.reset();
}

void client_exchange::expire() {
    expired_ = true;
    error_code ignored;
    if (lookup_) lookup_->done.cancel();
    if (connecting_) connecting_->close(ignored);
    if (io_) io_->close();
}

error_code client_exchange::why(error_code ec) const {
    return expired_ ? error_code(asio::error::timed_out) : ec;
}

bool client_exchange::may_repeat() const noexcept {
    return what_.repeatable || (what_.method != verb::post && what_.method != verb::patch);
}

task<client_exchange::result> client_exchange::run() {
    auto& pool = client_pool::of(executor_);
    auto const key = where_.pool_key();
    io_ = pool.take(*shared_.mark, key);
    bool const reused = io_ != nullptr;
    answer got;
    error_code ec;
    if (reused) ec = co_await talk(got);
    if (!reused || (is_stale(ec) && !answer_begun_ && !expired_ && may_repeat())) {
        io_.reset();
        ec = co_await connect();
        if (!ec) ec = co_await talk(got);
    }
    if (ec || expired_) co_return why(ec);
    if (reusable_) {
        client_pool::keeping const how{shared_.options.idle_per_host, shared_.options.idle_for};
        pool.put(shared_.mark, key, std::move(io_), how, executor_);
    }
    co_return got;
}

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

task<error_code> client_exchange::resolve() {
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
    auto one = std::make_shared<lookup>(executor_);
    lookup_ = one;
    one->resolver.async_resolve(
        where_.host, std::to_string(where_.port),
        [one](error_code const& failed, tcp::resolver::results_type const& results) {
            one->ec = failed;
            for (auto const& entry : results)
                one->found.push_back(entry.endpoint());
            one->finished = true;
            one->done.cancel();
        });
    if (!one->finished) co_await one->done.async_wait(redirect_error(use_awaitable, ec));
    lookup_.reset();
    if (!one->finished) co_return asio::error::timed_out;
    endpoints_ = one->found;
    if (one->ec) co_return asio::error::host_not_found;
    co_return error_code();
}

task<error_code> client_exchange::start_tls() {
    io_->use_tls(shared_.tls_context(), where_.host);
    error_code ec;
    co_await io_->handshake(ec);
    co_return ec;
}

task<error_code> client_exchange::talk(answer& into) {
    auto const text = head();
    pieces const all{asio::buffer(text), asio::buffer(what_.body)};
    error_code ec;
    co_await io_->write(all, ec);
    if (!ec) ec = co_await read_answer(into);
    co_return ec;
}

std::string client_exchange::head() const {
    std::string text(to_string(what_.method));
    text += ' ' + where_.path + " HTTP/1.1\r\nHost: " + where_.authority + "\r\n";
    bool const asks_with_body = what_.method == verb::post || what_.method == verb::put ||
                                what_.method == verb::patch || !what_.body.empty();
    if (asks_with_body) text += "Content-Length: " + std::to_string(what_.body.size()) + "\r\n";
    if (!what_.headers.has("User-Agent")) text += "User-Agent: tollgate/" TOLLGATE_VERSION "\r\n";
    for (auto const& line : what_.headers)
        if (!set_by_us(line.name)) text += line.name + ": " + line.value + "\r\n";
    text += "\r\n";
    return text;
}

task<error_code> client_exchange::read_answer(answer& into) {
    using parser_type = beast::http::response_parser<beast::http::string_body>;
    std::optional<parser_type> parser;
    std::string pending;
    std::string bytes(16 << 10, '\0');
    for (int interim = 0; interim < max_interim; ++interim) {
        parser.emplace();
        parser->eager(true);
        parser->header_limit(max_head);
        parser->body_limit(what_.max_body);
        parser->skip(what_.method == verb::head);
        while (!parser->is_done()) {
            error_code ec;
            auto const used = parser->put(asio::buffer(pending), ec);
            pending.erase(0, used);
            if (parser->is_done()) break;
            if (ec == beast::http::error::body_limit || ec == beast::http::error::header_limit)
                co_return asio::error::message_size;
            if (ec && ec != beast::http::error::need_more) co_return ec;
            if (!ec && used != 0 && !pending.empty()) continue;
            ec.clear();
            auto const n = co_await io_->read_some(asio::buffer(bytes), ec);
            if (ec == asio::error::eof && answer_begun_) {
                parser->put_eof(ec);
                if (ec) co_return asio::error::connection_reset;
                break;
            }
            if (ec) co_return ec;
            answer_begun_ = true;
            pending.append(bytes.data(), n);
        }
        if (parser->get().result_int() / 100 != 1) break;
    }
    if (parser->get().result_int() / 100 == 1) co_return beast::http::error::bad_status;
    reusable_ = parser->keep_alive() && pending.empty();
    into = to_answer(parser->release());
    co_return error_code();
}

}  // namespace tollgate::http
