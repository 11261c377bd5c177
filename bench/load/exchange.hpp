// One connection of the load: bytes out, an answer in.
#pragma once

#include <string>
#include <string_view>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace bench {

using executor = boost::asio::io_context::executor_type;
template <class T>
using task = boost::asio::awaitable<T, executor>;

struct answer {
    int status = 0;
    std::string head;
    std::string body;
};

// Throws std::runtime_error when the other side closes or says what is no HTTP.
class connection {
public:
    connection(executor on, unsigned short port) : socket_(on), port_(port) {}

    task<void> open();
    task<void> send(std::string_view bytes);  // they must stay until it is done
    // A whole answer with a Content-Length, or without a body. The same object every time: no
    // memory is asked for once it has grown.
    task<void> read(answer& into);
    // The head alone, of an answer that does not end.
    task<void> read_head(answer& into);
    // Reads on until `end` has come, and takes everything up to there.
    task<std::string> read_until(std::string end);

private:
    task<void> more();

    boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor> socket_;
    unsigned short port_;
    std::string read_;
};

// The value of a field; empty when there is none.
std::string_view field_of(std::string_view head, std::string_view name);

}  // namespace bench
