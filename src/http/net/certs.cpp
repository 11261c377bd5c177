#include "http/net/certs.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "http/net/certificate.hpp"

namespace tollgate::http {
namespace {

constexpr long day = 24L * 60 * 60;
// More than 825 days are refused by macOS even below a trusted CA.
constexpr long leaf_days = 820;
constexpr long ca_days = 3650;
constexpr long renew_before = 7 * day;

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
    validity const of_ca{-3600, ca_days * day};
    auto const ca = make_ca(ca_key.get(), "tollgate local CA", of_ca);
    validity const of_leaf{-3600, leaf_days * day};
    auto const leaf = make_leaf(key.get(), "DNS:localhost,DNS:*.localhost,IP:127.0.0.1,IP:::1",
                                of_leaf, ca.get(), ca_key.get());
    // A set that is written only in part does not belong together and is made anew (usable).
    write_file(files.key, pem(key.get()), 0600);
    write_file(files.certificate, pem(leaf.get()) + pem(ca.get()), 0644);
    write_file(files.ca, pem(ca.get()), 0644);
    files.written = true;
    return files;
}

}  // namespace tollgate::http
