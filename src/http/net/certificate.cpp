#include "http/net/certificate.hpp"

#include <stdexcept>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace tollgate::http {

namespace {

using number_ptr = std::unique_ptr<BIGNUM, freed_by<&BN_free>>;

void require_made(bool ok, char const* what) {
    if (ok) return;
    ERR_clear_error();
    throw std::runtime_error(std::string("Making certificates failed at ") + what + ".");
}

void add_extension(X509* to, X509* issuer, int nid, char const* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    std::unique_ptr<X509_EXTENSION, freed_by<&X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    require_made(extension != nullptr && X509_add_ext(to, extension.get(), -1) == 1,
                 "an extension");
}

// Everything that CA and leaf have in common; not yet signed.
certificate_ptr make_certificate(EVP_PKEY* key, char const* name, validity when) {
    certificate_ptr one(X509_new());
    require_made(one != nullptr, "the certificate");
    X509_set_version(one.get(), X509_VERSION_3);
    // RFC 5280 §4.1.2.2: positive, and no other certificate has it.
    number_ptr const serial(BN_new());
    require_made(serial && BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                     BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(one.get())) != nullptr,
                 "the serial number");
    X509_gmtime_adj(X509_getm_notBefore(one.get()), when.from);
    X509_gmtime_adj(X509_getm_notAfter(one.get()), when.until);
    require_made(X509_set_pubkey(one.get(), key) == 1, "the public key");
    auto* const subject = X509_get_subject_name(one.get());
    auto const add = [subject](char const* field, char const* value) {
        require_made(X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8,
                                                reinterpret_cast<unsigned char const*>(value), -1,
                                                -1, 0) == 1,
                     "the name");
    };
    add("O", "tollgate");
    add("CN", name);
    return one;
}

void sign(X509* one, EVP_PKEY* with) {
    require_made(X509_sign(one, with, EVP_sha256()) != 0, "the signature");
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(memory, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace

key_ptr make_key() {
    key_ptr key(EVP_EC_gen("P-256"));
    require_made(key != nullptr, "the key");
    return key;
}

certificate_ptr make_ca(EVP_PKEY* key, char const* name, validity when) {
    auto ca = make_certificate(key, name, when);
    X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get()));
    add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
    sign(ca.get(), key);
    return ca;
}

certificate_ptr make_leaf(EVP_PKEY* key, char const* names, validity when, X509* issuer,
                          EVP_PKEY* issuer_key) {
    auto leaf = make_certificate(key, "localhost", when);
    auto* const by = issuer != nullptr ? issuer : leaf.get();
    X509_set_issuer_name(leaf.get(), X509_get_subject_name(by));
    add_extension(leaf.get(), by, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(leaf.get(), by, NID_key_usage, "critical,digitalSignature");
    add_extension(leaf.get(), by, NID_ext_key_usage, "serverAuth");
    add_extension(leaf.get(), by, NID_subject_alt_name, names);
    add_extension(leaf.get(), by, NID_subject_key_identifier, "hash");
    if (issuer != nullptr)
        add_extension(leaf.get(), by, NID_authority_key_identifier, "keyid:always");
    sign(leaf.get(), issuer_key);
    return leaf;
}

std::string pem(X509* one) {
    bio_ptr const memory(BIO_new(BIO_s_mem()));
    require_made(PEM_write_bio_X509(memory.get(), one) == 1, "writing a certificate");
    return text_of(memory.get());
}

std::string pem(EVP_PKEY* key) {
    bio_ptr const memory(BIO_new(BIO_s_mem()));
    require_made(PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr,
                                               nullptr) == 1,
                 "writing the key");
    return text_of(memory.get());
}

}  // namespace tollgate::http
