// Passing on: a request that another instance of this server answers.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "http/message/reply.hpp"

namespace tollgate::http {

// In the place of the stream of a reply, of which nothing else counts then: says who answers. It is
// never sent.
class passing_order final : public body_stream {
public:
    std::string instance;  // empty: to another instance that passed it here: ask again whose it is
    std::string address;   // "10.0.0.7:7400": where that instance listens for the others
    // It was not acted upon: that instance was not reached, or said that it is not the one. The
    // service is asked again then.
    std::function<void(bool reached)> failed;
    // For the peer, when that goes on, or when nobody knows what became of the request.
    std::function<reply()> otherwise;

    task<std::optional<std::string>> next() override;
    void close() noexcept override {}
};

// Null: it is a reply.
passing_order const* order_in(reply const& r) noexcept;

}  // namespace tollgate::http
