#include "http/client/client.hpp"

#include <algorithm>

#include <boost/asio/this_coro.hpp>

#include "base/text.hpp"
#include "http/client/exchange.hpp"
#include "http/message/url.hpp"

namespace tollgate::http {

namespace asio = boost::asio;
using boost::system::errc::make_error_code;

namespace {

std::optional<target> target_of(std::string const& url) {
    auto const printable =
        std::all_of(url.begin(), url.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    auto const address = split_url(url);
    if (!printable || !address) return std::nullopt;
    target where;
    where.tls = address->tls;
    where.host = address->host;
    where.port = address->port;
    auto const origin = address->origin();
    where.authority = origin.substr(origin.find("://") + 3);
    if (where.host.front() == '[') where.host = where.host.substr(1, where.host.size() - 2);
    where.path = address->rest.substr(0, std::min(address->rest.find('#'), address->rest.size()));
    if (!where.path.starts_with('/')) where.path.insert(0, "/");
    return where;
}

// RFC 9110 §5.5: a line break in a value would begin another field, or another request.
bool keeps_framing(header_list const& headers) {
    return std::all_of(headers.begin(), headers.end(), [](header const& line) {
        return !line.name.empty() &&
               std::all_of(line.name.begin(), line.name.end(), is_token_char) &&
               line.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
    });
}

// Whatever way send() is left, cancellation included.
struct finisher {
    explicit finisher(client_exchange& e) : exchange(e) {}
    ~finisher() { exchange.finish(); }
    finisher(finisher const&) = delete;
    finisher& operator=(finisher const&) = delete;
    client_exchange& exchange;
};

}  // namespace

struct client::impl {
    explicit impl(options o) : shared(std::move(o)) {}
    client_shared shared;
};

client::client(options o) : impl_(std::make_unique<impl>(std::move(o))) {
    // A file that is bad is told at the start and not by the first request.
    if (!impl_->shared.options.extra_ca_file.empty()) impl_->shared.tls_context();
}

client::~client() {
    auto& mark = *impl_->shared.mark;
    // The only place that holds both locks. put() and shutdown() of a pool take them one at a time.
    std::scoped_lock const known(mark.lock);
    for (auto* pool : mark.pools)
        pool->forget(mark);
}

std::size_t client::strangers_lookups() const {
    return impl_->shared.names(allowed_addresses::only_public).under_way();
}

task<boost::system::result<client_response>> client::send(outbound request) {
    auto where = target_of(request.url);
    if (!where) co_return make_error_code(boost::system::errc::bad_address);
    if (request.method == verb::other || !keeps_framing(request.headers))
        co_return make_error_code(boost::system::errc::invalid_argument);
    auto const executor = co_await asio::this_coro::executor;
    auto const exchange = std::make_shared<client_exchange>(impl_->shared, executor,
                                                            std::move(request), std::move(*where));
    finisher const at_the_end(*exchange);
    exchange->start_timer();
    auto got = co_await exchange->run();
    co_return got;
}

}  // namespace tollgate::http
