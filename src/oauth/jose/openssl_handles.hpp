// Owners of OpenSSL objects; only the files that speak to OpenSSL include this.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

namespace tollgate::oauth {

struct free_openssl {
    void operator()(EVP_PKEY* p) const noexcept { EVP_PKEY_free(p); }
    void operator()(EVP_PKEY_CTX* p) const noexcept { EVP_PKEY_CTX_free(p); }
    void operator()(EVP_MD_CTX* p) const noexcept { EVP_MD_CTX_free(p); }
    void operator()(BIO* p) const noexcept { BIO_free_all(p); }
    void operator()(BIGNUM* p) const noexcept { BN_free(p); }
    void operator()(ECDSA_SIG* p) const noexcept { ECDSA_SIG_free(p); }
    void operator()(OSSL_PARAM_BLD* p) const noexcept { OSSL_PARAM_BLD_free(p); }
    void operator()(OSSL_PARAM* p) const noexcept { OSSL_PARAM_free(p); }
};
template <class T>
using openssl_ptr = std::unique_ptr<T, free_openssl>;

inline unsigned char const* bytes_of(std::string_view s) noexcept {
    return static_cast<unsigned char const*>(static_cast<void const*>(s.data()));
}
inline unsigned char* bytes_of(std::string& s) noexcept {
    return static_cast<unsigned char*>(static_cast<void*>(s.data()));
}

}  // namespace tollgate::oauth
