// faults, catalogue.
#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "control/api/api.hpp"
#include "control/faults/catalogue.hpp"
#include "control/faults/connection_fault.hpp"
#include "control/faults/fault_json.hpp"
#include "control/gates/realm_gates.hpp"
#include "control/journal/journal.hpp"
#include "control/realms/realm_names.hpp"

namespace tollgate::control::api {

namespace json = boost::json;

namespace {

problem no_such_fault(std::string_view id) {
    return problem(404, "unknown_fault",
                   "this realm has no fault \"" + tollgate::printable(id, 80) + '"');
}

// A fault that never acted: which, and what the last request to its endpoints differed in.
json::object why_not(fault const& f) {
    json::object o{{"id", f.settings().id}, {"name", f.settings().name}};
    o["matched"] = f.matched();
    o["nearest"] = explain(f);
    return o;
}

fault_ptr find_fault(context& c, std::string_view id) {
    auto const plan = c.realm().get<realm_faults>().faults();
    if (!plan) return nullptr;
    for (auto const& f : *plan) {
        // What has expired stays in the plan until another one is added.
        bool const named = f->settings().id == id && f->settings().name != gate_fault;
        if (named && !f->expired(c.real_now())) return f;
    }
    return nullptr;
}

// With where it acts, when that is at listeners of the realm.
json::object shown(control_plane& p, context const& c, fault const& f) {
    auto o = describe(f).as_object();
    auto const* rule = connection_rule_of(f.settings());
    if (rule == nullptr) return o;
    auto const urls = urls_of(c.realm().name(), c.realm().get<realm_state>().birth(), c.place());
    if (!urls) return o;
    bool const tls = rule->how.expects_tls();
    auto const called = [tls](std::string url) {
        if (tls && url.starts_with("http://")) url.insert(4, 1, 's');
        return json::string(url);
    };
    json::object at;
    if ((rule->sides & as_side) != 0) at["issuer"] = called(urls->issuer);
    if ((rule->sides & mcp_side) != 0) {
        at["mcp"] = called(urls->mcp_base + c.place().paths.mcp);
        at["sse"] = called(urls->mcp_base + c.place().paths.sse);
    }
    o["acts_at"] = std::move(at);
    if (rule->how.has_known_ca()) o["ca"] = p.realms().authority();
    return o;
}

// RFC 6901 pointer of what named the fault.
outcome<void> check_listeners(context const& c, fault_settings const& s) {
    if (connection_rule_of(s) == nullptr) return outcome<void>();
    if (c.realm().get<realm_state>().birth().way == isolation::port) return outcome<void>();
    return mistake(s.own_effects.empty() ? "/name" : "/effects/0",
                   "\"" + s.name +
                       "\" acts on connections, so it needs a realm with listeners of "
                       "its own: make one by POST realms with \"isolation\": \"port\"");
}

}  // namespace

task<outcome<reply>> list_faults(control_plane& p, context& c) {
    json::array list;
    if (auto const plan = c.realm().get<realm_faults>().faults()) {
        for (auto const& f : in_order(*plan)) {
            if (f->expired(c.real_now()) || f->settings().name == gate_fault) continue;
            auto one = shown(p, c, *f);
            one["order"] = list.size() + 1;
            list.push_back(std::move(one));
        }
    }
    co_return json_answer("faults", std::move(list));
}

task<outcome<reply>> create_fault(control_plane& p, context& c) {
    auto const body = body_object(c);
    if (!body) co_return body.error();
    auto const& servers = p.servers();
    vocabulary const words{servers.oauth.grant_types(), servers.mcp.methods(),
                           servers.mcp.tool_names(), c.realm().get<journal>().on()};
    auto wanted = read_fault(**body, c.real_now(), words);
    if (!wanted) co_return wanted.error();
    auto const here = check_listeners(c, *wanted);
    if (!here) co_return here.error();
    watch_end(*wanted, c.realm().get<journal>());
    auto& faults = c.realm().get<realm_faults>();
    auto const added = faults.add(std::move(*wanted), c.real_now());
    if (!added) co_return added.error();
    auto const settled = co_await p.realms().settle_connections(c.realm_handle());
    if (!settled) {
        faults.remove_if([&](fault const& f) { return &f == added->get(); });
        // One of two listeners may have been told.
        co_await p.realms().settle_connections(c.realm_handle());
        co_return settled.error();
    }
    co_return json_answer(201, shown(p, c, **added));
}

task<outcome<reply>> delete_faults(control_plane& p, context& c) {
    std::size_t living = 0;
    json::array unfired;
    c.realm().get<realm_faults>().remove_if([&](fault const& f) {
        if (f.settings().name == gate_fault) return false;
        if (f.fired() == 0) unfired.push_back(why_not(f));
        if (!f.expired(c.real_now())) ++living;
        return true;
    });
    auto const settled = co_await p.realms().settle_connections(c.realm_handle());
    if (!settled) co_return settled.error();
    json::object told{{"removed", living}};
    told["unfired"] = std::move(unfired);
    co_return json_answer(200, told);
}

// With ?explain=1 also why it did not act.
task<outcome<reply>> show_fault(control_plane& p, context& c) {
    auto const id = c.parameter("id");
    auto const f = find_fault(c, id);
    if (!f) co_return no_such_fault(id);
    auto const query = c.query();
    if (!query) co_return query.error();
    auto told = shown(p, c, *f);
    if ((*query)->one("explain") == "1") told["nearest"] = explain(*f);
    co_return json_answer(200, told);
}

task<outcome<reply>> delete_fault(control_plane& p, context& c) {
    auto const id = c.parameter("id");
    if (!find_fault(c, id)) co_return no_such_fault(id);
    c.realm().get<realm_faults>().remove_if([&](fault const& f) { return f.settings().id == id; });
    auto const settled = co_await p.realms().settle_connections(c.realm_handle());
    if (!settled) co_return settled.error();
    co_return reply(204);
}

task<outcome<reply>> list_catalogue(control_plane&, context&) {
    json::array list;
    for (auto const& f : catalogue())
        list.push_back(describe(f));
    list.push_back(describe_raw());
    co_return json_answer("faults", std::move(list));
}

}  // namespace tollgate::control::api
