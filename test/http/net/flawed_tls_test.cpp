// Certificates with a flaw, as OpenSSL sees them.
#include "http/net/flawed_tls.hpp"

#include <memory>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <boost/asio/ssl/context.hpp>
#include <boost/test/unit_test.hpp>

namespace http = tollgate::http;

namespace {

using http::tls_flaw;

X509* leaf_of(boost::asio::ssl::context& c) {
    return SSL_CTX_get0_certificate(c.native_handle());
}

struct authority {
    authority() {
        auto const& text = http::flawed_tls_authority();
        auto* const in = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
        ca.reset(PEM_read_bio_X509(in, nullptr, nullptr, nullptr));
        BIO_free(in);
    }

    // X509_V_OK, or the first thing that is wrong for who trusts the authority and calls that host.
    int verified(X509* leaf, char const* host = "localhost") const {
        std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> const store(X509_STORE_new(),
                                                                            &X509_STORE_free);
        std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> const context(
            X509_STORE_CTX_new(), &X509_STORE_CTX_free);
        X509_STORE_add_cert(store.get(), ca.get());
        X509_STORE_CTX_init(context.get(), store.get(), leaf, nullptr);
        X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
        X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(context.get()), host, 0);
        X509_verify_cert(context.get());
        return X509_STORE_CTX_get_error(context.get());
    }
    int verified(tls_flaw flaw) const {
        auto const made = http::make_flawed_tls(flaw);
        return verified(leaf_of(*made));
    }

    std::unique_ptr<X509, decltype(&X509_free)> ca{nullptr, &X509_free};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(flawed_tls, authority)

BOOST_AUTO_TEST_CASE(each_certificate_has_its_flaw_and_no_other) {
    BOOST_TEST(verified(tls_flaw::self_signed) == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
    BOOST_TEST(verified(tls_flaw::unknown_ca) == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
    BOOST_TEST(verified(tls_flaw::expired) == X509_V_ERR_CERT_HAS_EXPIRED);
    BOOST_TEST(verified(tls_flaw::not_yet_valid) == X509_V_ERR_CERT_NOT_YET_VALID);
    BOOST_TEST(verified(tls_flaw::wrong_host) == X509_V_ERR_HOSTNAME_MISMATCH);
    auto const elsewhere = http::make_flawed_tls(tls_flaw::wrong_host);
    BOOST_TEST(verified(leaf_of(*elsewhere), "wrong.host.example") == X509_V_OK);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_the_handshake_is_not_wrong_with_the_certificate) {
    for (auto const flaw :
         {tls_flaw::revoked, tls_flaw::old_version, tls_flaw::weak_cipher, tls_flaw::no_alpn,
          tls_flaw::no_close_notify, tls_flaw::unrecognized_name, tls_flaw::client_certificate})
        BOOST_TEST(verified(flaw) == X509_V_OK);
    auto const sound = http::make_sound_tls();
    BOOST_TEST(verified(leaf_of(*sound)) == X509_V_OK);
}

BOOST_AUTO_TEST_CASE(versions_are_bounded) {
    auto const old = http::make_flawed_tls(tls_flaw::old_version);
    BOOST_TEST(SSL_CTX_get_max_proto_version(old->native_handle()) == TLS1_1_VERSION);
    auto const sound = http::make_sound_tls();
    BOOST_TEST(SSL_CTX_get_min_proto_version(sound->native_handle()) == TLS1_2_VERSION);
}

BOOST_AUTO_TEST_CASE(the_authority_is_one_for_the_whole_run_and_a_ca) {
    BOOST_TEST(&http::flawed_tls_authority() == &http::flawed_tls_authority());
    BOOST_REQUIRE(ca);
    BOOST_TEST(X509_check_ca(ca.get()) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
