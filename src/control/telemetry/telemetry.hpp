// Telemetry: what [telemetry] of the configuration makes of the exporter and its layer.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "control/telemetry/exporter.hpp"
#include "http/client/client.hpp"
#include "http/pipeline/layer.hpp"

namespace tollgate::control {

class telemetry {
public:
    telemetry(config const& c, http::client& outbound);

    // Passes everything on where there is none.
    http::layer layer();
    void start();
    // When no request is under way any more: what is left is sent once, within three seconds.
    void end();

private:
    std::string const instance_;
    bool const join_caller_;
    std::chrono::milliseconds const last_export_;
    std::optional<exporter> spans_;
};

}  // namespace tollgate::control
