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

}  // namespace tollgate::http
