// Fault definitions as TOML.
#include <stdexcept>

#include <boost/json/serialize.hpp>

#include "config/schema.hpp"
#include "control/faults/catalogue.hpp"
#include "control/faults/fault_json.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

[[noreturn]] void fail(std::string const& why) {
    throw std::logic_error("fault data: " + why);
}

// Every parameter has a default, which says its type.
void check_parameters(object_reader& in, json::object const& parameters) {
    for (auto const& p : parameters) {
        auto const* rule = p.value().if_object();
        if (rule == nullptr || !rule->contains("default") || !rule->contains("what"))
            in.fail("params", std::string(p.key()) + " needs default and what");
    }
}

fault_definition read_definition(json::object const& table, std::string const& pointer) {
    object_reader in(table, pointer);
    fault_definition f;
    f.name = in.need("name", "a name").text("name").value_or("");
    f.id = in.text("id").value_or("");
    f.aliases = in.texts("aliases");
    f.summary = in.need("summary", "a sentence").text("summary", 400).value_or("");
    f.clause = in.need("clause", "a clause").text("clause").value_or("");
    f.clause_opened = in.boolean("clause_opened").value_or(true);
    f.client = in.text("client").value_or("");
    f.endpoints = in.texts("endpoints");
    f.grant_type = in.text("grant_type").value_or("");
    f.mcp_method = in.text("mcp_method").value_or("");
    read_condition(in, f.also);
    f.when = read_trigger(in);
    if (auto const* parameters = in.object("params")) f.parameters = *parameters;
    check_parameters(in, f.parameters);
    if (auto const* effects = in.need("effects", "a list").array("effects")) f.effects = *effects;
    auto const ok = in.finish();
    if (!ok) fail(f.name + ok.error().description());
    return f;
}

}  // namespace

std::vector<fault_definition> read_definitions(data_file const& file) {
    settings::mistakes wrong;
    auto const document =
        settings::parse_document(std::string(file.text), std::string(file.name), wrong);
    if (!document) fail(wrong.lines().front());
    auto const value = settings::to_json(*document);
    std::vector<fault_definition> all;
    auto const& list = value.get_object().at("fault").get_array();
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto f = read_definition(list[i].get_object(), '/' + std::to_string(i));
        json::object const none;
        object_reader params(none, "");
        settings_of(f, params);
        auto const ok = params.finish();
        if (!ok) fail(f.name + ok.error().description());
        all.push_back(std::move(f));
    }
    return all;
}

}  // namespace tollgate::control
