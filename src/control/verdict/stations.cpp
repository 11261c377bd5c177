#include "control/verdict/stations.hpp"

#include <algorithm>
#include <iterator>

namespace tollgate::control {

namespace {

// The first request that went wrong and was not meant to: where somebody should begin to look.
observation const* first_broken(conversation const& c) {
    constexpr std::string_view telling[] = {"authorize", "token", "register"};
    for (auto const* o : c.exchanges()) {
        if (o->faulted() || o->status < 400) continue;
        bool const of_login = std::ranges::find(telling, o->endpoint()) != std::end(telling);
        // The first contact is without a token, and a client may ask for what there is.
        bool const of_mcp = o->endpoint() == "mcp" && o->method == "POST" &&
                            o->facts().error != "missing_token" &&
                            o->mcp_method() != "server/discover";
        if (of_login || of_mcp) return o;
    }
    return nullptr;
}

std::string described(observation const& o) {
    auto text = std::string(o.method) + ' ' + std::string(o.path) + ", answered " +
                std::to_string(o.status);
    if (!o.facts().error.empty()) text += ' ' + o.facts().error;
    return text;
}

finding not_decided(station const& s, std::string text) {
    finding f;
    f.id = "exam." + s.name;
    f.level = finding_level::should;
    f.text = std::move(text);
    return f;
}

std::span<event_ptr const> since(std::span<event_ptr const> events, std::uint64_t number) {
    auto const first =
        std::ranges::find_if(events, [&](event_ptr const& e) { return e->seq >= number; });
    return events.subspan(static_cast<std::size_t>(first - events.begin()));
}

}  // namespace

finding finding_of(expectation const& e, answer const& a, conversation const& said) {
    finding f;
    f.id = e.id;
    f.level = e.must ? finding_level::must : finding_level::should;
    f.clause = e.clause;
    f.url = e.url;
    if (a.at) f.event = a.at->seq();
    switch (a.is) {
        case answer::kind::holds:
            f.status = finding_status::pass;
            f.text = e.text;
            break;
        case answer::kind::broken:
            f.text = e.broken;
            if (e.report) break;
            f.status = e.must ? finding_status::fail : finding_status::warning;
            break;
        case answer::kind::waiting:
            f.text = "It has begun, and nothing is decided yet.";
            break;
        case answer::kind::unreached:
            f.text = "The client has not come so far.";
            if (auto const* wrong = first_broken(said)) {
                f.text += " The first request that went wrong was " + described(*wrong) + '.';
                f.event = wrong->seq();
            }
            break;
    }
    return f;
}

std::vector<finding> judge_station(station const& s, std::span<event_ptr const> events,
                                   moment const& m) {
    conversation const said(events);
    std::vector<finding> all;
    for (auto const& e : s.expectations)
        all.push_back(finding_of(e, e.holds->judge(said, m), said));
    return all;
}

station_state state_of(std::vector<finding> const& findings) {
    auto const is = [&](finding_status wanted) {
        return std::ranges::any_of(findings, [&](auto const& f) { return f.status == wanted; });
    };
    if (is(finding_status::fail) || is(finding_status::warning)) return station_state::failed;
    return is(finding_status::not_reached) ? station_state::under_way : station_state::passed;
}

judged_stations judge_stations(scenario const& of, std::span<station_record const> records,
                               std::span<event_ptr const> events, moment const& m) {
    judged_stations all;
    for (std::size_t i = 0; i < of.stations.size(); ++i) {
        auto const& s = of.stations[i];
        station_result result{s.name, s.title, station_state::ahead};
        if (i >= records.size()) {
            all.wanted.push_back(not_decided(s, "The client has not come to this station."));
        } else if (!records[i].left_out.empty()) {
            result.state = station_state::left_out;
            auto f = not_decided(s, records[i].left_out);
            f.by = finding_by::configuration;
            all.left_out.push_back(std::move(f));
        } else {
            auto const& r = records[i];
            auto found = r.over ? r.findings : judge_station(s, since(events, r.since), m);
            result.state = state_of(found);
            std::ranges::move(found, std::back_inserter(all.wanted));
        }
        all.results.push_back(std::move(result));
    }
    return all;
}

}  // namespace tollgate::control
