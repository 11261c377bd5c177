#include "http/net/certs.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace tollgate::http {
namespace {

constexpr long day = 24L * 60 * 60;
// More than 825 days are refused by macOS even below a trusted CA.
constexpr long leaf_days = 820;
constexpr long ca_days = 3650;
constexpr long renew_before = 7 * day;

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
using number_ptr = std::unique_ptr<BIGNUM, freed_by<&BN_free>>;

void require(bool ok, char const* what) {
    if (ok) return;
    ERR_clear_error();
    throw std::runtime_error(std::string("Making certificates failed at ") + what + ".");
}

key_ptr make_key() {
    key_ptr key(EVP_EC_gen("P-256"));
    require(key != nullptr, "the key");
    return key;
}

void add_extension(X509* to, X509* issuer, int nid, char const* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    std::unique_ptr<X509_EXTENSION, freed_by<&X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    require(extension != nullptr && X509_add_ext(to, extension.get(), -1) == 1, "an extension");
}

// Everything that CA and leaf have in common; not yet signed.
certificate_ptr make_certificate(EVP_PKEY* key, char const* name, long days) {
    certificate_ptr one(X509_new());
    require(one != nullptr, "the certificate");
    X509_set_version(one.get(), X509_VERSION_3);
    // RFC 5280 §4.1.2.2: positive, and no other certificate has it.
    number_ptr const serial(BN_new());
    require(serial && BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(one.get())) != nullptr,
            "the serial number");
    X509_gmtime_adj(X509_getm_notBefore(one.get()), -3600);  // clocks differ
    X509_gmtime_adj(X509_getm_notAfter(one.get()), days * day);
    require(X509_set_pubkey(one.get(), key) == 1, "the public key");
    auto* const subject = X509_get_subject_name(one.get());
    auto const add = [subject](char const* field, char const* value) {
        require(X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8,
                                           reinterpret_cast<unsigned char const*>(value), -1, -1,
                                           0) == 1,
                "the name");
    };
    add("O", "tollgate");
    add("CN", name);
    return one;
}

void sign(X509* one, EVP_PKEY* with) {
    require(X509_sign(one, with, EVP_sha256()) != 0, "the signature");
}

certificate_ptr make_ca(EVP_PKEY* key) {
    auto ca = make_certificate(key, "tollgate local CA", ca_days);
    X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get()));
    add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
    sign(ca.get(), key);
    return ca;
}

certificate_ptr make_leaf(EVP_PKEY* key, X509* ca, EVP_PKEY* ca_key) {
    auto leaf = make_certificate(key, "localhost", leaf_days);
    X509_set_issuer_name(leaf.get(), X509_get_subject_name(ca));
    add_extension(leaf.get(), ca, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(leaf.get(), ca, NID_key_usage, "critical,digitalSignature");
    add_extension(leaf.get(), ca, NID_ext_key_usage, "serverAuth");
    add_extension(leaf.get(), ca, NID_subject_alt_name,
                  "DNS:localhost,DNS:*.localhost,IP:127.0.0.1,IP:::1");
    add_extension(leaf.get(), ca, NID_subject_key_identifier, "hash");
    add_extension(leaf.get(), ca, NID_authority_key_identifier, "keyid:always");
    sign(leaf.get(), ca_key);
    return leaf;
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(memory, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

std::string pem(X509* one) {
    bio_ptr const memory(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(memory.get(), one) == 1, "writing a certificate");
    return text_of(memory.get());
}

std::string pem(EVP_PKEY* key) {
    bio_ptr const memory(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr,
                                          nullptr) == 1,
            "writing the key");
    return text_of(memory.get());
}

// The file appears whole or not at all, and never with wider permissions than `mode`.
void write_file(std::filesystem::path const& file, std::string const& text, mode_t mode) {
    auto const fail = [&file] {
        throw std::runtime_error("Cannot write " + file.string() + ": " + std::strerror(errno) +
                                 ".");
    };
    auto const draft = file.string() + ".new";
    // What a run left that was killed; and O_EXCL follows no link that was put there.
    ::unlink(draft.c_str());
    int const to = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (to < 0) fail();
    auto const written = ::write(to, text.data(), text.size());
    bool const closed = ::close(to) == 0;
    if (written != static_cast<ssize_t>(text.size()) || !closed) fail();
    if (::rename(draft.c_str(), file.c_str()) != 0) fail();
}

bio_ptr open_file(std::filesystem::path const& file) {
    return bio_ptr(BIO_new_file(file.c_str(), "r"));
}

bool still_good(X509* one) {
    std::time_t soon = std::time(nullptr) + renew_before;
    return X509_cmp_time(X509_get0_notAfter(one), &soon) > 0;
}

// All three are there, belong together, and are good for another week.
bool usable(certificate_files const& files) {
    auto const ca_file = open_file(files.ca);
    auto const leaf_file = open_file(files.certificate);
    auto const key_file = open_file(files.key);
    if (!ca_file || !leaf_file || !key_file) return false;
    certificate_ptr const ca(PEM_read_bio_X509(ca_file.get(), nullptr, nullptr, nullptr));
    certificate_ptr const leaf(PEM_read_bio_X509(leaf_file.get(), nullptr, nullptr, nullptr));
    certificate_ptr const chained(PEM_read_bio_X509(leaf_file.get(), nullptr, nullptr, nullptr));
    key_ptr const key(PEM_read_bio_PrivateKey(key_file.get(), nullptr, nullptr, nullptr));
    return ca && leaf && chained && key && still_good(ca.get()) && still_good(leaf.get()) &&
           X509_check_private_key(leaf.get(), key.get()) == 1 &&
           X509_cmp(ca.get(), chained.get()) == 0 &&
           X509_verify(leaf.get(), X509_get0_pubkey(ca.get())) == 1;
}

}  // namespace

certificate_files write_certificates(std::filesystem::path const& dir) {
    std::error_code ec;
    std::filesystem::create_directories(dir, ec);
    if (ec)
        throw std::runtime_error("Cannot make the directory " + dir.string() + ": " + ec.message() +
                                 ".");
    certificate_files files{dir / "ca.pem", dir / "localhost.pem", dir / "localhost-key.pem"};
    bool const good = usable(files);
    ERR_clear_error();
    if (good) return files;
    auto const ca_key = make_key();
    auto const key = make_key();
    auto const ca = make_ca(ca_key.get());
    auto const leaf = make_leaf(key.get(), ca.get(), ca_key.get());
    // A set that is written only in part does not belong together and is made anew (usable).
    write_file(files.key, pem(key.get()), 0600);
    write_file(files.certificate, pem(leaf.get()) + pem(ca.get()), 0644);
    write_file(files.ca, pem(ca.get()), 0644);
    files.written = true;
    return files;
}

}  // namespace tollgate::http
