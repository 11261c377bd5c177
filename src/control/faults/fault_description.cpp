// A fault as the control API shows it: what was asked for, and how often it has acted.
#include <boost/json/array.hpp>

#include "base/clock.hpp"
#include "control/faults/fault_json.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

void add(json::object& o, std::string_view name, std::string const& value) {
    if (!value.empty()) o[name] = value;
}

// Where it acts, in a word: the parameters of a raw fault say it more exactly.
std::string_view stage_of(fault const& f) noexcept {
    if ((f.seams() & on_connection) != 0) return "connection";
    if ((f.seams() & before_handler) != 0) return "before";
    return (f.seams() & discards) != 0 ? "replace" : "mutate";
}

json::object describe(selector const& s) {
    json::object o;
    if (s.endpoints.size() == 1) o["endpoint"] = s.endpoints.front();
    if (s.endpoints.size() > 1) o["endpoint"] = json::array(s.endpoints.begin(), s.endpoints.end());
    add(o, "grant_type", s.grant_type);
    add(o, "client_id", s.client_id);
    add(o, "subject", s.subject);
    add(o, "session", s.session);
    add(o, "mcp_method", s.mcp_method);
    add(o, "tool", s.tool);
    add(o, "family", s.family);
    add(o, "flow", s.flow);
    json::object headers;
    for (auto const& rule : s.headers) {
        headers[rule.name] = rule.value ? json::value(*rule.value) : json::value(true);
    }
    if (!headers.empty()) o["header"] = std::move(headers);
    add_condition(o, s.also);
    json::object parameters;
    for (auto const& p : s.also.parameters) {
        auto const is = p.value ? json::value(*p.value) : json::value(p.there);
        parameters[p.name] = p.begins ? json::value{{"begins", is}} : is;
    }
    if (!parameters.empty()) o["parameter"] = std::move(parameters);
    return o;
}

}  // namespace

void add_condition(json::object& o, condition const& c) {
    add(o, "method", c.method);
    add(o, "target", c.target);
    add(o, "not_target", c.not_target);
    add(o, "path", c.path);
    add(o, "with_header", c.with_header);
    add(o, "without_header", c.without_header);
}

json::value describe(fault const& f) {
    auto const& s = f.settings();
    json::object o;
    o["id"] = s.id;
    o["name"] = s.name;
    o["trigger"] = describe(s.trigger);
    o["select"] = describe(s.select);
    o["stage"] = stage_of(f);
    o["params"] = s.params;
    if (!s.own_effects.empty()) o["effects"] = s.own_effects;
    o["matched"] = f.matched();
    o["fired"] = f.fired();
    if (s.expires_at) o["expires_at"] = rfc3339(*s.expires_at);
    return o;
}

json::value explain(fault const& f) {
    auto const nearest = f.nearest();
    if (!nearest) return nullptr;
    return json::object{
        {"member", nearest->member}, {"wanted", nearest->wanted}, {"was", nearest->got}};
}

}  // namespace tollgate::control
