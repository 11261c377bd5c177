// URL of a Redis server, as store.url has it. Pure.
#pragma once

#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace tollgate::oauth::redis {

// Where a node listens.
struct address {
    std::string
        host;  // a name or a literal; IPv6 without brackets. Empty: a socket of this machine
    unsigned short port = 0;
    std::string path;  // of that socket

    // "host:port", "[::1]:6379", or the path.
    std::string text() const;
    bool operator==(address const&) const = default;
};
// What a server calls another one in MOVED and ASK: "127.0.0.1:6381", "::1:6381", ":6381" for the
// host of whoever said so. False where it is none.
bool read_address(std::string_view text, std::string const& same_host, address& into);

struct url {
    address where;
    bool tls = false;
    std::string user;  // of the ACL; empty: "default"
    std::string password;
    unsigned database = 0;

    // Without user and password: fit for messages and the log.
    std::string shown() const;
};

struct flaw_of_url {
    std::string why;  // the end of a sentence; says nothing of the password
};

// redis://[[user]:password@]host[:port][/database], rediss:// likewise through TLS,
// redis+unix://[[user]:password@]/path/of/socket[?db=database]. Parts are percent-decoded.
boost::system::result<url, flaw_of_url> parse_url(std::string_view text);

}  // namespace tollgate::oauth::redis
