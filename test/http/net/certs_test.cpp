// Certificates for local TLS: what is in them, and when new ones are made.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <boost/test/unit_test.hpp>

#include "http/net/certs.hpp"
#include "support/folder.hpp"

namespace http = tollgate::http;
namespace fs = std::filesystem;

namespace {

std::string text(fs::path const& file) {
    std::ostringstream all;
    all << std::ifstream(file).rdbuf();
    return all.str();
}

using certificate = std::unique_ptr<X509, decltype(&X509_free)>;

certificate first_in(fs::path const& file) {
    std::unique_ptr<BIO, decltype(&BIO_free)> const bio(BIO_new_file(file.c_str(), "r"), &BIO_free);
    return certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free);
}

bool verifies(X509* leaf, X509* trusted, unsigned long flags) {
    std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> const store(X509_STORE_new(),
                                                                        &X509_STORE_free);
    std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> const context(
        X509_STORE_CTX_new(), &X509_STORE_CTX_free);
    X509_STORE_add_cert(store.get(), trusted);
    X509_STORE_set_flags(store.get(), flags);
    X509_STORE_CTX_init(context.get(), store.get(), leaf, nullptr);
    X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
    return X509_verify_cert(context.get()) == 1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(certs)

BOOST_AUTO_TEST_CASE(makes_a_leaf_that_its_ca_vouches_for_as_a_server) {
    test::folder dir;
    auto const files = http::write_certificates(dir.path() / "deep" / "certs");
    BOOST_TEST(files.written);
    auto const ca = first_in(files.ca);
    auto const leaf = first_in(files.certificate);
    BOOST_REQUIRE(ca);
    BOOST_REQUIRE(leaf);
    BOOST_TEST(verifies(leaf.get(), ca.get(), X509_V_FLAG_X509_STRICT));
    BOOST_TEST(verifies(leaf.get(), leaf.get(), X509_V_FLAG_PARTIAL_CHAIN));
    BOOST_TEST(X509_check_ca(ca.get()) == 1);
    BOOST_TEST(X509_check_ca(leaf.get()) == 0);
    BOOST_TEST(X509_check_host(leaf.get(), "localhost", 0, 0, nullptr) == 1);
    BOOST_TEST(X509_check_host(leaf.get(), "example.com", 0, 0, nullptr) == 0);
    BOOST_TEST(X509_check_ip_asc(leaf.get(), "127.0.0.1", 0) == 1);
    BOOST_TEST(X509_check_ip_asc(leaf.get(), "::1", 0) == 1);
    BOOST_TEST(X509_check_ip_asc(leaf.get(), "192.0.2.1", 0) == 0);
    int days = 0;
    int seconds = 0;
    ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(leaf.get()),
                   X509_get0_notAfter(leaf.get()));
    BOOST_TEST(days <= 825);
    BOOST_TEST(days > 300);
}

BOOST_AUTO_TEST_CASE(keeps_the_private_key_private_and_the_chain_whole) {
    test::folder dir;
    auto const files = http::write_certificates(dir.path());
    struct stat info {};
    BOOST_REQUIRE(::stat(files.key.c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777) == 0600u);
    BOOST_TEST(text(files.certificate).ends_with(text(files.ca)));
    BOOST_TEST(text(files.key).starts_with("-----BEGIN PRIVATE KEY-----"));
    BOOST_TEST(text(files.certificate).find("PRIVATE") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(leaves_good_files_alone) {
    test::folder dir;
    auto const first = http::write_certificates(dir.path());
    auto const before = text(first.ca) + text(first.certificate) + text(first.key);
    auto const second = http::write_certificates(dir.path());
    BOOST_TEST(!second.written);
    BOOST_TEST((text(first.ca) + text(first.certificate) + text(first.key) == before));
}

BOOST_AUTO_TEST_CASE(makes_a_new_set_when_one_file_is_missing_broken_or_of_another_set) {
    test::folder dir;
    test::folder other;
    auto const files = http::write_certificates(dir.path());
    auto const foreign = http::write_certificates(other.path());
    fs::remove(files.ca);
    BOOST_TEST(http::write_certificates(dir.path()).written);
    std::ofstream(files.certificate) << "nonsense";
    BOOST_TEST(http::write_certificates(dir.path()).written);
    fs::copy_file(foreign.key, files.key, fs::copy_options::overwrite_existing);
    BOOST_TEST(http::write_certificates(dir.path()).written);
    fs::copy_file(foreign.ca, files.ca, fs::copy_options::overwrite_existing);
    BOOST_TEST(http::write_certificates(dir.path()).written);
    BOOST_TEST(!http::write_certificates(dir.path()).written);
}

BOOST_AUTO_TEST_CASE(says_where_it_cannot_write) {
    test::folder dir;
    auto const file = dir.path() / "file";
    std::ofstream(file) << "x";
    BOOST_CHECK_EXCEPTION(http::write_certificates(file / "certs"), std::runtime_error,
                          [&](std::runtime_error const& e) {
                              return std::string(e.what()).find(file.string()) != std::string::npos;
                          });
}

BOOST_AUTO_TEST_SUITE_END()
