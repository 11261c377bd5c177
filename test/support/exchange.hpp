// Runs handlers without a socket: a request goes through a route table, a reply comes out.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>

#include "base/clock.hpp"
#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/layer.hpp"
#include "http/pipeline/router.hpp"
#include "http/realm/place.hpp"

namespace test {

namespace http = tollgate::http;

using fields = std::vector<std::pair<std::string, std::string>>;

// A reply that has been read to its end.
struct answer {
    unsigned status = 0;
    http::header_list headers;
    std::string body;

    std::string_view header(std::string_view name) const { return headers.get(name); }
    boost::json::value json() const;  // fails the test when the body is none
};

// One realm, one route table, an optional stack of layers, time that the test moves.
class bench {
public:
    explicit bench(http::router const& routes, http::handler layers = {});

    http::realm_ptr realm = std::make_shared<http::realm>("default");
    http::place where;  // http://localhost:9100, http://localhost:9101; change before a call
    tollgate::manual_clock clock;
    bool peer_is_loopback = true;
    std::string peer;               // empty: 127.0.0.1, or 192.0.2.1 when it is not loopback
    bool records_messages = false;  // the MCP server answers; see message_log.hpp

    answer get(std::string const& target, fields headers = {});
    answer post_form(std::string const& target, fields const& parameters, fields headers = {});
    answer post_json(std::string const& target, std::string const& body, fields headers = {});
    answer send(http::verb method, std::string const& target, std::string const& body,
                fields headers);
    // The reply as the handler made it: a stream is not read.
    http::reply raw(http::verb method, std::string const& target, std::string const& body,
                    fields headers);

    boost::asio::io_context& io() noexcept { return io_; }

private:
    boost::asio::io_context io_;
    unsigned exchanges_ = 0;
    http::router const& routes_;
    http::handler layers_;
};

// Runs a coroutine to its end on `io` and returns what it returned.
template <class T>
T run(boost::asio::io_context& io, tollgate::task<T> work);

// "a=1&b=2", encoded.
std::string encode(fields const& parameters);

}  // namespace test

#include "support/exchange.ipp"
