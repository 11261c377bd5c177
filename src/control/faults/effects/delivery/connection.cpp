// connect, tls: what a client meets before it has sent a request.
#include "control/faults/effects/kinds.hpp"

namespace tollgate::control::effects {

namespace {

using http::listener_conduct;
using http::tls_flaw;
using manner = listener_conduct::manner;

class of_connections final : public effect {
public:
    connection_rule rule;

    unsigned seams() const noexcept override { return on_connection; }
    connection_rule const* connections() const noexcept override { return &rule; }
};

// A listener of the realm is one server's, or both servers'.
unsigned read_sides(object_reader& in) {
    constexpr std::string_view servers[] = {"both", "authorization_server", "mcp"};
    constexpr unsigned sides[] = {both_sides, as_side, mcp_side};
    return sides[in.choice("server", servers).value_or(0)];
}

constexpr std::string_view ways[] = {"refuse", "no_accept", "backlog_full",
                                     "silent", "end",       "reset"};
constexpr manner way_values[] = {manner::refuse, manner::no_accept, manner::backlog_full,
                                 manner::silent, manner::end,       manner::reset};

// The flaws of tls_flaw in their order, then what is no TLS at all.
constexpr std::string_view flaws[] = {
    "self_signed",       "unknown_ca",         "expired",       "not_yet_valid", "wrong_host",
    "revoked",           "old_version",        "weak_cipher",   "no_alpn",       "no_close_notify",
    "unrecognized_name", "client_certificate", "cut_handshake", "plain_http"};
constexpr std::size_t first_without_tls = 12;

}  // namespace

new_effect read_connect(object_reader& in) {
    auto e = std::make_shared<of_connections>();
    if (auto const i = in.need("how", "a way to treat connections").choice("how", ways))
        e->rule.how.how = way_values[*i];
    e->rule.sides = read_sides(in);
    return e;
}

new_effect read_tls(object_reader& in) {
    auto e = std::make_shared<of_connections>();
    auto& how = e->rule.how;
    how.how = manner::tls;
    if (auto const i = in.need("flaw", "what is wrong with it").choice("flaw", flaws)) {
        if (*i < first_without_tls)
            how.flaw = static_cast<tls_flaw>(*i);
        else
            how.how = *i == first_without_tls ? manner::cut_handshake : manner::plain;
    }
    e->rule.sides = read_sides(in);
    return e;
}

}  // namespace tollgate::control::effects
