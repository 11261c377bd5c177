// Listening sockets: from "localhost:9100" to bound ones.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace tollgate::http {

// Thrown at start-up: exit code 3.
struct cannot_bind : std::runtime_error {
    using std::runtime_error::runtime_error;
};

using io_contexts = std::vector<boost::asio::io_context*>;

struct listen_address {
    std::string host;  // as written: "localhost", "127.0.0.1", "[::1]"
    unsigned short port = 0;
    std::vector<boost::asio::ip::address> addresses;
    bool loopback = true;  // all of them
};

// "HOST:PORT" with IPv6 in brackets. localhost names mean 127.0.0.1 and ::1 without DNS, other
// names are looked up. Throws cannot_bind with a sentence.
listen_address parse_listen_address(std::string const& text);

// A listening socket for every context on each address that the machine has, all on one port;
// `where.port` 0 becomes the port that was picked. Throws cannot_bind when the port is taken by
// anybody, us included.
std::vector<std::vector<boost::asio::ip::tcp::acceptor>> bind_listeners(
    listen_address& where, std::vector<boost::asio::io_context*> const& contexts);

// How a port is kept by sockets that serve nobody.
enum class kept { closed, unaccepted, full };

// Sockets on the port of a listener that is running or kept, beside its own. `closed`: they do not
// listen, so connections are refused as soon as nobody else listens there. Throws cannot_bind.
std::vector<boost::asio::ip::tcp::acceptor> keep_port(listen_address const& where,
                                                      boost::asio::io_context& io);
// These sockets, which do not listen yet, take connections and leave them in their queue. `full`:
// the queue is, too; what fills it is returned and must live as long as they.
std::vector<boost::asio::ip::tcp::socket> leave_waiting(
    std::vector<boost::asio::ip::tcp::acceptor>& sockets, kept how);
// As bind_listeners, on a port that keep_port keeps for us.
std::vector<std::vector<boost::asio::ip::tcp::acceptor>> bind_kept_port(listen_address const& where,
                                                                        io_contexts const& on);

}  // namespace tollgate::http
