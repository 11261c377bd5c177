#include "control/journal/views.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "control/journal/message_view.hpp"
#include "control/journal/redaction.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

void add_text(json::object& o, std::string_view name, std::string_view text) {
    if (!text.empty()) o[name] = text;
}

json::array fields_json(message_view const& m) {
    json::array list;
    for (auto const& f : m.fields)
        list.push_back({{"name", f.name}, {"value", f.value}});
    return list;
}

std::string_view how_text(delivery how) noexcept {
    switch (how) {
        case delivery::delivered:
            return "delivered";
        case delivery::cut:
            return "cut";
        case delivery::pending:
            break;
    }
    return "pending";
}

void add_messages(json::object& o, recorded_exchange const& x) {
    auto const sent = view_request(x.request);
    auto const got = view_response(x.response);
    json::object request{{"method", sent.method}, {"target", sent.target}};
    request["headers"] = fields_json(sent);
    add_text(request, "body", sent.body);
    request["body_size"] = sent.body_size;
    json::object response{{"status", got.status}};
    response["headers"] = fields_json(got);
    add_text(response, "body", got.body);
    response["body_size"] = got.body_size;
    response["streamed"] = x.streamed;
    response["delivery"] = how_text(x.how);
    o["arrived"] = rfc3339_milliseconds(x.arrived);
    o["peer"] = x.peer;
    o["request"] = std::move(request);
    o["response"] = std::move(response);
}

void add_stream(json::object& o, event const& e) {
    if (e.stream_event.empty()) return;
    json::object stream{{"event", e.stream_event}};
    add_text(stream, "id", e.stream_id);
    bool const is_json = e.stream_data.starts_with('{') || e.stream_data.starts_with('[');
    // A URL: the endpoint event of HTTP+SSE names the session.
    add_text(stream, "data", is_json ? redact_json(e.stream_data) : redact_target(e.stream_data));
    o["stream"] = std::move(stream);
}

}  // namespace

json::object to_json(event const& e, std::string_view realm) {
    auto const& f = e.facts;
    json::object o{{"seq", e.seq},
                   {"time", rfc3339_milliseconds(e.time)},
                   {"realm", realm},
                   {"flow", e.flow},
                   {"type", word_of(e.type)}};
    add_text(o, "endpoint", e.endpoint);
    add_text(o, "client_id", f.client_id);
    add_text(o, "subject", f.subject);
    add_text(o, "grant_type", f.grant_type);
    add_text(o, "family", f.family);
    add_text(o, "session", f.session);
    add_text(o, "mcp_method", redact_tokens(f.mcp_method));
    add_text(o, "tool", redact_tokens(f.tool));
    if (e.of != 0) o["exchange"] = e.of;
    add_text(o, "outcome", e.outcome);
    if (e.exchange) add_messages(o, *e.exchange);
    add_stream(o, e);
    json::array faults(f.faults.begin(), f.faults.end());
    if (e.exchange) o["faults"] = std::move(faults);
    add_text(o, "decision", f.decision);
    add_text(o, "error", f.error);
    add_text(o, "refused_by", redact_tokens(f.refused_by));
    return o;
}

}  // namespace tollgate::control
