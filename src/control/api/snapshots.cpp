// realms/NAME/snapshot, restore, snapshots, fork.
#include <algorithm>

#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "control/api/api.hpp"
#include "control/api/realm_answers.hpp"
#include "control/realms/realm_names.hpp"
#include "control/realms/realm_snapshot.hpp"

namespace tollgate::control::api {

namespace json = boost::json;

namespace {

constexpr std::size_t most_forks = 100;

problem no_such_snapshot(http::realm const& r, std::string_view id) {
    return problem(
        404, "unknown_snapshot",
        "the realm \"" + r.name() + "\" has no snapshot \"" + tollgate::printable(id, 80) + '"');
}

// The realm of the path, asked for where the URLs of all realms can be named.
outcome<http::realm_ptr> realm_here(control_plane& p, context const& c) {
    auto const here = at_main_origin(c);
    if (!here) return here.error();
    return named_realm(p, c);
}

outcome<std::string> read_id(context& c) {
    auto const body = body_object(c);
    if (!body) return body.error();
    object_reader in(**body);
    auto const id = in.need("id", "the id of a snapshot").text("id").value_or("");
    auto const ok = in.finish();
    if (!ok) return ok.error();
    return id;
}

std::string flaw_of_name(json::value const& v, std::vector<std::string> const& before) {
    if (!v.is_string()) return "expected a name, got " + std::string(kind_of(v));
    std::string const name(v.get_string());
    if (!is_realm_name(name)) return "expected 1 to 63 of a-z, 0-9 and '-', not at either end";
    if (std::ranges::find(before, name) != before.end()) return "is there twice";
    return {};
}

std::vector<std::string> read_names(object_reader& in) {
    std::vector<std::string> names;
    auto const* list = in.need("names", "a list of names").array("names");
    if (list == nullptr) return names;
    if (list->empty() || list->size() > most_forks) in.fail("names", "expected 1 to 100 names");
    for (auto const& one : *list) {
        auto const flaw = flaw_of_name(one, names);
        if (!flaw.empty()) {
            in.fail(mistake(pointer_to(in.pointer("names"), std::to_string(names.size())), flaw));
            break;
        }
        names.emplace_back(one.get_string());
    }
    return names;
}

// A copy is reached as its parent is, where others can be reached that way.
isolation usual_way(http::realm const& parent) {
    auto const way = parent.get<realm_state>().birth().way;
    return way == isolation::host || way == isolation::port ? way : isolation::path;
}

outcome<fork_request> read_fork(context& c, http::realm const& parent) {
    auto const body = body_object(c);
    if (!body) return body.error();
    object_reader in(**body);
    fork_request wanted;
    wanted.names = read_names(in);
    wanted.way = read_isolation(in).value_or(usual_way(parent));
    wanted.ttl = read_ttl(in);
    auto const ok = in.finish();
    if (!ok) return ok.error();
    wanted.kin = std::make_shared<http::other_names const>(all_names_of(parent, c.place()));
    // Before they are made: realms that nobody here could reach would only take up room.
    realm_settings like;
    like.way = wanted.way;
    auto const reachable = urls_of(wanted.names.front(), like, c.place());
    if (!reachable) return reachable.error();
    return wanted;
}

}  // namespace

task<outcome<reply>> take_snapshot(control_plane& p, context& c) {
    auto const realm = realm_here(p, c);
    if (!realm) co_return realm.error();
    auto const empty = nothing_in_body(c);
    if (!empty) co_return empty.error();
    auto taken = co_await control::take_snapshot(*realm, p.servers(), c.real_clock());
    if (!taken) co_return taken.error();
    auto const id = (*realm)->get<realm_snapshots>().add(std::move(*taken));
    if (!id) co_return id.error();
    co_return json_answer(201, json::object{{"id", *id}});
}

task<outcome<reply>> restore_snapshot(control_plane& p, context& c) {
    auto const realm = realm_here(p, c);
    if (!realm) co_return realm.error();
    auto const id = read_id(c);
    if (!id) co_return id.error();
    auto const found = (*realm)->get<realm_snapshots>().find(*id);
    if (!found) co_return no_such_snapshot(**realm, *id);
    bool const lasts = p.realms().keeps(**realm);
    auto const done = co_await load_snapshot(*realm, found, p.servers(), c.real_clock(), lasts);
    if (!done) co_return done.error();
    auto const settled = co_await p.realms().settle_connections(*realm);
    if (!settled) co_return settled.error();
    co_return reply(204);
}

task<outcome<reply>> list_snapshots(control_plane& p, context& c) {
    auto const realm = realm_here(p, c);
    if (!realm) co_return realm.error();
    json::array list;
    for (auto const& one : (*realm)->get<realm_snapshots>().all()) {
        json::object o{{"id", one.id}};
        o["taken"] = rfc3339(one.snapshot->taken);
        list.push_back(std::move(o));
    }
    co_return json_answer("snapshots", std::move(list));
}

task<outcome<reply>> delete_snapshot(control_plane& p, context& c) {
    auto const realm = realm_here(p, c);
    if (!realm) co_return realm.error();
    auto const id = c.parameter("id");
    if (!(*realm)->get<realm_snapshots>().erase(id)) co_return no_such_snapshot(**realm, id);
    co_return reply(204);
}

task<outcome<reply>> fork_realm(control_plane& p, context& c) {
    auto const parent = realm_here(p, c);
    if (!parent) co_return parent.error();
    auto wanted = read_fork(c, **parent);
    if (!wanted) co_return wanted.error();
    auto const made = co_await p.realms().fork(*parent, std::move(*wanted));
    if (!made) co_return made.error();
    json::array list;
    for (auto const& realm : *made) {
        auto described = describe(*realm, c.place());
        if (!described) co_return described.error();
        list.push_back(std::move(*described));
    }
    co_return json_answer(201, json::object{{"realms", std::move(list)}});
}

}  // namespace tollgate::control::api
