// Preamble of a request that is passed on: who sent it, and by which listener it came. And how two
// instances prove to each other that they are of one server.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message/listener.hpp"

namespace tollgate::http {

struct relay_preamble {
    std::string peer;  // the address of the client: "192.0.2.7"
    listener_info listener;
};

// Lines of text.
std::string text_of(relay_preamble const& p);
// Nothing where it is none.
std::optional<relay_preamble> preamble_from(std::string_view text);

inline constexpr std::size_t longest_preamble = 4096;

// Between the two a connection begins so: the one that accepted sends `hello` and a nonce; the
// other a nonce and its proof; the first its proof. A proof is of who gives it, of both nonces and
// of the instance that accepted, under a key that all have.
inline constexpr std::string_view relay_hello = "tollgate relay 1\n";
inline constexpr std::size_t nonce_size = 32;
inline constexpr std::size_t proof_size = 32;
enum class relay_side { caller, called };
std::string relay_proof(std::string_view key, relay_side of, std::string_view nonce_of_called,
                        std::string_view nonce_of_caller, std::string_view called);

}  // namespace tollgate::http
