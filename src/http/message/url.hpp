// URLs (http and https) taken apart, as far as realms, origins and audiences compare them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tollgate::http {

// A host name as it stands in a URL or a Host field: lower case, IPv6 in brackets.
struct host_and_port {
    std::string host;
    std::optional<unsigned short> port;  // nothing: the scheme's default
};

// Nothing when it is no host: empty, with spaces, user information, a bad port, bare IPv6.
std::optional<host_and_port> split_host(std::string_view host);

struct web_address {
    bool tls = false;
    std::string host;
    unsigned short port = 0;
    std::string_view rest;  // path, query and fragment; points into what was split

    // "https://host" with the port unless it is the scheme's own.
    std::string origin() const;
};

// Nothing for anything but an absolute http or https URL without user information.
std::optional<web_address> split_url(std::string_view url);

// "localhost" or a name below it: this machine, without asking DNS (RFC 6761 §6.3). `host` as it
// stands in a web_address.
bool is_localhost(std::string_view host) noexcept;
// Likewise, and any loopback address: 127.0.0.0/8 (RFC 1122 §3.2.1.3), [::1] (RFC 4291 §2.5.3).
bool is_on_this_machine(std::string_view host);

// localhost, 127.0.0.1, [::1]: aliases of each other, and nothing else is.
bool is_loopback_name(std::string_view host) noexcept;
// True when scheme and port are the same and the hosts are equal or both loopback names.
bool same_origin(web_address const& a, web_address const& b) noexcept;
// Likewise, and both are origins: nothing follows the port.
bool same_origin(std::string_view a, std::string_view b) noexcept;

std::string make_origin(bool tls, std::string_view host, unsigned short port);

}  // namespace tollgate::http
