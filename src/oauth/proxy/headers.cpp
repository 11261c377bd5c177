#include "oauth/proxy/headers.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/text.hpp"
#include "http/message/forwarding_fields.hpp"

namespace tollgate::oauth {

namespace {

using names = std::span<std::string_view const>;

// RFC 9110 §7.6.1, §11.7 and what the framing of each side decides.
constexpr std::array<std::string_view, 12> of_one_connection{
    "Connection",
    "Keep-Alive",
    "Proxy-Connection",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Proxy-Authentication-Info",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Content-Length",
    // For our own authorization server alone (internal_credential.hpp).
    "Tollgate-Internal",
};

// What is conditional or partial would be answered with 304 or 206, which no OAuth endpoint needs.
constexpr std::array<std::string_view, 21> not_for_provider{
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
    "If-Range",
    "Range",
    "Host",
    "Cookie",
    "Cookie2",
    "Origin",
    "Referer",
    "Accept-Encoding",
    "Expect",
    "Max-Forwards",
    "X-Method-Override",
    // Who the person or the program is, as such a server has found out.
    "X-Remote-User",
    "Remote-User",
    "Client-Cert",
    "Client-Cert-Chain",
    "X-SSL-Client-Cert",
    "X-Client-Cert",
};

// Families: "X-HTTP-Method" is followed by "-Override".
constexpr std::array<std::string_view, 6> families_not_for_provider{
    "Sec-", "Access-Control-", "X-HTTP-Method", "X-MS-CLIENT-", "X-Amzn-Oidc-", "X-Auth-Request-"};

// What a provider may want to know of a client that we vouch for.
constexpr std::array<std::string_view, 5> with_our_secret{"Accept", "Accept-Language", "DPoP",
                                                          "User-Agent", "Via"};

constexpr std::array<std::string_view, 14> not_for_client{
    "Set-Cookie",
    "Set-Cookie2",
    "Strict-Transport-Security",
    "Alt-Svc",
    "Clear-Site-Data",
    "Public-Key-Pins",
    "NEL",
    "Report-To",
    "Reporting-Endpoints",
    "Refresh",
    "Origin-Agent-Cluster",
    "Service-Worker-Allowed",
    "Date",
    "Server",
};

bool is_among(names all, std::string_view name) {
    return std::ranges::any_of(all, [&](auto const& n) { return http::iequals(n, name); });
}

bool begins_with(std::string_view name, std::string_view prefix) {
    return http::iequals(name.substr(0, prefix.size()), prefix);
}

// RFC 9110 §7.6.1: the fields that the sender says are of this connection only.
template <class Headers>
std::vector<std::string_view> listed_in_connection(Headers const& all) {
    std::vector<std::string_view> listed;
    for (auto const& h : all) {
        if (!http::iequals(h.name, "Connection")) continue;
        std::string_view rest = h.value;
        while (!rest.empty()) {
            auto const name = next_part(rest, ',');
            if (!name.empty()) listed.push_back(name);
        }
    }
    return listed;
}

// Without these, what belongs to one connection, and what the sender lists as such.
template <class Headers>
http::header_list without(Headers const& all, names left_out,
                          std::span<std::string_view const> prefixes) {
    auto const listed = listed_in_connection(all);
    http::header_list kept;
    for (auto const& h : all) {
        std::string_view const name = h.name;
        bool const private_family =
            std::ranges::any_of(prefixes, [&](auto p) { return begins_with(name, p); });
        if (private_family || is_among(of_one_connection, name) || is_among(left_out, name) ||
            is_among(listed, name))
            continue;
        kept.add(std::string(name), std::string(h.value));
    }
    return kept;
}

void add_our_own(http::header_list& to, std::string_view via) {
    if (!to.has("Accept")) to.add("Accept", "application/json");
    // RFC 9110 §12.5.3: silence would mean any coding.
    to.add("Accept-Encoding", "identity");
    to.add("Via", "1.1 " + std::string(via));
}

}  // namespace

http::header_list headers_for_provider(http::request const& from, std::string_view via) {
    http::header_list to;
    // RFC 3875 §4.1.18: to programs that are asked by CGI, "_" and "-" are one.
    for (auto const& h : without(from.headers, not_for_provider, families_not_for_provider))
        if (h.name.find('_') == std::string::npos && !http::is_forwarding_field(h.name))
            to.add(h.name, h.value);
    add_our_own(to, via);
    return to;
}

http::header_list headers_with_secret(http::request const& from, std::string_view via) {
    http::header_list to;
    for (auto const& h : without(from.headers, {}, {})) {
        if (is_among(with_our_secret, h.name)) to.add(h.name, h.value);
    }
    to.add("Content-Type", "application/x-www-form-urlencoded");
    add_our_own(to, via);
    return to;
}

http::header_list headers_for_client(http::header_list const& from) {
    constexpr std::array<std::string_view, 1> prefixes{"Access-Control-"};
    auto to = without(from, not_for_client, prefixes);
    to.set("X-Content-Type-Options", "nosniff");
    return to;
}

}  // namespace tollgate::oauth
