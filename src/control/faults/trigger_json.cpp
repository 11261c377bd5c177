// Triggers as JSON, in and out.
#include <boost/json/array.hpp>

#include "base/quantity.hpp"
#include "control/faults/endpoints.hpp"
#include "control/faults/fault_json.hpp"

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

// {"type": "refresh", "client_id": "…"}.
void read_event(object_reader& in, std::string_view name, enum trigger::kind kind, trigger& t) {
    auto const* wanted = in.object(name);
    if (wanted == nullptr) return;
    t.kind = kind;
    object_reader each(*wanted, in.pointer(name));
    std::vector<std::string_view> words;
    for (auto const& w : words_of(event_type()))
        words.push_back(w.text);
    auto const type = each.need("type", "the type of an event").choice("type", words);
    if (type) t.event.type = value_of<event_type>(words[*type]);
    t.event.client_id = each.text("client_id", 2048).value_or("");
    t.event.endpoint = each.text("endpoint").value_or("");
    t.event.outcome = each.text("outcome").value_or("");
    t.event.mcp_method = each.text("mcp_method").value_or("");
    if (!t.event.endpoint.empty() && side_of(t.event.endpoint) == 0)
        each.fail("endpoint", "no endpoint is called that");
    auto const ok = each.finish();
    if (!ok) in.fail(ok.error());
}

}  // namespace

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
    read_event(in, "until", trigger::kind::until, t);
    read_event(in, "since", trigger::kind::since, t);
    auto const ok = in.finish();
    if (!ok) body.fail(ok.error());
    if (o->size() - (o->contains("seed") ? 1 : 0) != 1) {
        body.fail("trigger",
                  "expected exactly one of always, next, nth, every, after, probability (with "
                  "seed), script, first_per, between, until, since");
    }
    return t;
}

namespace {

std::string_view name_of(trigger::per key) noexcept {
    switch (key) {
        case trigger::per::token:
            return "token";
        case trigger::per::client:
            return "client";
        case trigger::per::session:
            return "session";
    }
    return "token";
}

json::object describe(event_filter const& wanted) {
    json::object o;
    if (wanted.type) o["type"] = word_of(*wanted.type);
    if (!wanted.client_id.empty()) o["client_id"] = wanted.client_id;
    if (!wanted.endpoint.empty()) o["endpoint"] = wanted.endpoint;
    if (!wanted.outcome.empty()) o["outcome"] = wanted.outcome;
    if (!wanted.mcp_method.empty()) o["mcp_method"] = wanted.mcp_method;
    return o;
}

}  // namespace

json::object describe(trigger const& t) {
    json::object o;
    switch (t.kind) {
        case trigger::kind::always:
            o["always"] = true;
            break;
        case trigger::kind::next:
            o["next"] = t.n;
            break;
        case trigger::kind::nth:
            o["nth"] = t.n;
            break;
        case trigger::kind::every:
            o["every"] = t.n;
            break;
        case trigger::kind::after:
            o["after"] = t.n;
            break;
        case trigger::kind::probability:
            o["probability"] = t.p;
            break;
        case trigger::kind::first_per:
            o["first_per"] = name_of(t.key);
            break;
        case trigger::kind::between:
            o["between"] = json::array{duration_text(t.from), duration_text(t.until)};
            break;
        case trigger::kind::until:
            o["until"] = describe(t.event);
            break;
        case trigger::kind::since:
            o["since"] = describe(t.event);
            break;
        case trigger::kind::script: {
            json::array words;
            for (bool const fault : t.script)
                words.emplace_back(fault ? "fault" : "ok");
            o["script"] = std::move(words);
        }
    }
    return o;
}

}  // namespace tollgate::control
