// Streamable HTTP 2026-07-28: every request stands for itself.
#include <utility>

#include <boost/json/serialize.hpp>
#include "mcp/header_rules.hpp"
#include "mcp/meta.hpp"
#include "mcp/streamable.hpp"

namespace tollgate::mcp {

namespace {

std::string acknowledgement(json::value const& id, subscription const& granted) {
    json::object tag;
    tag[meta::subscription_id] = id;
    json::object params;
    params["_meta"] = std::move(tag);
    params["notifications"] = granted.honoured;
    return notification_text("notifications/subscriptions/acknowledged", params);
}

// "Graceful Closure": the result of subscriptions/listen, sent when the server ends it.
std::string graceful_end(json::value const& id) {
    json::object result;
    complete_modern(result);
    result["_meta"].as_object()[meta::subscription_id] = id;
    return response_text(id, json::serialize(result));
}

outcome<http::reply> open_subscription(endpoint const& e, json::value const& id,
                                       subscription const& granted) {
    auto opened = open_stream(e, sse::message(graceful_end(id)), {});
    if (!e.state.loose_streams.add(opened.channel, e.policy->max_sessions)) {
        return to_reply(e.http, invalid(503, "Too many open streams"), &id, unknown_id::absent);
    }
    // "The server MUST send notifications/subscriptions/acknowledged as the first message".
    opened.channel->push(sse::message(acknowledgement(id, granted)));
    return sse::stream_reply(std::move(opened.body));
}

// Errors of a method travel inside 200, but for two: "Protocol Version Header" (404) and
// "Per-request protocol fields" (400).
unsigned status_of(answer const& a) noexcept {
    if (a.error == error_code::method_not_found) return 404;
    return a.error == error_code::missing_client_capability ? 400 : 200;
}

}  // namespace

task<outcome<http::reply>> post_modern(endpoint const& e, message const& m) {
    if (m.what == message::kind::response) {
        auto const wrong = invalid(400, "Invalid Request: clients send no responses");
        co_return to_reply(e.http, wrong, nullptr, unknown_id::absent);
    }
    // None is defined on this transport; header rules for them neither.
    if (m.what == message::kind::notification) co_return http::reply(202);
    if (auto const wrong = flaw_in_request(e, m)) {
        co_return to_reply(e.http, *wrong, m.id, unknown_id::absent);
    }
    auto const spoken = revision_in(m);
    auto answered = co_await run_request(e, transport::streamable_http, spoken, nullptr, m);
    if (!answered) co_return answered.error();
    if (answered->listen) co_return open_subscription(e, *m.id, *answered->listen);
    co_return http::json_reply(status_of(*answered), std::move(answered->text));
}

}  // namespace tollgate::mcp
