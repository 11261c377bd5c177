// Keys and certificates in memory: what certs.cpp and flawed_tls.cpp are made of.
#pragma once

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace tollgate::http {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* p) const noexcept {
        Free(p);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<&EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<&X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<&BIO_free>>;

// In seconds from now.
struct validity {
    long from = -3600;  // clocks differ
    long until = 0;
};

// These throw std::runtime_error with a sentence.

// ECDSA on P-256.
key_ptr make_key();
// A CA that signs itself.
certificate_ptr make_ca(EVP_PKEY* key, char const* name, validity when);
// Of a server. `names`: "DNS:localhost,IP:127.0.0.1" (X509v3 subjectAltName of OpenSSL). `issuer`
// is null where it signs itself with `issuer_key`.
certificate_ptr make_leaf(EVP_PKEY* key, char const* names, validity when, X509* issuer,
                          EVP_PKEY* issuer_key);
std::string pem(X509* one);
std::string pem(EVP_PKEY* key);

}  // namespace tollgate::http
