#include "control/faults/fault_json.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "base/clock.hpp"
#include "base/nearest.hpp"
#include "base/quantity.hpp"
#include "base/text.hpp"
#include "control/faults/catalogue.hpp"
#include "control/faults/connection_fault.hpp"
#include "control/faults/endpoints.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

std::string nearest_endpoint(std::string_view endpoint) {
    std::vector<std::string_view> names;
    for (auto const& e : known_endpoints())
        names.push_back(e.name);
    return std::string(nearest_name(endpoint, names));
}

void add_endpoint(object_reader& in, json::value const& v, selector& s) {
    auto const* text = v.if_string();
    if (text == nullptr)
        return in.fail("endpoint", "expected a string, got " + std::string(kind_of(v)));
    std::string const endpoint(*text);
    if (side_of(endpoint) == 0) {
        in.fail("endpoint", "no endpoint is called \"" + tollgate::printable(endpoint, 80) +
                                "\"; the nearest is \"" + nearest_endpoint(endpoint) + '"');
    }
    s.endpoints.push_back(endpoint);
}

// One, or a list.
void read_endpoint(object_reader& in, selector& s) {
    auto const* given = in.any("endpoint");
    if (given == nullptr) return;
    if (auto const* several = given->if_array()) {
        for (auto const& one : *several)
            add_endpoint(in, one, s);
        if (several->empty()) in.fail("endpoint", "names no endpoint");
    } else {
        add_endpoint(in, *given, s);
    }
}

// {"X-Test": "1"} or {"X-Test": true}: present, whatever its value.
void read_header_rules(object_reader& select, selector& s) {
    auto const* headers = select.object("header");
    if (headers == nullptr) return;
    object_reader in(*headers, select.pointer("header"));
    for (auto const& member : *headers) {
        std::string const name(member.key().data(), member.key().size());
        in.any(name);
        auto const* text = member.value().if_string();
        bool const present = member.value().is_bool() && member.value().get_bool();
        if (text != nullptr) {
            s.headers.emplace_back(name, std::string(text->data(), text->size()));
        } else if (present) {
            s.headers.emplace_back(name, std::nullopt);
        } else {
            in.fail(name, "expected a string, or true for any value");
        }
    }
    auto const ok = in.finish();
    if (!ok) select.fail(ok.error());
}

std::string read_known(object_reader& in, std::string_view name,
                       std::span<std::string_view const> known) {
    auto const value = in.text(name).value_or("");
    if (value.empty() || known.empty()) return value;
    if (std::ranges::find(known, std::string_view(value)) != known.end()) return value;
    in.fail(name, "nothing is called \"" + tollgate::printable(value, 80) +
                      "\" here; the nearest is \"" + std::string(nearest_name(value, known)) + '"');
    return value;
}

// RFC 6749 §4.5: a grant type that no standard names is an absolute URI.
std::string read_grant_type(object_reader& in, std::span<std::string_view const> known) {
    auto const* given = in.any("grant_type");
    bool const extension =
        given && given->is_string() && std::string_view(given->get_string()).find(':') != 0 &&
        std::string_view(given->get_string()).find(':') != std::string_view::npos;
    if (extension) return in.text("grant_type").value_or("");
    return read_known(in, "grant_type", known);
}

}  // namespace

selector read_select(object_reader& body, vocabulary const& words) {
    selector s;
    auto const* o = body.object("select");
    if (o == nullptr) return s;
    object_reader in(*o, body.pointer("select"));
    read_endpoint(in, s);
    s.grant_type = read_grant_type(in, words.grant_types);
    s.client_id = in.text("client_id", 2048).value_or("");
    s.subject = in.text("subject").value_or("");
    s.session = in.text("session").value_or("");
    if (!s.session.empty() && without_ellipsis(s.session).size() < shortest_session_name)
        in.fail("session", "expected the id of a session, or its first eight characters at least");
    s.mcp_method = read_known(in, "mcp_method", words.mcp_methods);
    s.tool = read_known(in, "tool", words.tools);
    s.family = in.text("family").value_or("");
    s.flow = in.text("flow").value_or("");
    read_header_rules(in, s);
    read_condition(in, s.also);
    auto const ok = in.finish();
    if (!ok) body.fail(ok.error());
    return s;
}

namespace {

fault_settings read_named(std::string const& name, object_reader& body, object_reader& params) {
    if (name == "raw") {
        fault_settings s;
        s.name = name;
        read_raw(params, s);
        return s;
    }
    if (auto const* named = find_named_fault(name)) return settings_of(*named, params);
    std::vector<std::string_view> names{"raw"};
    for (auto const& f : catalogue())
        names.push_back(f.name);
    body.fail("name", "no fault is called \"" + tollgate::printable(name, 80) +
                          "\"; the nearest is \"" + std::string(nearest_name(name, names)) + '"');
    return fault_settings();
}

// Of the user's own effects.
fault_settings unnamed(json::array const& effects, object_reader& in, json::object const& body) {
    fault_settings s;
    s.name = "effects";
    s.own_effects = effects;
    s.effects = read_effects(effects, in, "effects");
    for (auto const* member : {"name", "params"})
        if (body.contains(member)) in.fail(member, "does not go with effects of your own");
    return s;
}

// A named fault that is asked for at an endpoint where it never acts would be silent for ever.
void check_reach(object_reader& body, fault_settings const& s) {
    for (std::size_t i = 0; i < s.effects.size(); ++i)
        for (auto const& e : s.effects[i]->where.endpoints)
            if (side_of(e) == 0)
                body.fail(mistake("/effects/" + std::to_string(i) + "/at",
                                  "no endpoint is called \"" + tollgate::printable(e, 80) +
                                      "\"; the nearest is \"" + nearest_endpoint(e) + '"'));
    for (auto const& e : s.select.endpoints) {
        if (about_endpoint(s.own, e)) continue;
        body.fail(mistake("/select/endpoint",
                          "\"" + s.name + "\" does not act at the endpoint \"" + e + '"'));
    }
}

// What speaks to the guard acts before that has looked at the token.
void check_order(object_reader& body, fault_settings const& s) {
    bool early = false;
    for (auto const& e : s.effects)
        early = early || (e->seams() & before_guard) != 0;
    if (!early) return;
    if (!s.select.subject.empty())
        body.fail(mistake("/select/subject",
                          "the fault acts before the token is looked at, and nobody knows its "
                          "subject"));
    auto const has_form = [](std::string const& e) {
        return e != "mcp" && e != "sse" && e != "messages";
    };
    auto const& endpoints = s.select.endpoints.empty() ? s.own.endpoints : s.select.endpoints;
    bool const told = endpoints.empty() || std::ranges::any_of(endpoints, has_form);
    bool const per_client =
        s.trigger.kind == trigger::kind::first_per && s.trigger.key == trigger::per::client;
    if (per_client && !told)
        body.fail(mistake("/trigger/first_per",
                          "the fault acts before the token is looked at, and nobody knows its "
                          "client; count by \"token\" or \"session\""));
    if (!s.select.client_id.empty() && !told)
        body.fail(mistake("/select/client_id",
                          "the fault acts before the token is looked at, and nobody knows its "
                          "client; select by header or family"));
}

}  // namespace

outcome<fault_settings> read_fault(json::object const& body, time_point now,
                                   vocabulary const& words) {
    object_reader in(body);
    json::object const none;
    auto const* effects = in.array("effects");
    if (effects == nullptr) in.need("name", "the name of a fault, or effects");
    auto const name = in.text("name").value_or("");
    auto const* given = in.object("params");
    object_reader params(given != nullptr ? *given : none, "/params");
    auto s = effects ? unnamed(*effects, in, body) : read_named(name, in, params);
    // Nobody knows the parameters of a fault that there is not: its name is mistake enough.
    if (find_named_fault(name) != nullptr || name == "raw") {
        auto const ok = params.finish();
        if (!ok) in.fail(ok.error());
    }
    if (body.contains("trigger")) s.trigger = read_trigger(in);
    bool const until = s.trigger.kind == trigger::kind::until;
    bool const watches = until || s.trigger.kind == trigger::kind::since;
    if (watches && !words.recorded)
        in.fail("trigger", std::string(until ? "until" : "since") +
                               " needs the journal, and journal.bytes is 0");
    s.select = read_select(in, words);
    if (!s.select.flow.empty() && !words.recorded)
        in.fail("select", "flow needs the journal, and journal.bytes is 0");
    check_reach(in, s);
    check_order(in, s);
    if (auto const life = in.duration("expires_in", milliseconds(1), std::chrono::days(365))) {
        s.expires_at = now + *life;
    }
    if (!s.select.endpoints.empty()) s.side = 0;
    for (auto const& e : s.select.endpoints)
        s.side |= side_of(e);
    check_connection_fault(in, s);
    if (given != nullptr) s.params = *given;
    auto const ok = in.finish();
    if (!ok) return ok.error();
    return s;
}

}  // namespace tollgate::control
