#include "control/scenarios/reader.hpp"

#include <algorithm>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "config/schema.hpp"
#include "control/faults/fault_json.hpp"
#include "control/scenarios/mistake_place.hpp"
#include "control/scenarios/own_scenario.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

std::vector<std::string_view> grant_names() {
    std::vector<std::string_view> names;
    std::string_view rest = settings::grant_types;
    while (!rest.empty())
        names.push_back(next_part(rest, '|'));
    return names;
}

// What the faults of a scenario may select by; the tools are those that are always there.
vocabulary const& known_words() {
    static vocabulary const known{
        grant_names(),
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

std::vector<fault_settings> read_faults(object_reader& in,
                                        vocabulary const& words = known_words()) {
    std::vector<fault_settings> all;
    auto const* list = in.array("faults");
    if (list == nullptr) return all;
    for (auto const& one : *list) {
        auto const at = pointer_to(in.pointer("faults"), std::to_string(all.size()));
        auto const* o = one.if_object();
        auto fault =
            o ? read_fault(*o, time_point(), words)
              : outcome<fault_settings>(problem(400, "invalid_request", "expected a table"));
        if (!fault) {
            auto const told = fault.error().description();
            in.fail(told.starts_with('/') ? problem(400, "invalid_request", at + told)
                                          : mistake(at, told));
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

// In `configured`, with what the scenario is equipped with, as a realm will be put into it.
void read_policy(object_reader& in, scenario& s, policies const& configured) {
    auto const* policy = in.object("policy");
    if (policy == nullptr) return;
    auto equipped = configured;
    apply(s.equipment, equipped);
    auto patch = read_policy_patch(*policy, "/policy", equipped);
    if (patch)
        s.policy = std::move(*patch);
    else
        in.fail(patch.error());
}

vocabulary words_of(own_server const& server) {
    auto words = known_words();
    words.mcp_methods.insert(words.mcp_methods.end(), server.mcp_methods.begin(),
                             server.mcp_methods.end());
    words.tools.insert(words.tools.end(), server.tools.begin(), server.tools.end());
    return words;
}

outcome<scenario> read_scenario(json::object const& table, own_server const& server) {
    object_reader in(table);
    scenario s;
    s.name = in.need("name", "a name").text("name", 80).value_or("");
    s.aliases = in.texts("aliases");
    s.summary = in.need("summary", "one line").sentence("summary", 300).value_or("");
    s.person = in.need("person", "a sentence").sentence("person", 300).value_or("");
    s.ends = in.need("ends", "a sentence").sentence("ends", 300).value_or("");
    s.eras = read_eras(in);
    s.quiet = in.duration("quiet", milliseconds(100), std::chrono::hours(1)).value_or(s.quiet);
    s.faults_may_rest = in.boolean("faults_may_rest").value_or(false);
    s.groups = in.texts("groups");
    s.official = in.boolean("official").value_or(false);
    s.own_mcp_origin = in.boolean("own_mcp_origin").value_or(false);
    s.own_origin = in.boolean("own_origin").value_or(false) || s.own_mcp_origin;
    s.equipment = read_equipment(in);
    in.any("like");
    read_policy(in, s, server.configured);
    s.faults = read_faults(in, words_of(server));
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
json::object completed(json::object const& table, json::object const& like, bool own) {
    auto whole = table;
    for (auto const& member : like) {
        // A scenario of the user's is none of the official suite's, whatever it is like.
        bool const standing = member.key() == "official" || member.key() == "groups";
        if (member.key() == "aliases" || (own && standing)) continue;
        if (!whole.contains(member.key())) whole[member.key()] = member.value();
    }
    return whole;
}

bool names(json::value const* list, json::value const& one) {
    auto const* a = list ? list->if_array() : nullptr;
    return a && std::ranges::find(*a, one) != a->end();
}

using groups = std::map<std::string, json::array, std::less<>>;

// The expectations of the groups of `with` stand before its own. They are told and not wanted,
// but for those that `needs` names. How many they are.
outcome<std::size_t> add_groups(json::object& table, groups const& known) {
    auto const* with = table.if_contains("with");
    if (with == nullptr) return std::size_t(0);
    auto const* list = with->if_array();
    if (list == nullptr) return mistake("/with", "expected a list of names");
    json::array expect;
    for (auto const& name : *list) {
        auto const found =
            name.is_string() ? known.find(std::string_view(name.get_string())) : known.end();
        if (found == known.end()) return mistake("/with", "names no group that stands before it");
        for (auto const& one : found->second) {
            expect.push_back(one);
            auto& o = expect.back().as_object();
            if (!names(table.if_contains("needs"), o["id"])) o["optional"] = true;
        }
    }
    auto const added = expect.size();
    if (auto const* own = table.if_contains("expect"); own && own->is_array())
        expect.insert(expect.end(), own->get_array().begin(), own->get_array().end());
    table["expect"] = std::move(expect);
    table.erase("with");
    table.erase("needs");
    return added;
}

using tables = std::map<std::string, json::object, std::less<>>;

std::string unknown_like(std::string_view name, tables const& known) {
    std::vector<std::string_view> names;
    for (auto const& [one, table] : known)
        names.push_back(one);
    return "no scenario before it is called \"" + tollgate::printable(name, 80) +
           "\"; the nearest is \"" + std::string(nearest_name(name, names)) + '"';
}

settings::value const* member_named(settings::value const& table, std::string_view name) {
    auto const found = std::ranges::find(table.members, name, &settings::member::key);
    return found == table.members.end() ? nullptr : &found->content;
}

}  // namespace

// A name and expectations.
bool scenario_reader::read_groups(settings::value const& document) {
    auto const* list = member_named(document, "group");
    if (list == nullptr) return true;
    for (auto const& one : list->items) {
        auto const value = settings::to_json(one);
        auto const* o = value.if_object();
        auto const* name = o ? o->if_contains("name") : nullptr;
        auto const* expect = o ? o->if_contains("expect") : nullptr;
        if (!name || !name->is_string() || !expect || !expect->is_array()) {
            wrong.add(one.at, "group", "expected a name and [[group.expect]] tables");
            return false;
        }
        groups_[std::string(name->get_string())] = expect->get_array();
    }
    return true;
}

void scenario_reader::read_table(settings::value const& written, std::string const& called,
                                 std::string const& suite, bool own) {
    auto const value = settings::to_json(written);
    if (!value.is_object()) return wrong.add(written.at, called, "expected a table");
    auto table = value.get_object();
    if (auto const* like = table.if_contains("like")) {
        auto const name = like->is_string() ? std::string_view(like->get_string()) : "";
        auto const known = tables_.find(name);
        if (known == tables_.end())
            return add_placed(wrong, written, called, "/like: " + unknown_like(name, tables_));
        table = completed(table, known->second, own);
    }
    auto whole = table;
    auto const added = add_groups(whole, groups_);
    if (!added) return add_placed(wrong, written, called, added.error().description());
    auto made = read_scenario(whole, server_);
    if (!made) return add_placed(wrong, written, called, made.error().description(), *added);
    if (auto const flaw = own ? flaw_of_own(*made, whole, taken_) : std::string(); !flaw.empty())
        return add_placed(wrong, written, called, flaw, *added);
    made->suite = suite;
    for (auto const& name : made->aliases)
        taken_.insert({name, path_form(name)});
    taken_.insert({made->name, path_form(made->name)});
    tables_[made->name] = std::move(table);
    scenarios.push_back(std::move(*made));
}

void scenario_reader::read(scenario_file const& file) {
    auto const document =
        settings::parse_document(std::string(file.text), std::string(file.name), wrong);
    if (!document || !read_groups(*document)) return;
    for (auto const& member : document->members)
        if (member.key != "group" && member.key != "scenario")
            wrong.add(member.at, member.key, "expected [[scenario]] and [[group]] tables alone");
    auto const* list = member_named(*document, "scenario");
    if (list == nullptr || list->is != settings::value::type::list)
        return wrong.add(document->at, "scenario", "expected [[scenario]] tables");
    std::string const suite(file.name.substr(0, file.name.find_first_of(".-")));
    for (std::size_t i = 0; i < list->items.size(); ++i)
        read_table(list->items[i], "scenario[" + std::to_string(i) + ']', suite, false);
}

void scenario_reader::read_own(settings::value const& list, own_server const& in) {
    server_ = in;
    for (std::size_t i = 0; i < list.items.size(); ++i)
        read_table(list.items[i], "scenarios[" + std::to_string(i) + ']', std::string(own_suite),
                   true);
}

}  // namespace tollgate::control
