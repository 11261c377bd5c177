#include "control/health/probe.hpp"

#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "control/health/health.hpp"

namespace tollgate::control {

namespace {

constexpr std::size_t longest_shown = 200;

probe_result found(probe_result::finding f, std::string why) {
    probe_result r;
    r.found = f;
    r.why = std::move(why);
    return r;
}

probe_result failed(boost::system::error_code const& ec) {
    // "asio.ssl" and "asio.ssl.stream".
    bool const tls = std::string_view(ec.category().name()).starts_with("asio.ssl");
    auto const what = tls ? probe_result::finding::untrusted : probe_result::finding::unreachable;
    return found(what, (tls ? "its TLS failed: " : "nobody could be asked there: ") + ec.message());
}

probe_result judged(http::client_response const& a, std::string const& instance) {
    auto const seen = a.headers.get(instance_header);
    // Whatever the status: nobody else knows that text.
    if (seen == instance) return found(probe_result::finding::here, {});
    if (!seen.empty())
        return found(probe_result::finding::somebody_else, "another tollgate answers there");
    auto const status = "status " + std::to_string(a.status);
    auto const location = a.headers.get("Location");
    if (a.status / 100 == 3 && !location.empty())
        return found(
            probe_result::finding::redirected,
            "it redirects (" + status + ") to " + tollgate::printable(location, longest_shown));
    return found(probe_result::finding::somebody_else,
                 "somebody else answers there (" + status + " to GET /healthz)");
}

}  // namespace

std::string_view to_string(probe_result::finding f) noexcept {
    switch (f) {
        case probe_result::finding::here:
            return "here";
        case probe_result::finding::untrusted:
            return "untrusted";
        case probe_result::finding::redirected:
            return "redirected";
        case probe_result::finding::somebody_else:
            return "somebody_else";
        case probe_result::finding::unreachable:
            break;
    }
    return "unreachable";
}

task<probe_result> try_to_reach(http::client& with, std::string origin, std::string instance,
                                std::chrono::milliseconds timeout) {
    http::outbound question(origin + "/healthz");
    question.timeout = timeout;
    question.max_body = 4096;
    question.headers.add("Accept", "text/plain");
    auto const got = co_await with.send(std::move(question));
    if (!got) co_return failed(got.error());
    co_return judged(*got, instance);
}

}  // namespace tollgate::control
