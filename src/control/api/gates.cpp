// gates.
#include <boost/json/array.hpp>

#include "base/quantity.hpp"
#include "base/text.hpp"
#include "control/api/api.hpp"
#include "control/faults/fault_json.hpp"
#include "control/gates/realm_gates.hpp"

namespace tollgate::control::api {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds usual_patience{30'000};
constexpr std::chrono::minutes longest_patience{10};
constexpr std::int64_t most_held = 1000;

json::object describe(listed_gate const& g) {
    auto const now = g.gate->now();
    json::object o{{"id", g.id}, {"select", g.select}};
    o["held"] = now.held;
    o["passed"] = now.passed;
    o["open"] = now.open;
    if (g.gate->count()) o["count"] = *g.gate->count();
    o["timeout"] = duration_text(g.gate->patience());
    return o;
}

outcome<listed_gate> find(context& c) {
    auto const id = c.parameter("id");
    auto found = c.realm().get<realm_gates>().find(id);
    if (found) return *found;
    return problem(404, "unknown_gate",
                   "this realm has no gate \"" + tollgate::printable(id, 80) + '"');
}

void forget_fault(context& c, std::string const& id) {
    c.realm().get<realm_faults>().remove_if([&](fault const& f) { return f.settings().id == id; });
}

}  // namespace

task<outcome<reply>> create_gate(control_plane& p, context& c) {
    auto const body = body_object(c);
    if (!body) co_return body.error();
    object_reader in(**body);
    auto const& servers = p.servers();
    vocabulary const words{servers.oauth.grant_types(), servers.mcp.methods(),
                           servers.mcp.tool_names()};
    fault_settings s;
    s.name = gate_fault;
    s.select = read_select(in, words);
    auto const count = in.integer("count", 1, most_held);
    auto const patience = in.duration("timeout", milliseconds(1), longest_patience);
    auto const ok = in.finish();
    if (!ok) co_return ok.error();
    std::optional<std::size_t> most;
    if (count) most = static_cast<std::size_t>(*count);
    auto const made = std::make_shared<gate>(most, patience.value_or(usual_patience));
    s.effects.push_back(made);
    auto const added = c.realm().get<realm_faults>().add(std::move(s), c.real_now());
    if (!added) co_return added.error();
    auto const* select = (*body)->if_contains("select");
    auto& gates = c.realm().get<realm_gates>();
    auto const id =
        gates.add(made, (*added)->settings().id, select ? select->get_object() : json::object());
    co_return json_answer(201, describe(*gates.find(id)));
}

task<outcome<reply>> list_gates(control_plane&, context& c) {
    json::array list;
    for (auto const& g : c.realm().get<realm_gates>().all())
        list.push_back(describe(g));
    co_return json_answer("gates", std::move(list));
}

task<outcome<reply>> show_gate(control_plane&, context& c) {
    auto const found = find(c);
    if (!found) co_return found.error();
    co_return json_answer(200, describe(*found));
}

task<outcome<reply>> release_gate(control_plane&, context& c) {
    auto const nothing = nothing_in_body(c);
    if (!nothing) co_return nothing.error();
    auto const found = find(c);
    if (!found) co_return found.error();
    auto const released = found->gate->open();
    co_return json_answer("released", released);
}

task<outcome<reply>> delete_gate(control_plane&, context& c) {
    auto const found = find(c);
    if (!found) co_return found.error();
    found->gate->open();
    forget_fault(c, found->fault);
    c.realm().get<realm_gates>().erase(found->id);
    co_return reply(204);
}

}  // namespace tollgate::control::api
