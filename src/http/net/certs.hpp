// Certificates for local TLS: what `tollgate certs` writes.
#pragma once

#include <filesystem>

namespace tollgate::http {

struct certificate_files {
    std::filesystem::path ca;           // ca.pem
    std::filesystem::path certificate;  // localhost.pem: the leaf, then the CA
    std::filesystem::path key;          // localhost-key.pem, mode 0600
    bool written = false;               // false: what was there is still good
};

// Makes a CA and a leaf for localhost, *.localhost, 127.0.0.1 and ::1 in `dir`, unless a set that
// belongs together and is good for another week is there already. The CA's key is thrown away:
// what a person has put into a trust store must not be able to sign anything else. Throws
// std::runtime_error with a sentence.
certificate_files write_certificates(std::filesystem::path const& dir);

}  // namespace tollgate::http
