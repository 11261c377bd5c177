// The key of the client that a transcript plays, for DPoP proofs and client assertions. Made of
// OpenSSL alone, so that a mistake of the program's own signatures cannot hide here.
#pragma once

#include <string>
#include <string_view>

namespace test::wire {

// base64url without padding (RFC 7515 §2).
std::string base64url(std::string_view bytes);
std::string from_base64url(std::string_view text);
std::string base64(std::string_view bytes);
// Its 32 bytes.
std::string sha256(std::string_view text);
// A JWS in compact form, signed with client_key.pem by ES256 (RFC 7518 §3.4).
std::string sign(std::string_view header, std::string_view claims);

}  // namespace test::wire
