#include "oauth/dpop/request.hpp"

#include <algorithm>
#include <utility>

#include "http/message/url.hpp"

namespace tollgate::oauth {

namespace {

// The URL that the client called, by the names that we go by: that of the Host it sent, and the
// public one when a proxy changed that on the way. Behind a proxy that ends TLS a request looks as
// if it had come by http; the URL that the client called has https all the same (RFC 9449 §4.3).
bool is_target(http::context const& c, std::string_view htu) {
    auto const& r = c.request();
    auto const& where = c.place();
    auto const called = std::string(r.tls ? "https://" : "http://") + std::string(r.host());
    auto const& ours = where.at == http::site::mcp_server ? where.mcp_origin : where.as_origin;
    if (is_same_target(htu, ours, r.path)) return true;
    auto const seen = http::split_url(called);
    auto const spoken = http::split_url(ours);
    bool const downgraded =
        seen && spoken && spoken->tls && !seen->tls && seen->host == spoken->host;
    return !downgraded && is_same_target(htu, called, r.path);
}

// A client does not notice that the realm's clock was moved on; that it is wrong, it does.
time_point clients_time(http::context const& c) {
    return c.real_now() + c.realm().time().skew();
}

// Refused rather than forgotten: a proof that is not remembered would be good twice.
problem no_room() {
    auto const wait = std::to_string(dpop_window.count());
    return problem(503, "temporarily_unavailable",
                   "too many DPoP proofs were used here, or with this key, in the last minute")
        .with("Retry-After", wait)
        .log("dpop: no room for another proof");
}

}  // namespace

outcome<std::optional<dpop_proof>> proof_of(http::context const& c, dpop_rules const& rules,
                                            dpop_side side,
                                            std::optional<std::string_view> access_token) {
    auto const count = c.request().count("DPoP");
    if (count == 0) return std::optional<dpop_proof>();
    // RFC 9449 §4.3: "There is not more than one DPoP HTTP request header field."
    if (count > 1) {
        return problem(400, "invalid_dpop_proof",
                       "the DPoP proof is not valid: there is more than one DPoP header");
    }
    dpop_expectations expected;
    expected.method = c.request().method_text;
    expected.is_target = [&c](std::string_view htu) { return is_target(c, htu); };
    expected.access_token = access_token;
    expected.now = c.now();
    expected.clients_now = clients_time(c);
    if (rules.nonce) {
        expected.is_nonce = [&](std::string_view text) {
            return rules.state->is_nonce(side, text, expected.now);
        };
    }
    auto proof = check_dpop_proof(c.request().header("DPoP"), expected);
    if (!proof) {
        if (proof.error().error() != "use_dpop_nonce") return proof.error();
        return proof.error().with(std::string(dpop_nonce_header),
                                  rules.state->nonce(side, expected.now));
    }
    return std::optional<dpop_proof>(std::move(*proof));
}

outcome<void> use_up(http::context const& c, dpop_rules const& rules, dpop_side side,
                     dpop_proof const& proof) {
    std::string target(c.request().method_text);
    target += ' ';
    target += c.request().path;
    // Nothing is forgotten that would be good by either clock.
    auto const now = std::min(c.now(), clients_time(c));
    switch (rules.state->use(side, proof, target, now)) {
        case used_proofs::verdict::first_time:
            return {};
        case used_proofs::verdict::replayed:
            return problem(400, "invalid_dpop_proof",
                           "the DPoP proof is not valid: it was used before");
        case used_proofs::verdict::from_before:
            return problem(400, "invalid_dpop_proof",
                           "the DPoP proof is not valid: it was made before this server started, "
                           "or in the same second, and may have been used then; make another one");
        case used_proofs::verdict::full:
            break;
    }
    return no_room();
}

}  // namespace tollgate::oauth
