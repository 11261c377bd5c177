// realms: make, show, list, remove.
#include <boost/json/array.hpp>

#include "control/api/api.hpp"
#include "control/api/realm_answers.hpp"
#include "control/input/policy_patch.hpp"
#include "control/official/client_context.hpp"
#include "control/realms/realm_names.hpp"

namespace tollgate::control::api {

namespace json = boost::json;

namespace {

void read_scenario(object_reader& in, realm_request& wanted) {
    auto const name = in.text("scenario");
    if (!name) return;
    auto const found = find_scenario(*name);
    if (found) {
        wanted.scenario = *found;
    } else {
        in.fail("scenario", found.error().description());
    }
}

void read_policy(object_reader& in, control_plane& p, realm_request& wanted) {
    auto const* policy = in.object("policy");
    if (policy == nullptr) return;
    auto const patch = read_policy_patch(*policy, in.pointer("policy"), configured(p.servers()));
    if (patch) {
        wanted.policy = *patch;
    } else {
        in.fail(patch.error());
    }
}

outcome<realm_request> read_realm(control_plane& p, json::object const& body) {
    object_reader in(body);
    realm_request wanted;
    wanted.name = in.need("name", "a name").text("name").value_or("");
    if (!is_realm_name(wanted.name)) {
        in.fail("name", "expected 1 to 63 of a-z, 0-9 and '-', not at either end");
    }
    read_scenario(in, wanted);
    if (auto const way = read_isolation(in)) wanted.way = *way;
    read_policy(in, p, wanted);
    wanted.ttl = read_ttl(in);
    wanted.seed = static_cast<std::uint64_t>(in.integer("seed", 0, INT64_MAX).value_or(0));
    auto const ok = in.finish();
    if (!ok) return ok.error();
    return wanted;
}

// What its client is to be told, where its scenario has something to tell.
void add_context(control_plane& p, context& c, http::realm const& r, json::object& described) {
    auto const& s = r.get<realm_state>().current_scenario();
    auto told = client_context(s, described, p.servers().oauth, c.now());
    if (!told.empty()) described["context"] = std::move(told);
}

}  // namespace

task<outcome<reply>> list_realms(control_plane& p, context& c) {
    auto const here = at_main_origin(c);
    if (!here) co_return here.error();
    json::array list;
    for (auto const& realm : p.realms().own()) {
        if (realm->get<realm_state>().expired(c.real_now())) continue;
        // What has no URL from where the question was asked is left out.
        auto described = describe(*realm, c.place());
        if (described) list.push_back(std::move(*described));
    }
    co_return json_answer("realms", std::move(list));
}

task<outcome<reply>> create_realm(control_plane& p, context& c) {
    auto const here = at_main_origin(c);
    if (!here) co_return here.error();
    auto const body = body_object(c);
    if (!body) co_return body.error();
    auto wanted = read_realm(p, **body);
    if (!wanted) co_return wanted.error();
    // Before it is made: a realm that nobody here could reach would only take up room.
    realm_settings like;
    like.way = wanted->way;
    auto const reachable = urls_of(wanted->name, like, c.place());
    if (!reachable) co_return reachable.error();
    auto const made = co_await p.realms().make(std::move(*wanted));
    if (!made) co_return made.error();
    auto described = describe(**made, c.place());
    if (!described) co_return described.error();
    add_context(p, c, **made, *described);
    co_return json_answer(201, *described);
}

task<outcome<reply>> show_realm(control_plane& p, context& c) {
    auto const here = at_main_origin(c);
    if (!here) co_return here.error();
    auto const realm = named_realm(p, c);
    if (!realm) co_return realm.error();
    auto described = describe(**realm, c.place());
    if (!described) co_return described.error();
    add_context(p, c, **realm, *described);
    co_return json_answer(200, *described);
}

task<outcome<reply>> delete_realm(control_plane& p, context& c) {
    auto const here = at_main_origin(c);
    if (!here) co_return here.error();
    std::string name(c.parameter("name"));
    auto const done = co_await p.realms().remove(std::move(name));
    if (!done) co_return done.error();
    co_return reply(204);
}

}  // namespace tollgate::control::api
