// scenarios, scenario.
#include <boost/json/array.hpp>

#include "control/api/api.hpp"
#include "control/official/identity_provider.hpp"
#include "control/realms/realm_setup.hpp"

namespace tollgate::control::api {

namespace json = boost::json;

task<outcome<reply>> list_scenarios(control_plane&, context&) {
    json::array list;
    for (auto const& s : all_scenarios()) {
        json::array faults;
        for (auto const& fault : s.faults)
            faults.emplace_back(fault.name);
        json::object o;
        o["name"] = s.name;
        o["summary"] = s.summary;
        o["path"] = "/s/" + path_form(s.name) + "/RUN";
        o["person"] = s.person;
        o["ends"] = s.ends;
        o["eras"] = json::array(s.eras.begin(), s.eras.end());
        o["faults"] = std::move(faults);
        if (s.official) o["official"] = true;
        if (s.persona) o["persona"] = describe(*s.persona);
        list.push_back(std::move(o));
    }
    co_return json_answer("scenarios", std::move(list));
}

task<outcome<reply>> set_scenario(control_plane& p, context& c) {
    auto const body = body_object(c);
    if (!body) co_return body.error();
    object_reader in(**body);
    auto const name = in.need("name", "the name of a scenario").text("name").value_or("");
    auto const ok = in.finish();
    if (!ok) co_return ok.error();
    auto const found = find_scenario(name);
    if (!found) co_return mistake("/name", found.error().description());
    enter_scenario(c.realm(), **found, p.servers(), c.real_now());
    auto const settled = co_await p.realms().settle_connections(c.realm_handle());
    if (!settled) co_return settled.error();
    json::value const entered(json::string((*found)->name));
    co_return json_answer("scenario", entered);
}

task<outcome<reply>> exchange_at_provider(control_plane& p, context& c) {
    auto const made = control::exchange_at_provider(p.servers(), c);
    if (!made) co_return made.error();
    co_return json_answer(200, *made);
}

}  // namespace tollgate::control::api
