// HTTP client, outbound: TLS verified, pooled, timed out, size-limited, no automatic redirect.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/result.hpp>

#include "base/task.hpp"
#include "http/message/headers.hpp"
#include "http/message/request.hpp"
#include "http/net/name_lookups.hpp"

namespace tollgate::http {

// Where an address that somebody else named may lead. What is resolved is checked, every address
// of it, and connected to as checked: there is no second look-up. Such a request has a connection
// of its own, which is closed after it.
enum class allowed_addresses {
    anywhere,
    only_public,    // no special-purpose address (address_guard.hpp), our own machine included
    only_loopback,  // localhost, 127.0.0.1 or [::1] and nothing else
};

struct outbound {
    verb method = verb::get;
    std::string url;  // http or https
    header_list headers;
    std::string body;
    std::chrono::milliseconds timeout{5000};  // for the whole exchange
    std::size_t max_body = 1 << 20;
    // Sending it twice does no harm although the method is not idempotent (introspection).
    bool repeatable = false;
    http::allowed_addresses reach = http::allowed_addresses::anywhere;
    // For whom the name is looked up that somebody else chose, such as a realm: each has a share of
    // such look-ups.
    std::string owner;

    explicit outbound(std::string u) : url(std::move(u)) {}
};

struct client_response {
    unsigned status = 0;
    header_list headers;
    std::string body;
};

// Thread-safe; every core has its own pool of idle connections. `localhost` names are resolved
// to loopback here, without DNS. Other names are looked up on threads of their own: those that
// somebody else chose (`reach`) eight at once, four for one owner, and apart from ours, which no
// name of theirs can hold up.
class client {
public:
    struct options {
        std::string extra_ca_file;  // trusted besides the system's, for our own certificate
        std::size_t idle_per_host = 8;
        std::chrono::seconds idle_for{30};
        name_directory directory = &system_directory;
    };
    // Throws std::runtime_error when extra_ca_file cannot be read.
    explicit client(options o);
    ~client();

    // Redirects are returned, not followed. An idle connection that the peer closed is replaced
    // once, silently, when nothing of the answer was read (RFC 9110 §9.2.2: only for idempotent
    // methods and for what is `repeatable`). Errors: timed_out, connection_refused, message_size,
    // host_not_found for a name that does not exist, host_not_found_try_again when nobody could
    // tell, resource_unavailable_try_again at once when too many names are being looked up, TLS
    // errors, bad_address for a URL that is none, invalid_argument for a header that would break
    // the framing, permission_denied for an address out of `reach`. The caller's executor must not
    // run two handlers at once (a core, a strand).
    task<boost::system::result<client_response>> send(outbound request);

    // Look-ups of names that somebody else chose which have not returned.
    std::size_t strangers_lookups() const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace tollgate::http
