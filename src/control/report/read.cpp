// A verdict read back from its JSON.
#include <boost/json/array.hpp>

#include "base/json.hpp"
#include "control/report/report.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

template <class Enum>
Enum word_in(json::object const& o, std::string_view name, Enum otherwise) {
    return value_of<Enum>(text_member(o, name).value_or("")).value_or(otherwise);
}

std::string text_in(json::object const& o, std::string_view name) {
    return std::string(text_member(o, name).value_or(""));
}

// Nothing where it is missing, or no whole number that a `Number` can hold.
template <class Number>
std::optional<Number> number_in(json::object const& o, std::string_view name) {
    auto const* v = o.if_contains(name);
    if (!v || !v->is_number()) return std::nullopt;
    json::error_code wrong;
    auto const n = v->to_number<Number>(wrong);
    return wrong ? std::nullopt : std::optional(n);
}

finding finding_from(json::object const& o) {
    finding f;
    f.id = text_in(o, "id");
    f.level = word_in(o, "level", f.level);
    f.status = word_in(o, "status", f.status);
    f.by = word_in(o, "by", f.by);
    f.text = text_in(o, "text");
    f.clause = text_in(o, "clause");
    f.url = text_in(o, "url");
    f.event = number_in<std::uint64_t>(o, "event").value_or(0);
    return f;
}

station_result station_from(json::object const& o) {
    station_result s{text_in(o, "name"), text_in(o, "title")};
    s.state = word_in(o, "state", s.state);
    return s;
}

}  // namespace

std::optional<verdict> verdict_from(json::value const& value) {
    auto const* o = value.if_object();
    if (!o || !o->contains("verdict")) return std::nullopt;
    verdict v;
    v.realm = text_in(*o, "realm");
    v.scenario = text_in(*o, "scenario");
    v.word = word_in(*o, "verdict", v.word);
    auto const* client = o->if_contains("client");
    if (auto const* told = client ? client->if_object() : nullptr) {
        v.client = word_in(*told, "state", v.client);
        v.exit = number_in<int>(*told, "exit");
    }
    auto const* stations = o->if_contains("stations");
    if (auto const* list = stations ? stations->if_array() : nullptr)
        for (auto const& one : *list)
            if (auto const* s = one.if_object()) v.stations.push_back(station_from(*s));
    auto const* findings = o->if_contains("findings");
    if (auto const* list = findings ? findings->if_array() : nullptr)
        for (auto const& one : *list)
            if (auto const* f = one.if_object()) v.findings.push_back(finding_from(*f));
    return v;
}

}  // namespace tollgate::control
