// /healthz, /readyz and /metrics: for whoever runs the server. At an origin, not in a realm.
#pragma once

#include <functional>

#include "http/router.hpp"

namespace tollgate::control {

class operations {
public:
    // `serving` says false while the server drains. Must be callable from any thread.
    explicit operations(std::function<bool()> serving);

    // Must outlive the router.
    void add_routes(http::router& r);

    bool serving() const { return serving_(); }

private:
    std::function<bool()> serving_;
};

}  // namespace tollgate::control
