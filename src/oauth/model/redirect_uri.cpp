#include "oauth/model/redirect_uri.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/text.hpp"
#include "http/message/url.hpp"
#include "http/realm/place.hpp"
#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::size_t longest_redirect = 2048;

// A browser that is sent to one of these runs code in somebody's name, opens a file, hands the
// user's credentials to a server or a command to the system, or goes to no application at all.
constexpr std::array<std::string_view, 29> refused_schemes{
    "javascript", "vbscript", "data",   "file",   "blob",     "about",  "filesystem", "view-source",
    "jar",        "chrome",   "edge",   "ftp",    "ftps",     "ws",     "wss",        "mailto",
    "tel",        "sms",      "urn",    "cid",    "mid",      "intent", "ldap",       "ldaps",
    "smb",        "ssh",      "telnet", "gopher", "search-ms"};

// Windows hands these to itself: ms-settings:, ms-msdt:, ms-appinstaller: and many more to come.
constexpr std::string_view system_prefix = "ms-";

bool never_leads_to_a_client(std::string_view scheme) {
    return scheme.starts_with(system_prefix) ||
           std::ranges::find(refused_schemes, scheme) != refused_schemes.end();
}

problem refusal(std::string_view uri, std::string const& flaw) {
    return errors::invalid_redirect_uri.because("the redirect URI " + errors::told_value(uri) +
                                                ' ' + flaw);
}

std::string not_listed(std::string const& what, std::string const& entry) {
    return "leads to " + what + ", which is not allowed here: add " + entry +
           " to registration.redirect_hosts";
}

bool lists(std::vector<std::string> const& hosts, std::string_view entry) {
    return std::ranges::any_of(hosts,
                               [&](auto const& h) { return h == "*" || http::iequals(h, entry); });
}

// Why the authority of a web URL names no host.
std::string flaw_of_authority(boost::urls::url_view const& parsed) {
    std::string_view const host = parsed.encoded_host();
    if (host.find('*') != std::string_view::npos)
        return "has a wildcard for a host: redirect URIs are compared exactly (RFC 9700 section "
               "2.1), so register each one";
    std::string_view const port = parsed.port();
    auto const digits = port.find_first_not_of('0');
    // The length first: stoul throws on what does not fit.
    bool const large = digits != std::string_view::npos &&
                       (port.size() - digits > 5 || std::stoul(std::string(port)) > 65535);
    if (large) return "has a port beyond 65535";
    return "names no host";
}

// Boost.URL 1.81 takes "http://127.0.0.1.evil.example/" for the host 127.0.0.1 and a path: who is
// meant is asked of our own parser.
std::string flaw_of_web_redirect(std::string_view uri, boost::urls::url_view const& parsed,
                                 std::vector<std::string> const& hosts) {
    auto const address = http::split_url(uri);
    if (!address) return flaw_of_authority(parsed);
    bool const loopback = http::is_loopback_name(address->host);
    if (!address->tls && !loopback)
        return "is plain http: that must lead to localhost, 127.0.0.1 or [::1]";
    if (lists(hosts, address->host) || (loopback && lists(hosts, "loopback"))) return {};
    auto const host = tollgate::printable(address->host, 100);
    return not_listed("the host " + host, loopback ? "loopback" : host);
}

bool is_ascii(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

// What stands before and after the port of an http URL to loopback; nothing for any other URI.
struct around_port {
    std::string_view before;
    std::string_view after;
};

std::optional<around_port> split_loopback(std::string_view uri) {
    constexpr std::string_view scheme = "http://";
    if (!uri.starts_with(scheme)) return std::nullopt;
    auto const path = std::min(uri.find_first_of("/?#", scheme.size()), uri.size());
    auto host_end = path;
    // In "[::1]" without a port it is a colon of the address, and no number follows.
    auto const colon = uri.rfind(':', path - 1);
    if (colon != std::string_view::npos && colon >= scheme.size()) {
        auto const port = uri.substr(colon + 1, path - colon - 1);
        bool const digits = !port.empty() && port.size() <= 5 &&
                            port.find_first_not_of("0123456789") == std::string_view::npos;
        if (digits && std::stoul(std::string(port)) <= 65535) host_end = colon;
    }
    if (!http::is_loopback_name(uri.substr(scheme.size(), host_end - scheme.size())))
        return std::nullopt;
    return around_port{uri.substr(0, host_end), uri.substr(path)};
}

}  // namespace

std::string flaw_of_redirect(std::string_view uri, std::vector<std::string> const& hosts) {
    if (uri.size() > longest_redirect) return "is longer than 2048 bytes";
    if (!is_ascii(uri))
        return "holds characters that no URI has (RFC 3986 section 2): write its host as xn--... "
               "and the rest percent-encoded";
    auto const parsed = boost::urls::parse_uri(uri);
    if (!parsed) return "is not an absolute URI";
    if (parsed->has_fragment()) return "must not have a fragment";
    if (parsed->has_userinfo()) return "must not hold user information";
    std::string const scheme = to_lower(std::string(parsed->scheme()));
    if (scheme == "https" || scheme == "http") return flaw_of_web_redirect(uri, *parsed, hosts);
    auto const shown = tollgate::printable(scheme, 100);
    if (never_leads_to_a_client(scheme))
        return "has the scheme " + shown + ":, to which redirects are never allowed";
    if (!parsed->has_authority() && parsed->encoded_path().empty())
        return "is a scheme and nothing else";
    if (lists(hosts, scheme + "://") || lists(hosts, scheme + ":")) return {};
    return not_listed("the scheme " + shown + ':', shown + "://");
}

outcome<void> check_redirect_uri(std::string_view uri, std::vector<std::string> const& hosts) {
    auto const flaw = flaw_of_redirect(uri, hosts);
    if (flaw.empty()) return {};
    return refusal(uri, flaw);
}

outcome<void> check_application_type(std::string_view uri, std::string_view type) {
    if (type != "web") return {};
    auto const address = http::split_url(uri);
    if (address && address->tls && !http::is_on_this_machine(address->host)) return {};
    return refusal(
        uri,
        "does not fit application_type web, whose redirect URIs are https and never lead "
        "to loopback; an application on the user's machine is native (OpenID Connect "
        "Registration section 2)");
}

bool redirect_matches(std::string_view registered, std::string_view requested) {
    if (registered == requested) return true;
    auto const ours = split_loopback(registered);
    auto const theirs = split_loopback(requested);
    // The host as it is written: localhost and 127.0.0.1 do not stand for each other.
    return ours && theirs && ours->before == theirs->before && ours->after == theirs->after;
}

bool is_registered_redirect(std::vector<std::string> const& registered,
                            std::string_view requested) {
    return std::ranges::any_of(registered,
                               [&](auto const& one) { return redirect_matches(one, requested); });
}

bool is_loopback_redirect(std::string_view uri) {
    return split_loopback(uri).has_value();
}

bool is_absolute_without_fragment(std::string_view uri) {
    auto const parsed = boost::urls::parse_uri(uri);
    return parsed && !parsed->has_fragment();
}

}  // namespace tollgate::oauth
