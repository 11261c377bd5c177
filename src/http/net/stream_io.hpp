// Stream I/O of a connection, plain or through TLS: the only two stream types, instantiated once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/task.hpp"

namespace boost::asio::ssl {
class context;
}

namespace tollgate::http {

using tcp = boost::asio::ip::tcp;
using error_code = boost::system::error_code;
// What is written together; a second piece may be empty.
using pieces = std::array<boost::asio::const_buffer, 2>;

class stream_io {
public:
    explicit stream_io(tcp::socket socket);
    ~stream_io();
    stream_io(stream_io const&) = delete;
    stream_io& operator=(stream_io const&) = delete;

    // Puts TLS on top; a handshake must follow. `verify_host` set: the client's side, which checks
    // the peer's certificate against that name and sends it as SNI.
    void use_tls(boost::asio::ssl::context& context, std::string const& verify_host = {});
    bool tls() const noexcept { return tls_ != nullptr; }
    task<void> handshake(error_code& ec);
    // Says goodbye to a TLS peer, without waiting for an answer.
    task<void> tls_shutdown(error_code& ec);

    task<std::size_t> read_some(boost::asio::mutable_buffer room, error_code& ec);
    // Writes what can be written without waiting and takes it off `p`. True when that settles
    // the matter: everything is out, or `ec` is set. Never settles anything with TLS.
    bool write_now(pieces& p, error_code& ec);
    // Writes all of it.
    task<std::size_t> write(pieces p, error_code& ec);
    // What is written goes in frames from now on: a byte that says what, four that say how much
    // (big-endian), and so many bytes. Not with TLS.
    void frame_writes() noexcept { framed_ = true; }
    bool framed() const noexcept { return framed_; }
    // A frame without bytes, whose number says something else.
    task<std::size_t> write_mark(char what, std::uint32_t number, error_code& ec);
    static constexpr char data_frame = 'D';

    // Waits until the socket has failed (reset), without reading.
    task<void> wait_for_error(error_code& ec);

    // Nothing to read and not closed: an idle connection that can be used again.
    bool quiet() noexcept;
    void cancel() noexcept;
    void shutdown_send() noexcept;
    void close() noexcept;
    tcp::socket& socket() noexcept { return socket_; }
    // Nothing else is called afterwards.
    tcp::socket release() noexcept { return std::move(socket_); }

private:
    struct layer;
    using frame_head = std::array<unsigned char, 5>;

    static frame_head head_of(char what, std::uint32_t number) noexcept;
    task<std::size_t> write_frame(pieces p, error_code& ec);

    tcp::socket socket_;
    frame_head frame_head_{};
    bool framed_ = false;
    std::unique_ptr<layer> tls_;
};

}  // namespace tollgate::http
