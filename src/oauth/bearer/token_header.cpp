#include "oauth/bearer/token_header.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "http/pipeline/principal.hpp"

namespace tollgate::oauth {

namespace {

namespace challenge = http::challenge;

bool is_form(http::request const& r) {
    if (r.body.empty()) return false;
    auto const type = r.header("Content-Type");
    return http::iequals(trim(type.substr(0, type.find(';'))), "application/x-www-form-urlencoded");
}

// RFC 6750 §2: at most one way of sending a token per request; §5.3 advises against the query,
// and OAuth 2.1 has dropped it. We take the header and nothing else.
outcome<void> only_in_the_header(http::context& c) {
    if (c.request().count("Authorization") > 1)
        return challenge::malformed(c, "there is more than one Authorization header");
    if (!c.request().query.empty()) {
        auto const query = c.query();
        if (!query) return challenge::malformed(c, query.error().description());
        if ((*query)->has("access_token"))
            return challenge::malformed(c, "an access token does not belong into the query");
    }
    if (is_form(c.request())) {
        auto const form = c.body_form();
        if (!form) return challenge::malformed(c, form.error().description());
        if ((*form)->has("access_token"))
            return challenge::malformed(c, "send the access token in the Authorization header");
    }
    return {};
}

constexpr std::array<bool, 256> make_b64token_table() {
    std::array<bool, 256> table{};
    for (unsigned char const c :
         std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                          "0123456789-._~+/"))
        table[c] = true;
    return table;
}
constexpr auto b64token_table = make_b64token_table();

http::challenge_style style_of(http::context const& c, dpop_rules const& rules) {
    http::challenge_style style;
    if (rules.mode != dpop_mode::off) style.dpop_algs = dpop_algorithms();
    style.bearer = rules.mode != dpop_mode::required;
    style.mention_dpop = c.request().has("DPoP");  // who brings a proof knows the scheme
    return style;
}

outcome<header_token> with_proof(http::context& c, dpop_rules const& rules,
                                 std::vector<std::string> const& scopes, header_token shown) {
    // First: the refusal of a proof is worded by it.
    auto style = c.challenges();
    style.tried_dpop = true;
    c.challenge_with(std::move(style));
    auto proof = proof_of(c, rules, dpop_side::resource, shown.token);
    if (!proof) return challenge::refused_proof(c, scopes, proof.error());
    if (!*proof) {
        problem const missing(400, "invalid_dpop_proof", "a token of scheme DPoP needs a proof");
        return challenge::refused_proof(c, scopes, missing);
    }
    shown.proof = std::move(**proof);
    return shown;
}

}  // namespace

bool is_b64token(std::string_view text) noexcept {
    while (text.ends_with('='))
        text.remove_suffix(1);
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return b64token_table[static_cast<unsigned char>(c)];
    });
}

outcome<std::optional<header_token>> presented_access_token(
    http::context& c, dpop_rules const& rules, std::vector<std::string> const& scopes) {
    // Before anything can fail: each refusal below is worded by it.
    c.challenge_with(style_of(c, rules));
    if (auto alone = only_in_the_header(c); !alone) return alone.error();
    auto value = c.request().header("Authorization");
    auto const scheme_end = std::ranges::find_if_not(value, &is_token_char);
    auto const scheme = value.substr(0, static_cast<std::size_t>(scheme_end - value.begin()));
    // RFC 9110 §11.1: schemes compare without case. Another scheme is no token of ours.
    header_token shown;
    shown.dpop = rules.mode != dpop_mode::off && http::iequals(scheme, "DPoP");
    if (!shown.dpop && !http::iequals(scheme, "Bearer")) return std::optional<header_token>();
    value.remove_prefix(scheme.size());
    // RFC 6750 §2.1: "Bearer" 1*SP b64token; RFC 9449 §7.1: "DPoP" 1*SP token68.
    auto const token = value.substr(std::min(value.find_first_not_of(' '), value.size()));
    if (!value.starts_with(' ') || !is_b64token(token)) {
        // RFC 6750 §3: no quotes in an error_description.
        return challenge::malformed(c, std::string("the Authorization header is not the word ") +
                                           (shown.dpop ? "DPoP" : "Bearer") +
                                           ", at least one space and a token");
    }
    shown.token = std::string(token);
    if (!shown.dpop) return std::optional<header_token>(std::move(shown));
    auto proven = with_proof(c, rules, scopes, std::move(shown));
    if (!proven) return proven.error();
    return std::optional<header_token>(std::move(*proven));
}

outcome<void> use_up_proof(http::context const& c, dpop_rules const& rules,
                           std::vector<std::string> const& scopes, header_token const& shown) {
    if (!shown.dpop) return {};
    auto const used = use_up(c, rules, dpop_side::resource, shown.proof);
    if (used || used.error().status() == 503) return used;
    return challenge::refused_proof(c, scopes, used.error());
}

std::string broken_binding(header_token const& shown, std::optional<std::string> const& key,
                           dpop_rules const& rules) {
    if (shown.dpop) {
        if (!key) return {};  // the proof is good, and whose token it is nobody tells
        if (key->empty()) return "dpop: a bearer token under scheme DPoP";
        return *key == shown.proof.thumbprint ? "" : "dpop: the token is bound to another key";
    }
    // RFC 9449 §7.2: a bound token must not pass as a bearer token.
    if (key && !key->empty()) return "dpop: a bound token under scheme Bearer";
    if (rules.mode == dpop_mode::required) return "dpop: a bearer token, and none is taken here";
    return {};
}

bool is_bound_bearer(header_token const& shown, std::optional<std::string> const& key,
                     dpop_rules const& rules) noexcept {
    return !shown.dpop && key && !key->empty() && rules.mode != dpop_mode::off;
}

}  // namespace tollgate::oauth
