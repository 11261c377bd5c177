// /healthz, /readyz and /metrics: for whoever runs the server. At an origin, not in a realm.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "http/router.hpp"

namespace tollgate::control {

inline constexpr std::string_view instance_header = "Tollgate-Instance";

class operations {
public:
    // `serving` says false while the server drains. Must be callable from any thread. `instance`
    // is in every answer of /healthz: it tells this very process from others (control/reach.hpp).
    operations(std::function<bool()> serving, std::string instance);

    // Must outlive the router.
    void add_routes(http::router& r);

    bool serving() const { return serving_(); }
    std::string const& instance() const noexcept { return instance_; }

private:
    std::function<bool()> serving_;
    std::string instance_;
};

}  // namespace tollgate::control
