// Streamable HTTP 2026-07-28: every request stands for itself.
#include <utility>

#include "mcp/transport/http/modern.hpp"
#include "mcp/transport/http/modern_headers.hpp"
#include "mcp/transport/http/streamable.hpp"
#include "mcp/transport/http/streamed_answer.hpp"

namespace tollgate::mcp {

task<outcome<http::reply>> post_modern(endpoint const& e, message const& m) {
    if (m.what == message::kind::response) {
        auto const wrong = invalid(400, "Invalid Request: clients send no responses");
        co_return to_reply(e, wrong, nullptr);
    }
    // None is defined on this transport; header rules for them neither.
    if (m.what == message::kind::notification) co_return http::reply(202);
    if (auto const wrong = flaw_in_request(e, m)) {
        co_return to_reply(e, *wrong, m.id);
    }
    auto const spoken = revision_in(m);
    auto const body = e.http.body_json();
    // The answer to that one is a stream of its own.
    bool const listens = m.method == "subscriptions/listen";
    if (!listens && runs_by_itself(e, **body)) {
        auto talked = co_await answer_talking(e, spoken, nullptr, **body, without_peer::ends);
        co_return talked;
    }
    auto answered = co_await run_request(e, transport::streamable_http, spoken, nullptr, m);
    if (!answered) co_return answered.error();
    if (answered->listen) co_return open_subscription(e, *m.id, *answered->listen);
    co_return http::json_reply(status_of(spoken, answered->error), std::move(answered->text));
}

}  // namespace tollgate::mcp
