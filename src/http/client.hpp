// Outbound HTTP: TLS verified, pooled, timed out, size-limited, no automatic redirect.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/result.hpp>

#include "http/headers.hpp"
#include "http/request.hpp"
#include "http/task.hpp"

namespace tollgate::http {

struct outbound {
    verb method = verb::get;
    std::string url;  // http or https
    header_list headers;
    std::string body;
    std::chrono::milliseconds timeout{5000};  // for the whole exchange
    std::size_t max_body = 1 << 20;

    explicit outbound(std::string u) : url(std::move(u)) {}
};

struct answer {
    unsigned status = 0;
    header_list headers;
    std::string body;
};

// Thread-safe; every core has its own pool of idle connections. `localhost` names are resolved
// to loopback here, without DNS.
class client {
public:
    struct options {
        std::string extra_ca_file;  // trusted besides the system's, for our own certificate
        std::size_t idle_per_host = 8;
        std::chrono::seconds idle_for{30};
    };
    explicit client(options o);
    ~client();

    // Redirects are returned, not followed. An idle connection that the peer closed is replaced
    // once, silently, when nothing of the answer was read (RFC 9110 §9.2.2: only for idempotent
    // methods and for those to our own AS). Errors: timed_out, connection_refused,
    // message_size, host_not_found, TLS errors, bad_address for a URL that is none.
    task<boost::system::result<answer>> send(outbound request);

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace tollgate::http
