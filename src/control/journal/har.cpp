// The journal as HTTP Archive 1.2, which browsers and test tools read.
#include <boost/json/array.hpp>

#include "control/journal/message_view.hpp"
#include "control/journal/views.hpp"
#include "http/message/form.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

json::array pairs(std::vector<http::header> const& fields) {
    json::array list;
    for (auto const& f : fields)
        list.push_back({{"name", f.name}, {"value", f.value}});
    return list;
}

json::array query_of(std::string const& target) {
    json::array list;
    auto const question = target.find('?');
    if (question == std::string::npos) return list;
    auto const parsed = http::form::parse(std::string_view(target).substr(question + 1));
    if (!parsed) return list;
    for (auto const& [name, value] : *parsed)
        list.push_back({{"name", name}, {"value", value}});
    return list;
}

json::object request_of(message_view const& m, std::string_view scheme) {
    json::object o{{"method", m.method},
                   {"url", std::string(scheme) + "://" + std::string(m.field("Host")) + m.target},
                   {"httpVersion", "HTTP/1.1"}};
    o["cookies"] = json::array();
    o["headers"] = pairs(m.fields);
    o["queryString"] = query_of(m.target);
    if (m.body_size != 0) o["postData"] = {{"mimeType", m.field("Content-Type")}, {"text", m.body}};
    o["headersSize"] = -1;
    o["bodySize"] = m.body_size;
    return o;
}

json::object response_of(message_view const& m) {
    json::object o{{"status", m.status}, {"statusText", ""}, {"httpVersion", "HTTP/1.1"}};
    o["cookies"] = json::array();
    o["headers"] = pairs(m.fields);
    o["content"] = {{"size", m.body_size}, {"mimeType", m.field("Content-Type")}, {"text", m.body}};
    o["redirectURL"] = m.field("Location");
    o["headersSize"] = -1;
    o["bodySize"] = m.body_size;
    return o;
}

json::object entry_of(event const& e, std::string_view scheme) {
    auto const& x = *e.exchange;
    auto const took = std::chrono::duration<double, std::milli>(e.time - x.arrived).count();
    json::object o{{"startedDateTime", rfc3339_milliseconds(x.arrived)}, {"time", took}};
    o["request"] = request_of(view_request(x.request), scheme);
    o["response"] = response_of(view_response(x.response));
    o["cache"] = json::object();
    o["timings"] = {{"send", 0}, {"wait", took}, {"receive", 0}};
    o["_seq"] = e.seq;
    o["_flow"] = e.flow;
    o["_endpoint"] = e.endpoint;
    return o;
}

}  // namespace

json::object to_har(std::span<event_ptr const> events, std::string_view scheme) {
    json::array entries;
    for (auto const& e : events)
        if (e->type == event_type::exchange && e->exchange) entries.push_back(entry_of(*e, scheme));
    json::object log{{"version", "1.2"}};
    log["creator"] = {{"name", "tollgate"}, {"version", TOLLGATE_VERSION}};
    log["entries"] = std::move(entries);
    return {{"log", std::move(log)}};
}

}  // namespace tollgate::control
