#include "http/net/flawed_tls.hpp"

#include <optional>
#include <stdexcept>

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/ssl.h>
#include <openssl/tls1.h>
#include <boost/asio/ssl/context.hpp>

#include "http/net/certificate.hpp"
#include "http/net/tls.hpp"

namespace tollgate::http {

namespace ssl = boost::asio::ssl;

namespace {

constexpr long one_day = 24L * 60 * 60;
constexpr char const* own_names = "DNS:localhost,DNS:*.localhost,IP:127.0.0.1,IP:::1";

void require_usable(bool ok, char const* what) {
    if (ok) return;
    ERR_clear_error();
    throw std::runtime_error(std::string("Making a TLS context failed at ") + what + ".");
}

struct authority {
    explicit authority(char const* name)
        : key(make_key()), certificate(make_ca(key.get(), name, {-2 * one_day, 365 * one_day})) {}
    key_ptr key;
    certificate_ptr certificate;
};

authority const& known_authority() {
    static authority const one("tollgate CA of this run");
    return one;
}

// Lives as long as the context.
struct flawed_context {
    ssl::context context{ssl::context::tls_server};
    key_ptr key = make_key();
    certificate_ptr leaf;
    std::string ocsp;  // DER of the answer that is stapled
};

validity validity_with(tls_flaw flaw) noexcept {
    if (flaw == tls_flaw::expired) return {-2 * one_day, -one_day};
    if (flaw == tls_flaw::not_yet_valid) return {one_day, 30 * one_day};
    return {-3600, 30 * one_day};
}

void use_certificate(flawed_context& c, tls_flaw flaw) {
    auto const when = validity_with(flaw);
    auto const* const names = flaw == tls_flaw::wrong_host ? "DNS:wrong.host.example" : own_names;
    auto const stranger = flaw == tls_flaw::unknown_ca
                              ? std::make_unique<authority>("a CA that nobody knows")
                              : nullptr;
    auto const& by = stranger ? *stranger : known_authority();
    bool const signs_itself = flaw == tls_flaw::self_signed;
    c.leaf = make_leaf(c.key.get(), names, when, signs_itself ? nullptr : by.certificate.get(),
                       signs_itself ? c.key.get() : by.key.get());
    auto* const context = c.context.native_handle();
    require_usable(SSL_CTX_use_certificate(context, c.leaf.get()) == 1, "the certificate");
    require_usable(SSL_CTX_use_PrivateKey(context, c.key.get()) == 1, "the key");
    // The chain belongs to the certificate that is there.
    if (signs_itself) return;
    require_usable(SSL_CTX_add1_chain_cert(context, by.certificate.get()) == 1, "the chain");
}

// RFC 6960 §4.2.1: the certificate was revoked an hour ago, its key being known to others.
std::string revocation_of(X509* leaf) {
    auto const& by = known_authority();
    using basic_ptr = std::unique_ptr<OCSP_BASICRESP, freed_by<&OCSP_BASICRESP_free>>;
    using answer_ptr = std::unique_ptr<OCSP_RESPONSE, freed_by<&OCSP_RESPONSE_free>>;
    using time_ptr = std::unique_ptr<ASN1_TIME, freed_by<&ASN1_STRING_free>>;
    using id_ptr = std::unique_ptr<OCSP_CERTID, freed_by<&OCSP_CERTID_free>>;
    basic_ptr const basic(OCSP_BASICRESP_new());
    id_ptr const id(OCSP_cert_to_id(EVP_sha1(), leaf, by.certificate.get()));
    time_ptr const revoked(X509_gmtime_adj(nullptr, -3600));
    time_ptr const now(X509_gmtime_adj(nullptr, -60));
    time_ptr const next(X509_gmtime_adj(nullptr, one_day));
    require_usable(basic && id && revoked && now && next, "the OCSP answer");
    require_usable(OCSP_basic_add1_status(basic.get(), id.get(), V_OCSP_CERTSTATUS_REVOKED,
                                          OCSP_REVOKED_STATUS_KEYCOMPROMISE, revoked.get(),
                                          now.get(), next.get()) != nullptr &&
                       OCSP_basic_sign(basic.get(), by.certificate.get(), by.key.get(),
                                       EVP_sha256(), nullptr, 0) == 1,
                   "the OCSP answer");
    answer_ptr const answer(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
    unsigned char* der = nullptr;
    auto const size = i2d_OCSP_RESPONSE(answer.get(), &der);
    require_usable(size > 0, "the OCSP answer");
    std::string bytes(reinterpret_cast<char const*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return bytes;
}

int staple(SSL* connection, void* text) {
    auto const& der = *static_cast<std::string const*>(text);
    auto* const copy = OPENSSL_memdup(der.data(), der.size());
    if (copy == nullptr) return SSL_TLSEXT_ERR_ALERT_FATAL;
    SSL_set_tlsext_status_ocsp_resp(connection, copy, static_cast<long>(der.size()));
    return SSL_TLSEXT_ERR_OK;
}

int refuse_name(SSL*, int* alert, void*) {
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

int accept_any_certificate(int, X509_STORE_CTX*) {
    return 1;
}

void spoil(flawed_context& c, tls_flaw flaw) {
    auto* const context = c.context.native_handle();
    switch (flaw) {
        case tls_flaw::revoked:
            c.ocsp = revocation_of(c.leaf.get());
            // The macros of OpenSSL for these two have casts of C.
            SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB,
                                  reinterpret_cast<void (*)()>(&staple));
            SSL_CTX_set_tlsext_status_arg(context, &c.ocsp);
            break;
        case tls_flaw::old_version:
            SSL_CTX_set_security_level(context, 0);
            SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
            SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
            require_usable(SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0") == 1, "the ciphers");
            break;
        case tls_flaw::weak_cipher:
            SSL_CTX_set_security_level(context, 0);
            SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
            require_usable(
                SSL_CTX_set_cipher_list(context, "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0") == 1,
                "the cipher");
            break;
        case tls_flaw::no_alpn:
            SSL_CTX_set_alpn_select_cb(context, nullptr, nullptr);
            break;
        case tls_flaw::unrecognized_name:
            SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                                  reinterpret_cast<void (*)()>(&refuse_name));
            break;
        case tls_flaw::client_certificate:
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                               &accept_any_certificate);
            break;
        default:
            break;  // in the certificate, or in how the connection ends
    }
}

std::shared_ptr<ssl::context> make_context(std::optional<tls_flaw> flaw) {
    auto const c = std::make_shared<flawed_context>();
    offer_modern_tls(c->context);
    // no_alpn is as good as any flaw that is in no certificate.
    use_certificate(*c, flaw.value_or(tls_flaw::no_alpn));
    if (flaw) spoil(*c, *flaw);
    return std::shared_ptr<ssl::context>(c, &c->context);
}

}  // namespace

std::string const& flawed_tls_authority() {
    static std::string const text = pem(known_authority().certificate.get());
    return text;
}

std::shared_ptr<ssl::context> make_flawed_tls(tls_flaw flaw) {
    return make_context(flaw);
}

std::shared_ptr<ssl::context> make_sound_tls() {
    return make_context(std::nullopt);
}

}  // namespace tollgate::http
