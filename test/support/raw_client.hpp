// A blocking socket that says exactly what a test wants it to say, and never waits for ever.
#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "http/message/headers.hpp"
#include "support/message_log.hpp"

namespace test {

namespace http = tollgate::http;

// One framed answer.
struct raw_reply {
    unsigned status = 0;
    http::header_list headers;
    std::string body;  // of a chunked answer: the chunks joined

    std::string_view header(std::string_view name) const { return headers.get(name); }
};

// The peer closed, refused or was silent for too long.
struct raw_failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class raw_client {
public:
    struct tls_options {
        std::string ca_file;  // empty: the certificate is not verified
        std::string server_name = "localhost";
        int lowest = 0;  // TLS1_1_VERSION …
        int highest = 0;
        std::string alpn;  // one protocol
    };

    explicit raw_client(unsigned short port, std::string const& address = "127.0.0.1",
                        std::chrono::milliseconds patience = std::chrono::seconds(30));
    ~raw_client();
    raw_client(raw_client const&) = delete;
    raw_client& operator=(raw_client const&) = delete;

    // The peer is the program under test: its MCP messages are checked (message_log.hpp). Before
    // the first byte.
    void record_messages() noexcept { log_.keep(); }

    // Throws raw_failure with OpenSSL's reason.
    void start_tls(tls_options const& o);
    std::string tls_version() const;
    std::string alpn() const;

    void send(std::string_view bytes);
    // The next answer; `to_head`: it has no body whatever its fields say.
    raw_reply read_reply(bool to_head = false);
    // Everything up to and with `mark`.
    std::string read_until(std::string_view mark);
    // Everything until the peer closes.
    std::string read_to_end();
    // That end was an RST.
    bool was_reset() const noexcept { return reset_; }
    // So many bytes.
    std::string take(std::size_t n);
    // The peer closes (or resets) without another byte.
    bool is_closed();
    // No byte and no end within `time`.
    bool is_silent(std::chrono::milliseconds time);
    void half_close();
    void reset();  // RST
    // A small receive buffer, for tests of slow readers. Before anything was read.
    void read_slowly();

private:
    struct tls;
    bool fill();  // false: closed

    int socket_ = -1;
    bool reset_ = false;
    std::string seen_;
    std::unique_ptr<tls> tls_;
    connection_log log_;
};

// "GET /path HTTP/1.1" with Host and no body.
std::string get(std::string_view target, std::string_view more_fields = {});
std::string post(std::string_view target, std::string_view body, std::string_view more_fields = {});

}  // namespace test
