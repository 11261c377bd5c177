// What can be wrong with the texts of a configuration.
#include <algorithm>
#include <cctype>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/text.hpp"
#include "config/values/formats.hpp"
#include "http/message/url.hpp"
#include "http/realm/agent_path.hpp"
#include "oauth/model/redirect_uri.hpp"

namespace tollgate::settings {
namespace {

bool is_alnum(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool only(std::string_view text, std::string_view besides_letters_and_digits) noexcept {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return is_alnum(c) || besides_letters_and_digits.find(c) != std::string_view::npos;
    });
}

// What every http URL of ours must fulfil.
flaw flaw_of_http(boost::urls::url_view const& url, std::string_view text) {
    // RFC 3986 §3.1: a scheme has no case.
    if (!http::iequals(url.scheme(), "http") && !http::iequals(url.scheme(), "https"))
        return in_quotes(text) + " is no http or https URL";
    if (url.encoded_host().empty()) return in_quotes(text) + " has no host";
    // Not shown: what stands before '@' may be a password.
    if (url.has_userinfo()) return "a URL with a user name is not accepted";
    if (url.has_fragment()) return in_quotes(text) + " must not have a fragment (#)";
    return std::nullopt;
}

constexpr std::string_view roots[] = {"/.well-known/", "/control/", "/r/", "/s/"};
// Routes that both origins have and no key can move.
constexpr std::string_view fixed_routes[] = {"/anything", "/callback",    "/api/callback",
                                             "/healthz",  "/readyz",      "/metrics",
                                             "/oauth",    "/oauth/login", "/oauth/callback"};

bool is_among(std::string_view path, auto const& list) {
    return std::ranges::find(list, path) != std::end(list);
}

bool is_below_a_root(std::string_view path) {
    auto const below = std::string(path) + '/';
    return std::ranges::any_of(roots, [&](auto root) { return below.starts_with(root); });
}

// Paths of the routes that both origins have besides those of the MCP transports.
bool belongs_to_tollgate(std::string_view path) {
    constexpr std::string_view endpoints[] = {
        "/authorize",       "/token",       "/register",       "/introspect",
        "/revoke",          "/userinfo",    "/device",         "/device_authorization",
        "/oauth/authorize", "/oauth/token", "/oauth/register", "/api/authorize",
        "/api/token",       "/api/register"};
    return is_below_a_root(path) || is_among(path, fixed_routes) || is_among(path, endpoints);
}

flaw flaw_of_plain_path(std::string_view text) {
    if (!text.starts_with('/')) return in_quotes(text) + " must begin with \"/\"";
    if (text.ends_with('/')) return in_quotes(text) + " must not end with \"/\"";
    if (text.find("//") != std::string_view::npos || !only(text, "/-._~"))
        return in_quotes(text) + " is no plain path, such as \"/mcp\"";
    // RFC 3986 §5.2.4: clients take them out, and ask for something else.
    auto const whole = std::string(text) + '/';
    if (whole.find("/./") != std::string::npos || whole.find("/../") != std::string::npos)
        return in_quotes(text) + " has a dot segment";
    return std::nullopt;
}

std::string not_absolute(std::string_view text) {
    return in_quotes(text) + " is no absolute URL; write it as \"https://host/path\"";
}

}  // namespace

flaw flaw_of_address(std::string_view text) {
    if (parse_address(text)) return std::nullopt;
    return in_quotes(text) +
           " is no address; write host:port, such as \"localhost:9100\", \"0.0.0.0:80\" or "
           "\"[::1]:0\"";
}

flaw flaw_of_origin(std::string_view text) {
    auto const url = boost::urls::parse_uri(text);
    if (!url) return not_absolute(text);
    if (auto wrong = flaw_of_http(*url, text)) return wrong;
    if (url->has_query()) return in_quotes(text) + " must not have a query (?)";
    auto const path = url->encoded_path();
    if (!path.empty() && path != "/")
        return in_quotes(text) +
               " must not have a path: well-known documents stand at the origin, as in "
               "\"https://host:port\"";
    return std::nullopt;
}

flaw flaw_of_page_origin(std::string_view text) {
    if (text != "*" && text.find('*') != std::string_view::npos)
        return in_quotes(text) +
               " stands for many origins, and each is compared as it is; name each of them";
    if (text == "*")
        return "\"*\" would let in every page of the web; name each origin, as in "
               "\"https://app.example\" (what any page may read, discovery documents and keys, it "
               "may read without)";
    if (text == "null")
        return "\"null\" is what any sandboxed page or local file calls itself: it names nobody "
               "and is never let in; serve the page from an origin of its own";
    auto const mark = text.find("://");
    constexpr std::string_view shape =
        " is no origin; write it as browsers send it: \"https://app.example\", "
        "\"chrome-extension://ID\"";
    if (mark == std::string_view::npos || mark == 0 || !std::isalpha(text.front()) ||
        !only(text.substr(0, mark), "+-."))
        return in_quotes(text) + std::string(shape);
    auto const scheme = to_lower(text.substr(0, mark));
    if (scheme == "http" || scheme == "https") return flaw_of_origin(text);
    if (scheme == "file")
        return in_quotes(text) +
               " has no host: pages from files send the Origin null, which names "
               "nobody and is never let in";
    auto const host = without_trailing_slash(std::string(text.substr(mark + 3)));
    if (!http::split_host(host) || host.ends_with(':')) return in_quotes(text) + std::string(shape);
    return std::nullopt;
}

std::string compared_origin(std::string text) {
    auto plain = without_trailing_slash(std::move(text));
    auto const address = http::split_url(plain);
    return address ? address->origin() : plain;
}

flaw flaw_of_url(std::string_view text) {
    auto const url = boost::urls::parse_uri(text);
    if (!url) return not_absolute(text);
    return flaw_of_http(*url, text);
}

flaw flaw_of_base_url(std::string_view text) {
    auto const wrong = flaw_of_url(text);
    if (wrong) return wrong;
    // Not shown: what stands behind '?' may be a key.
    if (text.find('?') != text.npos) return "must not have a query (?): a path is added to it";
    return std::nullopt;
}

flaw flaw_of_redirect_uri(std::string_view text) {
    auto const url = boost::urls::parse_uri(text);
    if (!url) return in_quotes(text) + " is no absolute URI";
    if (url->has_fragment())
        return in_quotes(text) + " must not have a fragment (RFC 6749 section 3.1.2)";
    std::string scheme(url->scheme());
    std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::string_view running[] = {"javascript", "data", "vbscript", "file", "blob"};
    if (std::find(std::begin(running), std::end(running), scheme) != std::end(running))
        return in_quotes(text) + " has a scheme that cannot receive a code";
    if ((scheme == "http" || scheme == "https") && url->encoded_host().empty())
        return in_quotes(text) + " has no host";
    auto const wrong = oauth::flaw_of_redirect(text, {"*"});
    if (!wrong.empty()) return in_quotes(text) + ' ' + wrong;
    return std::nullopt;
}

flaw flaw_of_host(std::string_view text) {
    auto const parts = http::split_host(text);
    if (parts && !parts->port && !text.ends_with(':')) return std::nullopt;
    return in_quotes(text) + " is no host name; write it without scheme and port";
}

flaw flaw_of_scope_token(std::string_view text) {
    bool const fine = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7f && c != '"' && c != '\\';
    });
    if (fine) return std::nullopt;
    return in_quotes(text) +
           " is no scope: printable ASCII without space, quote and backslash (RFC 6749 section "
           "3.3)";
}

flaw flaw_of_printable(std::string_view text) {
    bool const fine = !text.empty() && std::all_of(text.begin(), text.end(),
                                                   [](char c) { return c >= 0x20 && c < 0x7f; });
    if (fine) return std::nullopt;
    return "must be printable ASCII and not empty (RFC 6749 appendix A)";
}

flaw flaw_of_header_field(std::string_view text) {
    auto const colon = text.find(':');
    auto const name = text.substr(0, colon);
    auto const value = colon == text.npos ? std::string_view() : trim(text.substr(colon + 1));
    bool const fine = !name.empty() && std::all_of(name.begin(), name.end(), is_token_char);
    if (fine && !flaw_of_printable(value)) return std::nullopt;
    return "must be a header field, such as \"Authorization: Bearer …\" (RFC 9110 section 5)";
}

flaw flaw_of_bearer_token(std::string_view text) {
    auto const end = text.find_last_not_of('=');
    if (end != std::string_view::npos && only(text.substr(0, end + 1), "-._~+/"))
        return std::nullopt;
    return "must be made of letters, digits and -._~+/ to fit behind \"Bearer\" (RFC 6750 section "
           "2.1)";
}

flaw flaw_of_http_path(std::string_view text) {
    // With a name in the place of {agent} it must be a path like any other.
    if (text.find('{') != std::string_view::npos) {
        auto const named = http::with_agent(text, "agent");
        bool const whole = (std::string(text) + '/').find("/{agent}/") != std::string::npos;
        bool const once = named.find('{') == std::string::npos;
        if (whole && once && !flaw_of_http_path(named)) return std::nullopt;
        return in_quotes(text) + " is no path with an agent, such as \"/{agent}/mcp\"";
    }
    if (auto wrong = flaw_of_plain_path(text)) return wrong;
    if (belongs_to_tollgate(text))
        return in_quotes(text) + " is an endpoint of tollgate itself; choose another path";
    return std::nullopt;
}

flaw flaw_of_endpoint_path(std::string_view text) {
    if (auto wrong = flaw_of_plain_path(text)) return wrong;
    bool const key_set = text == "/.well-known/jwks.json";  // where it always is
    if (!key_set && (is_below_a_root(text) || is_among(text, fixed_routes)))
        return in_quotes(text) + " is a path of tollgate itself; choose another one";
    return std::nullopt;
}

}  // namespace tollgate::settings
