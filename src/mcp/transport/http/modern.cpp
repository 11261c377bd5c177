// Streamable HTTP 2026-07-28: every request stands for itself.
#include "mcp/transport/http/modern.hpp"

#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "mcp/protocol/meta.hpp"
#include "mcp/transport/http/modern_headers.hpp"
#include "mcp/transport/http/streamable.hpp"
#include "mcp/transport/http/streamed_answer.hpp"

namespace tollgate::mcp {

namespace {

std::string acknowledgement(json::value const& id, subscription const& granted) {
    json::object params;
    params["notifications"] = granted.honoured.to_json();
    return subscribed_text("notifications/subscriptions/acknowledged", std::move(params), id);
}

// What passes changes on to the stream. A slow reader loses its stream and slows nobody.
change_hub::listener teller(std::weak_ptr<sse::channel> to, json::value id,
                            subscription_filter wanted) {
    return [to = std::move(to), id = std::move(id), wanted = std::move(wanted)](change const& c) {
        if (!wanted.wants(c)) return;
        auto const stream = to.lock();
        if (stream) stream->push(sse::message(subscribed_text(c.method(), c.params, id)));
    };
}

}  // namespace

task<endpoint_result> post_modern(endpoint const& e, message m) {
    if (m.kind == message::kind::response) {
        auto const wrong = invalid(400, "Invalid Request: clients send no responses");
        co_return wrong;
    }
    // None is defined on this transport; header rules for them neither.
    if (m.kind == message::kind::notification) co_return http::reply(202);
    if (auto const wrong = flaw_in_request(e, m)) {
        co_return answering(*wrong, m.id);
    }
    auto const spoken = revision_in(m);
    auto const body = e.http.body_json();
    // The answer to that one is a stream of its own.
    bool const listens = m.method == "subscriptions/listen";
    if (!listens && runs_by_itself(e, m)) {
        auto talked = co_await answer_with_stream(e, spoken, nullptr, **body, without_peer::ends);
        co_return talked;
    }
    auto answered = co_await run_request(e, transport::streamable_http, spoken, nullptr, m);
    if (!answered) co_return answered.error();
    if (answered->listen) co_return open_subscription(e, *m.id, *answered->listen);
    co_return http::json_reply(status_of(spoken, answered->error), std::move(answered->text));
}

endpoint_result open_subscription(endpoint const& e, json::value const& id,
                                  subscription const& granted) {
    // Ends with the stream.
    auto const listening = std::make_shared<std::shared_ptr<void>>();
    auto opened =
        open_stream(e, sse::message(subscription_end(id)), [listening] { listening->reset(); });
    // It takes as much as a session does, and is bounded like one.
    if (!e.state.loose_streams.add(opened.channel, e.policy->max_sessions)) {
        return answering(invalid(503, "Too many open streams"), &id);
    }
    // "The server MUST send notifications/subscriptions/acknowledged as the first message".
    opened.channel->push(sse::message(acknowledgement(id, granted)));
    // Only now: no change may come before the acknowledgement.
    *listening = e.state.changes.listen(teller(opened.channel, id, granted.honoured));
    return sse::stream_reply(std::move(opened.body));
}

}  // namespace tollgate::mcp
