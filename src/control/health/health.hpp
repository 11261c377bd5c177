// Health endpoints for operators: /healthz, /readyz and /metrics. At an origin, not in a realm.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "control/access.hpp"
#include "http/pipeline/router.hpp"

namespace tollgate::control {

inline constexpr std::string_view instance_header = "Tollgate-Instance";

class health_endpoints {
public:
    // `why_not` says why requests cannot be served now, "draining"; empty: they can. Must be
    // callable from any thread. `instance` is in every answer of /healthz: it tells this very
    // process from others (control/health/probe.hpp). `access`: who may read /metrics, which say
    // much about who uses the server.
    health_endpoints(std::function<std::string_view()> why_not, std::string instance,
                     access_options access = {});

    // Must outlive the router.
    void add_routes(http::router& r);

    std::string_view why_not_ready() const { return why_not_(); }
    std::string const& instance() const noexcept { return instance_; }
    access_options const& access() const noexcept { return access_; }

private:
    std::function<std::string_view()> why_not_;
    std::string instance_;
    access_options access_;
};

}  // namespace tollgate::control
