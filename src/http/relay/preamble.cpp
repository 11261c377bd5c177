#include "http/relay/preamble.hpp"

#include <charconv>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace tollgate::http {

namespace {

template <class Number>
bool read_number(std::string_view& rest, Number& into) {
    auto const line = next_part(rest, '\n');
    auto const read = std::from_chars(line.data(), line.data() + line.size(), into);
    return read.ec == std::errc() && read.ptr == line.data() + line.size();
}

}  // namespace

std::string text_of(relay_preamble const& p) {
    auto const& l = p.listener;
    std::string all = p.peer + '\n' + l.host + '\n';
    for (unsigned const n : {static_cast<unsigned>(l.at), unsigned(l.tls), unsigned(l.loopback),
                             unsigned(l.port), unsigned(l.as_port), unsigned(l.mcp_port)})
        all += std::to_string(n) + '\n';
    return all;
}

std::optional<relay_preamble> preamble_from(std::string_view text) {
    relay_preamble p;
    auto& l = p.listener;
    p.peer = next_part(text, '\n');
    l.host = next_part(text, '\n');
    unsigned at = 0;
    unsigned tls = 0;
    unsigned loopback = 0;
    bool const whole = read_number(text, at) && read_number(text, tls) &&
                       read_number(text, loopback) && read_number(text, l.port) &&
                       read_number(text, l.as_port) && read_number(text, l.mcp_port);
    if (!whole || at > static_cast<unsigned>(site::shared)) return std::nullopt;
    l.at = static_cast<site>(at);
    l.tls = tls != 0;
    l.loopback = loopback != 0;
    return p;
}

std::string relay_proof(std::string_view key, relay_side of, std::string_view nonce_of_called,
                        std::string_view nonce_of_caller, std::string_view called) {
    std::string text(of == relay_side::caller ? "caller" : "called");
    text.append(1, '\0').append(nonce_of_called).append(nonce_of_caller).append(called);
    return hmac_sha256(key, text);
}

}  // namespace tollgate::http
