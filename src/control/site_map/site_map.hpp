// Site map: what stands at an origin or below a realm's base, for whoever begins at "/".
#pragma once

#include <functional>

#include "http/pipeline/router.hpp"
#include "mcp/administration.hpp"

namespace tollgate::control {

class site_map {
public:
    struct options {
        bool control = true;              // control.enabled
        bool scenarios = true;            // realms.implicit: each has a URL
        std::function<bool()> test_page;  // whether it is offered; any thread
    };

    // `servers` must outlive it; it must outlive the routers.
    site_map(mcp::administration const& mcp, options o) : mcp_(mcp), options_(std::move(o)) {}

    void add_routes(http::router& r);

    mcp::administration const& mcp() const noexcept { return mcp_; }
    options const& offered() const noexcept { return options_; }

private:
    mcp::administration const& mcp_;
    options const options_;
};

}  // namespace tollgate::control
