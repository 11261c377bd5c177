#include "control/telemetry/telemetry.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "control/telemetry/layer.hpp"
#include "control/telemetry/otlp.hpp"

namespace tollgate::control {

namespace {

exporter::options exporter_options(config::telemetry_section const& t) {
    exporter::options o;
    o.url = traces_url(t.endpoint);
    o.timeout = t.timeout;
    for (auto const& line : t.headers) {
        auto const colon = line.find(':');
        auto const value = trim(std::string_view(line).substr(colon + 1));
        o.headers.add(line.substr(0, colon), std::string(value));
    }
    return o;
}

}  // namespace

telemetry::telemetry(config const& c, http::client& outbound)
    : instance_(random_token(16)),
      join_caller_(c.telemetry.trace == "caller"),
      last_export_(std::min(c.telemetry.timeout, std::chrono::milliseconds(3000))) {
    if (!c.telemetry.endpoint.empty())
        spans_.emplace(outbound, exporter_options(c.telemetry), instance_);
}

http::layer telemetry::layer() {
    tracing t;
    t.to = spans_ ? &*spans_ : nullptr;
    t.instance = instance_;
    t.join_caller = join_caller_;
    return telemetry_layer(std::move(t));
}

void telemetry::start() {
    if (spans_) spans_->start();
}

void telemetry::end() {
    if (spans_) spans_->end(last_export_);
}

}  // namespace tollgate::control
