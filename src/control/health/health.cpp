#include "control/health/health.hpp"

#include "base/metrics.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control {

namespace {

using http::context;
using http::reply;

reply text(unsigned status, std::string body) {
    reply r(status, "text/plain; charset=utf-8", std::move(body));
    r.headers.set("Cache-Control", "no-store");
    return r;
}

// The process answers: nothing more is claimed.
task<outcome<reply>> healthz(health_endpoints& o, context&) {
    auto r = text(200, "ok\n");
    r.headers.set(instance_header, o.instance());
    co_return r;
}

task<outcome<reply>> readyz(health_endpoints& o, context&) {
    auto const why = o.why_not_ready();
    if (why.empty()) co_return text(200, "ready\n");
    co_return text(503, std::string(why) + '\n');
}

task<outcome<reply>> metrics(health_endpoints& o, context& c) {
    auto const may = check_metrics_access(o.access(), c.request());
    if (!may) co_return may.error();
    reply r(200, "text/plain; version=0.0.4; charset=utf-8", render_metrics());
    r.headers.set("Cache-Control", "no-store");
    co_return r;
}

constexpr unsigned at_origin_root = http::origin_root | http::no_cors;
constexpr http::route<health_endpoints> routes[] = {
    {"/healthz", http::verb::get, "healthz", &healthz, at_origin_root},
    {"/readyz", http::verb::get, "readyz", &readyz, at_origin_root},
    {"/metrics", http::verb::get, "metrics", &metrics, at_origin_root},
};

}  // namespace

health_endpoints::health_endpoints(std::function<std::string_view()> why_not, std::string instance,
                                   access_options access)
    : why_not_(std::move(why_not)), instance_(std::move(instance)), access_(std::move(access)) {}

void health_endpoints::add_routes(http::router& r) {
    r.add(*this, std::span<http::route<health_endpoints> const>(routes));
}

}  // namespace tollgate::control
