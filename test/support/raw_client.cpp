#include "support/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace test {

struct raw_client::tls {
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_client_method()),
                                                              &SSL_CTX_free};
    std::unique_ptr<SSL, decltype(&SSL_free)> connection{nullptr, &SSL_free};
};

namespace {

int connect_to(unsigned short port, std::string const& address) {
    bool const v6 = address.find(':') != std::string::npos;
    int const s = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    void* const bytes = v6 ? static_cast<void*>(&six.sin6_addr) : &four.sin_addr;
    ::inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(), bytes);
    void* const where = v6 ? static_cast<void*>(&six) : &four;
    auto const size = static_cast<socklen_t>(v6 ? sizeof six : sizeof four);
    if (::connect(s, static_cast<sockaddr*>(where), size) == 0) return s;
    ::close(s);
    throw raw_failure("cannot connect to " + address + ":" + std::to_string(port));
}

std::string ssl_reason() {
    char text[256];
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    return text;
}

}  // namespace

raw_client::raw_client(unsigned short port, std::string const& address,
                       std::chrono::milliseconds patience)
    : socket_(connect_to(port, address)) {
    timeval wait{};
    wait.tv_sec = patience.count() / 1000;
    wait.tv_usec = patience.count() % 1000 * 1000;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
}

raw_client::~raw_client() {
    tls_.reset();
    if (socket_ >= 0) ::close(socket_);
}

void raw_client::start_tls(tls_options const& o) {
    tls_ = std::make_unique<tls>();
    auto* const context = tls_->context.get();
    SSL_CTX_set_security_level(context, o.lowest != 0 ? 0 : 1);
    if (o.lowest != 0) SSL_CTX_set_min_proto_version(context, o.lowest);
    if (o.highest != 0) SSL_CTX_set_max_proto_version(context, o.highest);
    if (!o.ca_file.empty()) {
        SSL_CTX_load_verify_locations(context, o.ca_file.c_str(), nullptr);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    }
    tls_->connection.reset(SSL_new(context));
    auto* const c = tls_->connection.get();
    SSL_ctrl(c, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(o.server_name.c_str()));
    if (!o.ca_file.empty()) SSL_set1_host(c, o.server_name.c_str());
    if (!o.alpn.empty()) {
        std::vector<unsigned char> wire{static_cast<unsigned char>(o.alpn.size())};
        wire.insert(wire.end(), o.alpn.begin(), o.alpn.end());
        SSL_set_alpn_protos(c, wire.data(), static_cast<unsigned>(wire.size()));
    }
    SSL_set_fd(c, socket_);
    if (SSL_connect(c) == 1) return;
    auto const why = ssl_reason();
    tls_.reset();
    throw raw_failure("TLS handshake: " + why);
}

std::string raw_client::tls_version() const {
    return SSL_get_version(tls_->connection.get());
}

std::string raw_client::alpn() const {
    unsigned char const* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(tls_->connection.get(), &name, &length);
    return std::string(name, name + length);
}

void raw_client::send(std::string_view bytes) {
    log_.sent(bytes);
    while (!bytes.empty()) {
        long n = 0;
        if (tls_)
            n = SSL_write(tls_->connection.get(), bytes.data(), static_cast<int>(bytes.size()));
        else
            n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) throw raw_failure(std::string("cannot send: ") + std::strerror(errno));
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

bool raw_client::fill() {
    char bytes[16384];
    errno = 0;
    long n = 0;
    if (tls_)
        n = SSL_read(tls_->connection.get(), bytes, sizeof bytes);
    else
        n = ::recv(socket_, bytes, sizeof bytes, 0);
    if (n > 0) {
        seen_.append(bytes, static_cast<std::size_t>(n));
        log_.received({bytes, static_cast<std::size_t>(n)});
        return true;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        throw raw_failure("nothing more came; so far: " + seen_.substr(0, 500));
    reset_ = n < 0 && errno == ECONNRESET;
    return false;
}

std::string raw_client::take(std::size_t n) {
    while (seen_.size() < n)
        if (!fill()) throw raw_failure("closed too early; so far: " + seen_.substr(0, 500));
    auto const result = seen_.substr(0, n);
    seen_.erase(0, n);
    return result;
}

std::string raw_client::read_until(std::string_view mark) {
    std::size_t at = 0;
    while ((at = seen_.find(mark)) == std::string::npos)
        if (!fill()) throw raw_failure("closed too early; so far: " + seen_.substr(0, 500));
    return take(at + mark.size());
}

std::string raw_client::read_to_end() {
    while (fill()) {
    }
    return take(seen_.size());
}

bool raw_client::is_closed() {
    return seen_.empty() && !fill();
}

bool raw_client::is_silent(std::chrono::milliseconds time) {
    pollfd p{socket_, POLLIN, 0};
    return seen_.empty() && ::poll(&p, 1, static_cast<int>(time.count())) == 0;
}

void raw_client::half_close() {
    ::shutdown(socket_, SHUT_WR);
}

void raw_client::reset() {
    linger const now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    tls_.reset();
    ::close(socket_);
    socket_ = -1;
}

void raw_client::read_slowly() {
    int const size = 4096;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

raw_reply raw_client::read_reply(bool to_head) {
    raw_reply r;
    auto head = read_until("\r\n\r\n");
    r.status = static_cast<unsigned>(std::stoul(head.substr(head.find(' ') + 1, 3)));
    for (auto at = head.find("\r\n") + 2; at + 2 < head.size();) {
        auto const end = head.find("\r\n", at);
        auto const colon = head.find(": ", at);
        r.headers.add(head.substr(at, colon - at), head.substr(colon + 2, end - colon - 2));
        at = end + 2;
    }
    if (to_head || r.status == 204 || r.status == 304 || r.status < 200) return r;
    if (r.header("Transfer-Encoding") == "chunked") {
        for (;;) {
            auto const size = std::stoul(read_until("\r\n"), nullptr, 16);
            r.body += take(size);
            read_until("\r\n");
            if (size == 0) return r;
        }
    }
    if (r.headers.has("Content-Length"))
        r.body = take(std::stoul(std::string(r.header("Content-Length"))));
    else
        r.body = read_to_end();
    return r;
}

std::string get(std::string_view target, std::string_view more_fields) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" +
           std::string(more_fields) + "\r\n";
}

std::string post(std::string_view target, std::string_view body, std::string_view more_fields) {
    return "POST " + std::string(target) +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + std::string(more_fields) + "\r\n" + std::string(body);
}

}  // namespace test
