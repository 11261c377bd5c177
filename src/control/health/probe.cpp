#include "control/health/probe.hpp"

#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "control/health/health.hpp"

namespace tollgate::control {

namespace {

constexpr std::size_t longest_shown = 200;

reached found(reached::finding f, std::string why) {
    reached r;
    r.what = f;
    r.why = std::move(why);
    return r;
}

reached failed(boost::system::error_code const& ec) {
    bool const tls = std::string_view(ec.category().name()).starts_with("asio.ssl");
    auto const what = tls ? reached::finding::untrusted : reached::finding::unreachable;
    return found(what, (tls ? "its TLS failed: " : "nobody could be asked there: ") + ec.message());
}

reached judged(http::answer const& a, std::string const& instance) {
    auto const seen = a.headers.get(instance_header);
    if (seen == instance) return found(reached::finding::here, {});
    if (!seen.empty())
        return found(reached::finding::somebody_else, "another tollgate answers there");
    auto const status = "status " + std::to_string(a.status);
    auto const location = a.headers.get("Location");
    if (a.status / 100 == 3 && !location.empty())
        return found(
            reached::finding::redirected,
            "it redirects (" + status + ") to " + tollgate::printable(location, longest_shown));
    return found(reached::finding::somebody_else,
                 "somebody else answers there (" + status + " to GET /healthz)");
}

}  // namespace

std::string_view to_string(reached::finding f) noexcept {
    switch (f) {
        case reached::finding::here:
            return "here";
        case reached::finding::untrusted:
            return "untrusted";
        case reached::finding::redirected:
            return "redirected";
        case reached::finding::somebody_else:
            return "somebody_else";
        case reached::finding::unreachable:
            break;
    }
    return "unreachable";
}

task<reached> try_to_reach(http::client& with, std::string origin, std::string instance,
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
