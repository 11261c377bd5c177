#include "mcp/transport/http/modern.hpp"

#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "mcp/protocol/meta.hpp"

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

outcome<http::reply> open_subscription(endpoint const& e, json::value const& id,
                                       subscription const& granted) {
    // Ends with the stream.
    auto const listening = std::make_shared<std::shared_ptr<void>>();
    auto opened =
        open_stream(e, sse::message(subscription_end(id)), [listening] { listening->reset(); });
    if (!e.state.loose_streams.add(opened.channel, e.policy->max_sessions)) {
        return to_reply(e, invalid(503, "Too many open streams"), &id);
    }
    // "The server MUST send notifications/subscriptions/acknowledged as the first message".
    opened.channel->push(sse::message(acknowledgement(id, granted)));
    *listening = e.state.changes.listen(teller(opened.channel, id, granted.honoured));
    return sse::stream_reply(std::move(opened.body));
}

}  // namespace tollgate::mcp
