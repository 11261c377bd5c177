// TLS contexts of a server that have one flaw each, with certificates made at run time.
#pragma once

#include <memory>
#include <string>

#include "http/message/listener_conduct.hpp"

namespace boost::asio::ssl {
class context;
}

namespace tollgate::http {

// The CA of this process, as PEM: the certificates below are its own, but for those whose flaw is
// their signer. Its key never leaves memory. Thread-safe; throws std::runtime_error.
std::string const& flawed_tls_authority();

// With that flaw and no other: who trusts the authority and does not look for it is let through,
// where that can be. Throws std::runtime_error with a sentence.
std::shared_ptr<boost::asio::ssl::context> make_flawed_tls(tls_flaw flaw);
// Without any: for localhost, *.localhost, 127.0.0.1 and ::1.
std::shared_ptr<boost::asio::ssl::context> make_sound_tls();

}  // namespace tollgate::http
