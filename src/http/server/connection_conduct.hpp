// What a connection needs to be treated wrongly: the conduct of its listener, made ready.
#pragma once

#include <memory>

#include "http/message/listener.hpp"
#include "http/message/listener_conduct.hpp"

namespace boost::asio::ssl {
class context;
}

namespace tollgate::http {

struct connection_conduct {
    listener_conduct asked;
    // As requests know it that come by a connection which is treated so, or by one of the others.
    std::shared_ptr<listener_info const> listener;
    std::shared_ptr<listener_info const> spared;
    std::shared_ptr<boost::asio::ssl::context> flawed;  // with manner::tls
    // Of the connections that are served as they should be; null: plain HTTP.
    std::shared_ptr<boost::asio::ssl::context> sound;
};
using conduct_ptr = std::shared_ptr<connection_conduct const>;

// Whether the next connection is treated so. Counts it.
bool acts_on_next(conduct_ptr const& c);

// `own`: the server's TLS, null when it has none. Throws std::runtime_error.
conduct_ptr make_conduct(listener_conduct asked, listener_info const& listener,
                         std::shared_ptr<boost::asio::ssl::context> own);

}  // namespace tollgate::http
