// Text formats that configuration values are written in. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::settings {

// A listen address: "localhost:9100", "127.0.0.1:0", "[::1]:9100".
struct address {
    std::string host;  // an IPv6 address with its brackets
    unsigned short port = 0;
};
std::optional<address> parse_address(std::string_view text);
bool is_loopback(address const& a);

// What is wrong with it, as the end of a sentence that begins with the key; nothing if fine.
using flaw = std::optional<std::string>;

flaw flaw_of_address(std::string_view text);
// http or https, a host, no user, path, query or fragment: what a document may call itself.
flaw flaw_of_origin(std::string_view text);
// The Origin of a page that is to be let in: of any scheme, as browsers send it (RFC 6454 §6.2).
flaw flaw_of_page_origin(std::string_view text);
// Such an origin as it will be compared.
std::string compared_origin(std::string text);
// http or https with a host; no user and no fragment.
flaw flaw_of_url(std::string_view text);
// Likewise, and no query: a path is added to it (RFC 8414 §2: an issuer has none, either).
flaw flaw_of_base_url(std::string_view text);
// RFC 6749 §3.1.2: an absolute URI without a fragment. No scheme that runs code.
flaw flaw_of_redirect_uri(std::string_view text);
// A host name or address literal, without a port.
flaw flaw_of_host(std::string_view text);
// RFC 6749 §3.3: scope-token.
flaw flaw_of_scope_token(std::string_view text);
// RFC 6749 appendix A: client_id, client_secret and refresh_token are printable ASCII.
flaw flaw_of_printable(std::string_view text);
// RFC 6750 §2.1: b64token, what can stand behind "Bearer".
flaw flaw_of_bearer_token(std::string_view text);
// RFC 9110 §5.1, §5.5: "name: value", the name a token, the value printable ASCII and not empty.
flaw flaw_of_header_field(std::string_view text);
// An absolute path that no other endpoint has: "/mcp".
flaw flaw_of_http_path(std::string_view text);

// An absolute path at which an endpoint of the authorization server may stand: "/oauth2/auth".
flaw flaw_of_endpoint_path(std::string_view text);

// Without the slashes at its end.
std::string without_trailing_slash(std::string text);
// At each `separator`; no empty parts.
std::vector<std::string> split(std::string_view text, char separator);
// In quotes and on one line, fit to be shown.
std::string in_quotes(std::string_view text);
// `"a", "b" or "c"`.
std::string quoted_list(std::vector<std::string> const& words, std::string_view last_joint);

bool has(std::vector<std::string> const& list, std::string_view text) noexcept;

}  // namespace tollgate::settings
