// A copy of an exchange, for work that may outlive it.
#pragma once

#include <string>

#include "http/pipeline/context.hpp"
#include "http/pipeline/router.hpp"

namespace tollgate::http {

// Owns everything that its context refers to: head, place, route, caller. The body is left out,
// and what was parsed of it: who needs those copies them.
class kept_exchange {
public:
    explicit kept_exchange(context const& c);
    kept_exchange(kept_exchange const&) = delete;
    kept_exchange& operator=(kept_exchange const&) = delete;

    context& ctx() noexcept { return context_; }

private:
    static http::request owned_copy(http::request const& r, std::string& bytes);

    std::string bytes_;  // what the views of request_ point into
    http::request request_;
    http::place place_;
    std::string path_;
    route_match route_;
    context context_;
};

}  // namespace tollgate::http
