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

constexpr std::int64_t most_requests = 1'000'000'000;
constexpr std::string_view script_words[] = {"ok", "fault"};
constexpr std::string_view first_keys[] = {"token", "client", "session"};
constexpr std::string_view counted[] = {"next", "nth", "every", "after"};
constexpr enum trigger::kind counted_kinds[] = {trigger::kind::next, trigger::kind::nth,
                                                trigger::kind::every, trigger::kind::after};

void read_script(object_reader& in, trigger& t) {
    auto const* words = in.array("script");
    if (words == nullptr) return;
    t.kind = trigger::kind::script;
    if (words->empty() || words->size() > 1000) {
        in.fail("script", "expected 1 to 1000 of \"ok\" and \"fault\"");
    }
    for (std::size_t i = 0; i < words->size(); ++i) {
        auto const* word = (*words)[i].if_string();
        bool const known =
            word != nullptr && (*word == script_words[0] || *word == script_words[1]);
        if (!known) {
            in.fail(mistake(pointer_to(in.pointer("script"), std::to_string(i)),
                            "expected \"ok\" or \"fault\""));
            return;
        }
        t.script.push_back(*word == script_words[1]);
    }
}

void read_probability(object_reader& in, trigger& t) {
    if (auto const p = in.number("probability", 0, 1)) {
        t.kind = trigger::kind::probability;
        t.p = *p;
        if (auto const seed = in.integer("seed", 1, most_requests)) {
            t.seed = static_cast<std::uint64_t>(*seed);
        }
    }
}

// ["0s", "30s"].
void read_between(object_reader& in, trigger& t) {
    auto const* both = in.array("between");
    if (both == nullptr) return;
    t.kind = trigger::kind::between;
    std::optional<milliseconds> times[2];
    for (std::size_t i = 0; i < both->size() && i < 2; ++i)
        if (auto const* text = (*both)[i].if_string()) times[i] = parse_duration(*text);
    if (both->size() != 2 || !times[0] || !times[1] || *times[0] >= *times[1])
        return in.fail("between", "expected two durations, the earlier first: [\"0s\", \"30s\"]");
    t.from = *times[0];
    t.until = *times[1];
}

trigger read_trigger(object_reader& body) {
    trigger t;
    auto const* o = body.object("trigger");
    if (o == nullptr) return t;
    object_reader in(*o, body.pointer("trigger"));
    for (std::size_t i = 0; i < std::size(counted); ++i) {
        auto const n = in.integer(counted[i], counted[i] == "after" ? 0 : 1, most_requests);
        if (!n) continue;
        t.kind = counted_kinds[i];
        t.n = static_cast<std::uint64_t>(*n);
    }
    if (in.boolean("always") == false) in.fail("always", "expected true");
    if (auto const i = in.choice("first_per", first_keys)) {
        t.kind = trigger::kind::first_per;
        // first_keys has the order of trigger::per.
        t.key = static_cast<trigger::per>(*i);
    }
    read_script(in, t);
    read_probability(in, t);
    read_between(in, t);
    auto const ok = in.finish();
    if (!ok) body.fail(ok.error());
    if (o->size() - (o->contains("seed") ? 1 : 0) != 1) {
        body.fail("trigger",
                  "expected exactly one of always, next, nth, every, after, probability (with "
                  "seed), script, first_per, between");
    }
    return t;
}

void add_endpoint(object_reader& in, json::value const& v, selector& s) {
    auto const* text = v.if_string();
    if (text == nullptr)
        return in.fail("endpoint", "expected a string, got " + std::string(kind_of(v)));
    std::string const endpoint(*text);
    if (side_of(endpoint) == 0) {
        std::vector<std::string_view> names;
        for (auto const& e : known_endpoints())
            names.push_back(e.name);
        in.fail("endpoint", "no endpoint is called \"" + tollgate::printable(endpoint, 80) +
                                "\"; the nearest is \"" +
                                std::string(nearest_name(endpoint, names)) + '"');
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
    if (value.empty() || std::ranges::find(known, std::string_view(value)) != known.end())
        return value;
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
    s.mcp_method = read_known(in, "mcp_method", words.mcp_methods);
    s.tool = read_known(in, "tool", words.tools);
    read_header_rules(in, s);
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
    for (auto const& e : s.select.endpoints) {
        if (about_endpoint(s.own, e)) continue;
        body.fail(mistake("/select/endpoint",
                          "\"" + s.name + "\" does not act at the endpoint \"" + e + '"'));
    }
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
    s.trigger = read_trigger(in);
    s.select = read_select(in, words);
    check_reach(in, s);
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
