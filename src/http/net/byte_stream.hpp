// Byte stream to a server that is no HTTP server, over TCP, TLS or a socket of this machine.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include "base/task.hpp"

namespace boost::asio::ssl {
class context;
}

namespace tollgate::http {

using error_code = boost::system::error_code;
using any_endpoint = boost::asio::generic::stream_protocol::endpoint;

class byte_stream {
public:
    explicit byte_stream(boost::asio::any_io_executor const& executor);
    ~byte_stream();
    byte_stream(byte_stream const&) = delete;
    byte_stream& operator=(byte_stream const&) = delete;

    // A socket that failed to connect may try another endpoint.
    task<void> connect(any_endpoint to, error_code& ec);
    // Puts TLS on top; the peer must prove to be `host`.
    task<void> start_tls(boost::asio::ssl::context& context, std::string const& host,
                         error_code& ec);
    task<std::size_t> read_some(boost::asio::mutable_buffer room, error_code& ec);
    // Writes all of it.
    task<std::size_t> write(boost::asio::const_buffer all, error_code& ec);
    // Ends whatever waits.
    void close() noexcept;

private:
    struct layer;
    boost::asio::generic::stream_protocol::socket socket_;
    std::unique_ptr<layer> tls_;
};

}  // namespace tollgate::http
