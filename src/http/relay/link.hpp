// Relay link: a connection to another instance, for requests that it answers, one after the other.
//
// A request goes as its preamble (four bytes that say how long it is, big-endian, and the text) and
// its bytes. Its answer comes in frames (stream_io::frame_writes): bytes for the client, and marks.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/task.hpp"
#include "http/net/stream_io.hpp"

namespace tollgate::http {

namespace relay_mark {
inline constexpr char watch = 'W';     // say when the client goes, from here on: by closing this
inline constexpr char ended = 'E';     // the exchange is over; the number is a relay_end
inline constexpr char not_mine = 'N';  // nothing was done
}  // namespace relay_mark

// How the client's connection goes on.
enum class relay_end : std::uint32_t { keep, close, abort, reset };

// To the other one, while a stream is sent: it is to end politely.
inline constexpr char relay_close_request = 'C';

// What two instances have agreed to notice: one whose machine is gone.
void notice_dead_instance(tcp::socket& s);

class relay_link : public std::enable_shared_from_this<relay_link> {
public:
    struct frame {
        char what = 0;
        std::uint32_t number = 0;
        std::string_view data;  // until the next call
    };

    relay_link(boost::asio::any_io_executor const& executor, std::string instance);

    // `address` is HOST:PORT, a name is looked up. Proves who we are, and lets the other do so.
    task<void> open(std::string address, std::string key, error_code& ec);
    task<void> send(std::string const& preamble, std::string_view head, std::string_view body,
                    error_code& ec);
    task<frame> next(error_code& ec);
    // Without waiting.
    void ask_to_close() noexcept;
    // Ends whatever waits.
    void close() noexcept;

    std::string const& instance() const noexcept { return instance_; }
    // Nothing came that was not asked for.
    bool is_quiet() noexcept { return clean_ && begin_ == end_ && io_.quiet(); }
    // Another request may follow.
    bool is_clean() const noexcept { return clean_; }

private:
    task<void> connect(std::string address, error_code& ec);
    task<void> prove(std::string key, error_code& ec);
    task<std::string> read(std::size_t size, error_code& ec);
    task<void> fill(error_code& ec);
    void limit(std::chrono::milliseconds time);
    void no_limit();

    boost::asio::any_io_executor executor_;
    std::string const instance_;
    stream_io io_;
    boost::asio::steady_timer limit_;
    std::array<char, 16 << 10> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint32_t left_ = 0;  // of a data frame
    bool clean_ = false;
    bool spoiled_ = false;  // a byte was sent that no request begins with
    bool late_ = false;
};

}  // namespace tollgate::http
