#include "http/net/listening.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include <boost/asio/ip/v6_only.hpp>

#include "http/message/url.hpp"

namespace tollgate::http {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;

namespace {

using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

// Port 0: how often another port is tried because the first address got one that is taken on
// the second.
constexpr int port_attempts = 32;

[[noreturn]] void cannot(std::string const& address, std::string const& why) {
    throw cannot_bind("Cannot listen on " + address + ": " + why + ".");
}

std::string with_port(asio::ip::address const& address, unsigned short port) {
    auto const text = address.to_string();
    return (address.is_v6() ? "[" + text + "]" : text) + ":" + std::to_string(port);
}

std::vector<asio::ip::address> addresses_of(std::string const& host, std::string const& text) {
    if (is_localhost(host))
        return {asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()};
    bool const bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    error_code ec;
    auto const address =
        asio::ip::make_address(bracketed ? host.substr(1, host.size() - 2) : host, ec);
    if (!ec) return {address};
    if (bracketed) cannot(text, "there is no IPv6 address between the brackets");
    // Blocks, which at start-up nobody minds.
    asio::io_context io;
    tcp::resolver resolver(io);
    auto const found = resolver.resolve(host, "", ec);
    if (ec) cannot(text, "the host is not known (" + ec.message() + ")");
    std::vector<asio::ip::address> all;
    for (auto const& entry : found)
        if (std::find(all.begin(), all.end(), entry.endpoint().address()) == all.end())
            all.push_back(entry.endpoint().address());
    return all;
}

// Bound; does not listen.
tcp::acceptor bind_socket(asio::io_context& io, tcp::endpoint const& at, bool shared,
                          error_code& ec) {
    tcp::acceptor one(io);
    one.open(at.protocol(), ec);
    // A port in TIME_WAIT must not stop a restart; a living listener still excludes us.
    if (!ec) one.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec && shared) one.set_option(reuse_port(true), ec);
    // IPv4 has a socket of its own: with both on one the second would find the port taken.
    if (!ec && at.protocol() == tcp::v6()) one.set_option(asio::ip::v6_only(true), ec);
    if (!ec) one.bind(at, ec);
    return one;
}

tcp::acceptor open_socket(asio::io_context& io, tcp::endpoint const& at, bool shared,
                          error_code& ec) {
    auto one = bind_socket(io, at, shared, ec);
    if (!ec) one.listen(asio::socket_base::max_listen_connections, ec);
    return one;
}

bool machine_lacks(error_code const& ec) {
    return ec == boost::system::errc::address_not_available ||
           ec == boost::system::errc::address_family_not_supported ||
           ec == boost::system::errc::protocol_not_supported;
}

using acceptors = std::vector<tcp::acceptor>;

// SO_REUSEPORT would let a second process share the port silently. The first socket therefore
// claims the port without it, and only when it listens it lets its siblings in.
std::optional<acceptors> open_shared(std::vector<asio::io_context*> const& contexts,
                                     tcp::endpoint at, error_code& ec) {
    acceptors all;
    all.push_back(open_socket(*contexts.front(), at, false, ec));
    if (ec) return std::nullopt;
    at = all.front().local_endpoint();
    all.front().set_option(reuse_port(true), ec);
    for (std::size_t i = 1; !ec && i < contexts.size(); ++i)
        all.push_back(open_socket(*contexts[i], at, true, ec));
    if (ec) return std::nullopt;
    return all;
}

// Nothing when a picked port was taken on a later address, so that another should be tried.
std::optional<std::vector<acceptors>> try_bind(listen_address& where,
                                               std::vector<asio::io_context*> const& contexts) {
    std::vector<acceptors> bound;
    auto port = where.port;
    error_code missing;
    for (auto const& address : where.addresses) {
        error_code ec;
        auto opened = open_shared(contexts, tcp::endpoint(address, port), ec);
        if (opened) {
            port = opened->front().local_endpoint().port();
            bound.push_back(std::move(*opened));
        } else if (machine_lacks(ec)) {
            missing = ec;
        } else if (where.port == 0 && port != 0 && ec == asio::error::address_in_use) {
            return std::nullopt;
        } else {
            auto const why =
                ec == asio::error::address_in_use
                    ? "port " + std::to_string(port) + " is taken, perhaps by another tollgate"
                    : ec.message();
            cannot(with_port(address, port), why);
        }
    }
    if (bound.empty()) cannot(where.host + ":" + std::to_string(port), missing.message());
    where.port = port;
    return bound;
}

}  // namespace

listen_address parse_listen_address(std::string const& text) {
    auto const colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0)
        cannot("\"" + text + "\"", "the address is not HOST:PORT");
    listen_address result;
    result.host = text.substr(0, colon);
    if (result.host.find(':') != std::string::npos && result.host.front() != '[')
        cannot("\"" + text + "\"", "an IPv6 address stands in brackets");
    auto const* const end = text.data() + text.size();
    auto const parsed = std::from_chars(text.data() + colon + 1, end, result.port);
    if (parsed.ec != std::errc() || parsed.ptr != end)
        cannot("\"" + text + "\"", "the port is not a number up to 65535");
    result.addresses = addresses_of(result.host, text);
    result.loopback = std::all_of(result.addresses.begin(), result.addresses.end(),
                                  [](auto const& a) { return a.is_loopback(); });
    return result;
}

std::vector<tcp::acceptor> keep_port(listen_address const& where, asio::io_context& io) {
    std::vector<tcp::acceptor> all;
    for (auto const& address : where.addresses) {
        error_code ec;
        auto one = bind_socket(io, tcp::endpoint(address, where.port), true, ec);
        if (!ec)
            all.push_back(std::move(one));
        else if (!machine_lacks(ec))
            cannot(with_port(address, where.port), ec.message());
    }
    return all;
}

std::vector<tcp::socket> leave_waiting(std::vector<tcp::acceptor>& sockets, kept how) {
    std::vector<tcp::socket> fillers;
    if (how == kept::closed) return fillers;
    for (auto& one : sockets) {
        error_code ec;
        auto const at = one.local_endpoint(ec);
        // A queue of length 0 has room for one.
        int const most = how == kept::full ? 0 : asio::socket_base::max_listen_connections;
        if (!ec) one.listen(most, ec);
        if (!ec && how == kept::full) {
            tcp::socket filler(one.get_executor());
            filler.connect(at, ec);
            fillers.push_back(std::move(filler));
        }
        if (ec) cannot(with_port(at.address(), at.port()), ec.message());
    }
    return fillers;
}

std::vector<acceptors> bind_kept_port(listen_address const& where, io_contexts const& on) {
    std::vector<acceptors> bound;
    for (auto const& address : where.addresses) {
        acceptors all;
        error_code ec;
        for (auto* const io : on) {
            all.push_back(open_socket(*io, tcp::endpoint(address, where.port), true, ec));
            if (ec) break;
        }
        if (!ec)
            bound.push_back(std::move(all));
        else if (!machine_lacks(ec))
            cannot(with_port(address, where.port), ec.message());
    }
    return bound;
}

std::vector<std::vector<tcp::acceptor>> bind_listeners(
    listen_address& where, std::vector<asio::io_context*> const& contexts) {
    for (int attempt = 0; attempt < port_attempts; ++attempt) {
        auto bound = try_bind(where, contexts);
        if (bound) return std::move(*bound);
    }
    cannot(where.host + ":0", "no port was free on all its addresses");
}

}  // namespace tollgate::http
