#include "control/scenarios/reader.hpp"

#include <algorithm>
#include <map>

#include "config/schema.hpp"
#include "control/faults/fault_json.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

problem in_file(scenario_file const& file, std::string_view name, std::string const& what) {
    return problem(400, "invalid_request",
                   std::string(file.name) + ": " + std::string(name) + ": " + what);
}

// What the faults of a scenario may select by; the tools are those that are always there.
vocabulary const& known_words() {
    static vocabulary const known{
        {"authorization_code", "refresh_token", "client_credentials"},
        {"initialize", "notifications/initialized", "ping", "server/discover", "tools/list",
         "tools/call", "resources/list", "resources/read", "prompts/list", "prompts/get",
         "skills/list"},
        {"echo", "echo_tool", "add", "whoami", "show_auth_token", "slow", "needs_scope",
         "exam_task",
         // Those of the official suite's scenarios, which faults put in the place of ours.
         "add_numbers", "test_custom_headers", "test_custom_headers_null", "valid_tool",
         "invalid_empty_header", "invalid_object_header", "invalid_array_header",
         "invalid_null_header", "invalid_number_header", "invalid_duplicate_same_case",
         "invalid_duplicate_diff_case", "invalid_space_in_name", "invalid_colon_in_name",
         "invalid_non_ascii_name", "invalid_control_char_name", "test_mrtr_echo_state",
         "test_mrtr_no_state", "test_mrtr_unrelated", "test_mrtr_no_result_type",
         "json_schema_echo", "json_schema_2020_12_tool"}};
    return known;
}

std::vector<fault_settings> read_faults(object_reader& in) {
    std::vector<fault_settings> all;
    auto const* list = in.array("faults");
    if (list == nullptr) return all;
    for (auto const& one : *list) {
        auto const* o = one.if_object();
        auto fault = o ? read_fault(*o, time_point(), known_words())
                       : outcome<fault_settings>(problem(400, "invalid_request", "no table"));
        if (!fault) {
            in.fail("faults", fault.error().description());
            return all;
        }
        all.push_back(std::move(*fault));
    }
    return all;
}

// `read_one` reads an element of the list, which is a table.
template <class T>
std::vector<T> read_tables(object_reader& in, std::string_view name,
                           T (*read_one)(object_reader&)) {
    std::vector<T> all;
    auto const* list = in.array(name);
    if (list == nullptr) return all;
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto const* o = (*list)[i].if_object();
        if (!o) {
            in.fail(name, "expected tables");
            return all;
        }
        object_reader inner(*o, pointer_to(in.pointer(name), std::to_string(i)));
        all.push_back(read_one(inner));
        auto const ok = inner.finish();
        if (!ok) in.fail(ok.error());
    }
    return all;
}

station read_station(object_reader& in) {
    station s;
    s.name = in.need("name", "a name").text("name", 80).value_or("");
    s.title = in.need("title", "a few words").text("title", 120).value_or("");
    s.keep = in.boolean("keep").value_or(false);
    s.scope = in.text("scope", 80).value_or("");
    s.in_session = in.boolean("in_session").value_or(false);
    s.needs_other_issuer = in.boolean("needs_other_issuer").value_or(false);
    s.faults = read_faults(in);
    s.expectations = read_tables<expectation>(in, "expect", &read_expectation);
    return s;
}

outcome<scenario> read_scenario(json::object const& table) {
    object_reader in(table);
    scenario s;
    s.name = in.need("name", "a name").text("name", 80).value_or("");
    s.aliases = in.texts("aliases");
    s.summary = in.need("summary", "one line").text("summary", 300).value_or("");
    s.person = in.need("person", "a sentence").text("person", 300).value_or("");
    s.ends = in.need("ends", "a sentence").text("ends", 300).value_or("");
    s.eras = in.texts("eras");
    s.quiet = in.duration("quiet", milliseconds(100), std::chrono::hours(1)).value_or(s.quiet);
    s.faults_may_rest = in.boolean("faults_may_rest").value_or(false);
    s.groups = in.texts("groups");
    s.official = in.boolean("official").value_or(false);
    s.own_mcp_origin = in.boolean("own_mcp_origin").value_or(false);
    s.own_origin = in.boolean("own_origin").value_or(false) || s.own_mcp_origin;
    s.equipment = read_equipment(in);
    in.any("like");
    if (auto const* policy = in.object("policy")) {
        auto patch = read_policy_patch(*policy, "/policy", {});
        if (patch)
            s.policy = std::move(*patch);
        else
            in.fail(patch.error());
    }
    s.faults = read_faults(in);
    s.expectations = read_tables<expectation>(in, "expect", &read_expectation);
    s.stations = read_tables<station>(in, "station", &read_station);
    if (auto const* whom = in.object("persona")) {
        object_reader inner(*whom, in.pointer("persona"));
        s.persona = read_persona(inner);
        auto const right = inner.finish();
        if (!right) in.fail(right.error());
    }
    auto const ok = in.finish();
    if (!ok) return ok.error();
    return s;
}

// Members that it does not have are those of the scenario that it is like.
json::object completed(json::object const& table, json::object const& like) {
    auto whole = table;
    for (auto const& member : like)
        if (member.key() != "aliases" && !whole.contains(member.key()))
            whole[member.key()] = member.value();
    return whole;
}

bool names(json::value const* list, json::value const& one) {
    auto const* a = list ? list->if_array() : nullptr;
    return a && std::ranges::find(*a, one) != a->end();
}

// The expectations of the groups of `with` stand before its own. They are told and not wanted,
// but for those that `needs` names.
outcome<void> add_groups(json::object& table, expectation_groups const& groups) {
    auto const* with = table.if_contains("with");
    if (with == nullptr) return {};
    auto const* list = with->if_array();
    if (list == nullptr) return problem(400, "invalid_request", "/with: expected a list of names");
    json::array expect;
    for (auto const& name : *list) {
        auto const known =
            name.is_string() ? groups.find(std::string_view(name.get_string())) : groups.end();
        if (known == groups.end())
            return problem(400, "invalid_request", "/with: names no group that stands before it");
        for (auto const& one : known->second) {
            expect.push_back(one);
            auto& o = expect.back().as_object();
            if (!names(table.if_contains("needs"), o["id"])) o["optional"] = true;
        }
    }
    if (auto const* own = table.if_contains("expect"); own && own->is_array())
        expect.insert(expect.end(), own->get_array().begin(), own->get_array().end());
    table["expect"] = std::move(expect);
    table.erase("with");
    table.erase("needs");
    return {};
}

// [[group]] tables: a name and expectations.
outcome<void> read_groups(object_reader& in, expectation_groups& into) {
    auto const* list = in.array("group");
    if (list == nullptr) return {};
    for (auto const& one : *list) {
        auto const* o = one.if_object();
        auto const* name = o ? o->if_contains("name") : nullptr;
        auto const* expect = o ? o->if_contains("expect") : nullptr;
        if (!name || !name->is_string() || !expect || !expect->is_array())
            return problem(400, "invalid_request", "expected a name and [[group.expect]] tables");
        into[std::string(name->get_string())] = expect->get_array();
    }
    return {};
}

}  // namespace

outcome<void> read_scenarios(scenario_file const& file, std::vector<scenario>& all) {
    expectation_groups none;
    return read_scenarios(file, all, none);
}

outcome<void> read_scenarios(scenario_file const& file, std::vector<scenario>& all,
                             expectation_groups& groups) {
    settings::mistakes wrong;
    auto const document =
        settings::parse_document(std::string(file.text), std::string(file.name), wrong);
    if (!document) return problem(400, "invalid_request", wrong.lines().front());
    auto const value = settings::to_json(*document);
    object_reader in(value.get_object());
    auto const grouped = read_groups(in, groups);
    if (!grouped) return in_file(file, "group", grouped.error().description());
    auto const* list = in.need("scenario", "tables").array("scenario");
    auto const ok = in.finish();
    if (!ok) return in_file(file, "scenario", ok.error().description());
    std::map<std::string, json::object, std::less<>> tables;
    for (auto const& one : *list) {
        auto table = one.get_object();
        if (auto const* like = table.if_contains("like")) {
            auto const known = tables.find(std::string_view(like->get_string()));
            if (known == tables.end())
                return in_file(file, "like", "names no scenario that stands before it");
            table = completed(table, known->second);
        }
        auto whole = table;
        auto const* name = table.if_contains("name");
        std::string_view const called =
            name && name->is_string() ? std::string_view(name->get_string()) : "";
        auto const added = add_groups(whole, groups);
        if (!added) return in_file(file, called, added.error().description());
        auto made = read_scenario(whole);
        if (!made) return in_file(file, called, made.error().description());
        made->suite = file.name.substr(0, file.name.find_first_of(".-"));
        tables[made->name] = std::move(table);
        all.push_back(std::move(*made));
    }
    return outcome<void>();
}

}  // namespace tollgate::control
