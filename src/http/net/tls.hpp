// TLS contexts: what is offered, what is trusted.
#pragma once

#include <memory>
#include <string>

#include <boost/system/error_code.hpp>

typedef struct ssl_st SSL;

namespace boost::asio::ssl {
class context;
}

namespace tollgate::http {

struct tls_files {
    std::string certificate;  // PEM chain; empty = plain HTTP
    std::string private_key;
};

// TLS 1.2 and later, forward secrecy only, ALPN "http/1.1". Throws std::runtime_error with a
// sentence that names the file that cannot be used.
std::shared_ptr<boost::asio::ssl::context> make_server_tls(tls_files const& files);

// Those rules without a certificate.
void offer_modern_tls(boost::asio::ssl::context& context);

// Trusts the system's store and every certificate in `extra_ca_file` (which need not be a root:
// a file with a leaf and its CA will do). The first certificate in it is known under any name:
// our own, made out to a public name, also proves us to ourselves on loopback. Throws
// std::runtime_error when it cannot be read.
std::shared_ptr<boost::asio::ssl::context> make_client_tls(std::string const& extra_ca_file);

// The peer must prove to be `host` (a name, an IPv4 or a bare IPv6 address).
void expect_host(SSL* connection, std::string const& host);

// The peer of a handshake that failed with `ec` was speaking plain HTTP.
bool spoke_plain_http(boost::system::error_code const& ec) noexcept;

}  // namespace tollgate::http
