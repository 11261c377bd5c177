#include "control/realms/realm_document.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "base/log/log.hpp"
#include "control/faults/fault_json.hpp"
#include "control/faults/realm_faults.hpp"
#include "control/input/policy_patch.hpp"
#include "control/journal/journal.hpp"
#include "control/realms/realm_setup.hpp"
#include "control/verdict/realm_client.hpp"

namespace tollgate::control {

namespace {

namespace json = boost::json;

void say_left_out(http::realm const& r, std::string_view what, std::string const& why) {
    log(log_level::warning, "not_restored", {{"realm", r.name()}, {"what", what}, {"why", why}});
}

json::object changed_policy(policies const& now, policies const& initial) {
    auto const before = print_policy(initial);
    json::object changed;
    for (auto const& [key, value] : print_policy(now))
        if (before.at(key) != value) changed.emplace(key, value);
    return changed;
}

json::object json_of(time_shift::setting const& s) {
    json::object o;
    o["offset"] = s.offset.count();
    o["skew"] = s.skew.count();
    if (s.frozen) o["frozen"] = s.frozen->time_since_epoch().count();
    return o;
}

time_shift::setting clock_from(json::object const& o) {
    time_shift::setting s;
    s.offset = time_point::duration(o.at("offset").as_int64());
    s.skew = time_point::duration(o.at("skew").as_int64());
    if (auto const* at = o.if_contains("frozen"))
        s.frozen = time_point(time_point::duration(at->as_int64()));
    return s;
}

json::object json_of(fault::image const& f) {
    auto o = describe(fault(f)).as_object();
    auto const& s = f.settings;
    o["seed"] = std::to_string(s.trigger.seed);
    o["made_at"] = s.made_at.time_since_epoch().count();
    if (s.expires_at) o["expires_at"] = s.expires_at->time_since_epoch().count();
    if (s.trigger.over) o["over"] = s.trigger.over->load();
    o["met"] = json::array(f.seen.begin(), f.seen.end());
    return o;
}

json::object body_of(json::object const& kept) {
    json::object body;
    bool const unnamed = kept.contains("effects");
    for (auto const* member : {"trigger", "select"})
        body[member] = kept.at(member);
    for (auto const* member : {"name", "params"})
        if (!unnamed) body[member] = kept.at(member);
    if (unnamed) body["effects"] = kept.at("effects");
    return body;
}

outcome<fault::image> fault_from(json::object const& kept, vocabulary const& words,
                                 time_point now) {
    auto const settings = read_fault(body_of(kept), now, words);
    if (!settings) return settings.error();
    fault::image f;
    f.settings = *settings;
    auto& s = f.settings;
    s.id = kept.at("id").as_string();
    s.trigger.seed = std::stoull(std::string(kept.at("seed").as_string()));
    s.made_at = time_point(time_point::duration(kept.at("made_at").as_int64()));
    if (auto const* end = kept.if_contains("expires_at"))
        s.expires_at = time_point(time_point::duration(end->as_int64()));
    if (auto const* over = kept.if_contains("over"); over && over->as_bool())
        s.trigger.over = std::make_shared<std::atomic<bool> const>(true);
    f.matched = kept.at("matched").to_number<std::uint64_t>();
    f.fired = kept.at("fired").to_number<std::uint64_t>();
    for (auto const& key : kept.at("met").as_array())
        f.seen.emplace(key.as_string());
    return f;
}

json::object json_of(realm_faults::image const& all) {
    json::array list;
    // An exam begins anew after a restart, and puts in the faults of its stations itself.
    for (auto const& one : all.faults)
        if (one.settings.station.empty()) list.push_back(json_of(one));
    json::object o;
    o["list"] = std::move(list);
    o["next"] = all.next_id;
    o["token_requests"] = all.counted.all;
    o["faulted_token_requests"] = all.counted.faulted;
    return o;
}

void apply_faults(http::realm& r, json::object const& o, time_point now) {
    // What it may select by was checked when it was made, by the words that its scenario or the
    // control plane has: here any will do.
    vocabulary words;
    words.recorded = r.get<journal>().on();
    realm_faults::image all;
    for (auto const& one : o.at("list").as_array()) {
        auto f = fault_from(one.as_object(), words, now);
        if (f) {
            watch_end(f->settings, r.get<journal>());
            all.faults.push_back(std::move(*f));
        } else {
            say_left_out(r, "fault", f.error().description());
        }
    }
    all.next_id = o.at("next").to_number<std::uint64_t>();
    all.counted.all = o.at("token_requests").to_number<std::uint64_t>();
    all.counted.faulted = o.at("faulted_token_requests").to_number<std::uint64_t>();
    r.get<realm_faults>().restore(std::move(all));
}

void apply_policy(http::realm& r, json::object const& document, administrations const& to) {
    auto const standard = configured(to);
    auto patch = read_policy_change(document.at("policy").as_object(), standard, current(to, r));
    if (!patch) return say_left_out(r, "policy", patch.error().description());
    patch->deny_consent = document.at("deny_consent").as_bool();
    if (auto const* buttons = document.if_contains("test_buttons"))
        patch->test_buttons = buttons->as_bool();
    std::scoped_lock const lock(r.get<realm_state>().editing());
    auto changed = current(to, r);
    apply(*patch, standard, changed);
    to.oauth.set_policy(r, std::move(changed.oauth));
    to.mcp.set_policy(r, std::move(changed.mcp));
}

json::object json_of(realm_client::told const& told) {
    json::object o;
    o["since"] = told.since;
    o["client"] = word_of(told.state);
    if (told.exit) o["exit"] = *told.exit;
    return o;
}

// The realm is in its scenario already, and no event was recorded since.
void apply_trial(http::realm& r, json::object const& o) {
    realm_client::told told;
    told.since = std::min(o.at("since").to_number<std::uint64_t>(), r.get<journal>().next());
    told.state = value_of<client_state>(o.at("client").as_string()).value();
    if (auto const* exit = o.if_contains("exit")) told.exit = exit->to_number<int>();
    r.get<realm_client>().restore(told);
}

json::array json_of(std::vector<std::string> const& texts) {
    return json::array(texts.begin(), texts.end());
}

std::vector<std::string> texts_from(json::value const& v) {
    std::vector<std::string> texts;
    for (auto const& one : v.as_array())
        texts.emplace_back(one.as_string());
    return texts;
}

void apply_object(http::realm& r, json::object const& document, administrations const& to,
                  time_point now) {
    auto const how = find_scenario(std::string_view(document.at("scenario").as_string()));
    if (how) {
        enter_scenario(r, **how, to, now);
    } else {
        say_left_out(r, "scenario", how.error().description());
    }
    apply_policy(r, document, to);
    // It goes on as far from real time as it was.
    r.time().restore(clock_from(document.at("clock").as_object()), now, now);
    apply_faults(r, document.at("faults").as_object(), now);
    // Of a scenario that there is no more nothing is judged.
    auto const* trial = document.if_contains("trial");
    if (trial != nullptr && how) apply_trial(r, trial->as_object());
}

std::shared_ptr<http::other_names const> kin_from(json::object const& document) {
    auto const* issuers = document.if_contains("issuers");
    if (issuers == nullptr) return nullptr;
    auto kin = std::make_shared<http::other_names>();
    kin->issuers = texts_from(*issuers);
    kin->mcp_bases = texts_from(document.at("mcp_bases"));
    auto const* until = document.if_contains("until_ms");
    if (until == nullptr) return kin;  // written before names had ends
    for (auto const& one : until->as_object())
        kin->until.emplace(one.key(), time_point(milliseconds(one.value().as_int64())));
    return kin;
}

outcome<birth_record> birth_from_object(json::object const& document, administrations const& to) {
    birth_record all;
    auto& birth = all.settings;
    birth.way = document.at("isolation").as_string() == "host" ? isolation::host : isolation::path;
    birth.base = document.at("base").as_string();
    auto const how = find_scenario(std::string_view(document.at("scenario").as_string()));
    if (!how) return how.error();
    birth.scenario = *how;
    auto const patch =
        read_policy_patch(document.at("policy").as_object(), "/policy", configured(to));
    if (!patch) return patch.error();
    birth.policy = *patch;
    birth.seed = std::stoull(std::string(document.at("seed").as_string()));
    if (auto const* ttl = document.if_contains("ttl_ms")) birth.ttl = milliseconds(ttl->as_int64());
    all.kin = kin_from(document);
    return all;
}

}  // namespace

json::object document_of(http::realm const& r, realm_snapshot const& now,
                         realm_client::told const& trial, administrations const& to) {
    json::object document;
    document["scenario"] = now.scenario->name;
    document["policy"] = changed_policy(now.rules, initial_policies(r, *now.scenario, to));
    document["deny_consent"] = now.rules.oauth.deny_consent;
    if (now.rules.oauth.test_buttons) document["test_buttons"] = *now.rules.oauth.test_buttons;
    document["clock"] = json_of(now.time);
    document["faults"] = json_of(now.faults);
    document["trial"] = json_of(trial);
    return document;
}

json::object document_of(http::realm const& r, administrations const& to) {
    auto& state = r.get<realm_state>();
    std::scoped_lock const lock(state.editing());
    realm_snapshot now;
    now.scenario = &state.current_scenario();
    now.rules = current(to, r);
    now.time = r.time().current();
    now.faults = r.get<realm_faults>().save(time_point());
    return document_of(r, now, r.get<realm_client>().now(), to);
}

void apply_document(http::realm& r, std::string_view document, administrations const& to,
                    time_point now) {
    try {
        apply_object(r, json::parse(document).as_object(), to, now);
    } catch (std::exception const& e) {
        say_left_out(r, "document", e.what());
    }
}

json::object birth_document(http::realm const& r) {
    auto const& birth = r.get<realm_state>().birth();
    json::object o;
    o["isolation"] = to_string(birth.way);
    o["base"] = birth.base;
    o["scenario"] = birth.scenario->name;
    o["policy"] = birth.policy.as_given;
    o["seed"] = std::to_string(birth.seed);
    if (birth.ttl) o["ttl_ms"] = birth.ttl->count();
    if (auto const& kin = r.kin()) {
        o["issuers"] = json_of(kin->issuers);
        o["mcp_bases"] = json_of(kin->mcp_bases);
        json::object until;
        for (auto const& [name, end] : kin->until)
            until[name] = std::chrono::floor<milliseconds>(end.time_since_epoch()).count();
        o["until_ms"] = std::move(until);
    }
    return o;
}

outcome<birth_record> birth_from(std::string_view document, administrations const& to) {
    try {
        return birth_from_object(json::parse(document).as_object(), to);
    } catch (std::exception const& e) {
        return problem(500, "server_error",
                       std::string("how it was made cannot be read: ") + e.what());
    }
}

}  // namespace tollgate::control
