#include "http/net/tls.hpp"

#include <string_view>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>

namespace tollgate::http {

namespace asio = boost::asio;
namespace ssl = asio::ssl;

namespace {

constexpr char const* tls12_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

void require(boost::system::error_code const& ec, std::string const& what,
             std::string const& file) {
    if (ec) throw std::runtime_error(what + " " + file + " cannot be used: " + ec.message());
}

void modern_only(ssl::context& context) {
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context.native_handle(), tls12_ciphers);
    SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
}

// RFC 7301 §3.2: of what the client offers we take http/1.1; a client that offers other
// protocols only is served without ALPN, because many name h2 first and fall back.
int choose_protocol(SSL*, unsigned char const** chosen, unsigned char* length,
                    unsigned char const* offered, unsigned offered_length, void*) {
    static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* found = nullptr;
    auto const how =
        SSL_select_next_proto(&found, length, ours, sizeof ours, offered, offered_length);
    if (how != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

void free_certificate(void*, void* certificate, CRYPTO_EX_DATA*, int, long, void*) {
    X509_free(static_cast<X509*>(certificate));
}

// Where a client's context keeps the certificate that needs no name.
int own_certificate_slot() {
    static int const slot =
        SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, &free_certificate);
    return slot;
}

// Who holds the key of that very certificate is the one we mean, whatever name we called.
int allow_own_certificate(int good, X509_STORE_CTX* chain) {
    if (good == 1) return 1;
    auto const why = X509_STORE_CTX_get_error(chain);
    if (why != X509_V_ERR_HOSTNAME_MISMATCH && why != X509_V_ERR_IP_ADDRESS_MISMATCH) return 0;
    auto const* const connection =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto const* const own = static_cast<X509 const*>(
        SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), own_certificate_slot()));
    auto const* const shown = X509_STORE_CTX_get0_cert(chain);
    return own != nullptr && X509_cmp(own, shown) == 0 ? 1 : 0;
}

void know_first_certificate(SSL_CTX* context, std::string const& file) {
    auto* const in = BIO_new_file(file.c_str(), "r");
    if (in == nullptr) return;
    auto* const first = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
    BIO_free(in);
    if (first == nullptr) return;
    if (SSL_CTX_set_ex_data(context, own_certificate_slot(), first) != 1) X509_free(first);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &allow_own_certificate);
}

}  // namespace

void offer_modern_tls(ssl::context& context) {
    modern_only(context);
    SSL_CTX_set_alpn_select_cb(context.native_handle(), &choose_protocol, nullptr);
}

std::shared_ptr<ssl::context> make_server_tls(tls_files const& files) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    offer_modern_tls(*context);
    boost::system::error_code ec;
    context->use_certificate_chain_file(files.certificate, ec);
    require(ec, "The certificate file", files.certificate);
    context->use_private_key_file(files.private_key, ssl::context::pem, ec);
    require(ec, "The private key file", files.private_key);
    if (SSL_CTX_check_private_key(context->native_handle()) != 1)
        throw std::runtime_error("The private key file " + files.private_key +
                                 " does not belong to the certificate " + files.certificate);
    return context;
}

std::shared_ptr<ssl::context> make_client_tls(std::string const& extra_ca_file) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
    modern_only(*context);
    boost::system::error_code ec;
    context->set_default_verify_paths(ec);  // a machine without a store trusts the file alone
    context->set_verify_mode(ssl::verify_peer);
    auto* const store = SSL_CTX_get_cert_store(context->native_handle());
    // A leaf in the file is trust enough, without its root (tls.hpp).
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    if (!extra_ca_file.empty() && X509_STORE_load_file(store, extra_ca_file.c_str()) != 1) {
        ERR_clear_error();
        throw std::runtime_error("The file of trusted certificates " + extra_ca_file +
                                 " cannot be read or holds none");
    }
    if (!extra_ca_file.empty()) know_first_certificate(context->native_handle(), extra_ca_file);
    return context;
}

void expect_host(SSL* connection, std::string const& host) {
    boost::system::error_code ec;
    asio::ip::make_address(host, ec);
    auto* const wanted = SSL_get0_param(connection);
    if (!ec) {
        X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str());
        return;
    }
    SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host.c_str()));
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size());
    // OpenSSL takes no wildcard directly below a top-level name, so "*.localhost" matches
    // nothing; such a name is always our own loopback, which the plain name proves as well.
    constexpr std::string_view local = "localhost";
    if (host.ends_with(".localhost"))
        X509_VERIFY_PARAM_add1_host(wanted, local.data(), local.size());
}

bool spoke_plain_http(boost::system::error_code const& ec) noexcept {
    return ec.category() == asio::error::get_ssl_category() &&
           ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == SSL_R_HTTP_REQUEST;
}

}  // namespace tollgate::http
