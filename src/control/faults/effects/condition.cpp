#include "control/faults/effects/condition.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "control/faults/effects/presented.hpp"
#include "http/message/request.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

constexpr std::string_view methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};

// A member of a JSON body; a list counts by its first text.
std::string json_value(http::context& c, std::string_view name) {
    if (c.request().body.empty()) return {};
    auto const body = c.body_json();
    auto const* object = body ? (*body)->if_object() : nullptr;
    auto const* value = object ? object->if_contains(name) : nullptr;
    if (value == nullptr) return {};
    if (auto const* list = value->if_array(); list && !list->empty()) value = &list->front();
    return value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string value_of_parameter(http::context& c, std::string_view name) {
    auto value = query_value(c, name);
    if (!value.empty()) return value;
    bool const is_json = http::media_type(c.request().header("Content-Type")) == "application/json";
    return is_json ? json_value(c, name) : form_value(c, name);
}

bool agrees(condition::parameter const& wanted, std::string const& sent) {
    if (!wanted.there) return sent.empty();
    if (!wanted.value) return !sent.empty();
    return wanted.begins ? sent.starts_with(*wanted.value) : sent == *wanted.value;
}

condition::parameter read_parameter(object_reader& in, std::string_view name,
                                    json::value const& is) {
    condition::parameter p;
    p.name = name;
    auto const* object = is.if_object();
    auto const* begins = object && object->size() == 1 ? object->if_contains("begins") : nullptr;
    auto const* text = begins ? begins->if_string() : is.if_string();
    if (text) p.value = std::string(*text);
    p.begins = begins != nullptr;
    if (auto const* there = is.if_bool())
        p.there = *there;
    else if (!text)
        in.fail(
            "parameter",
            "expected a text, {\"begins\": a text}, true (it is there) or false (it is missing)");
    return p;
}

}  // namespace

bool condition::everything() const noexcept {
    return endpoints.empty() && method.empty() && target.empty() && not_target.empty() &&
           path.empty() && with_header.empty() && without_header.empty() && parameters.empty();
}

bool condition::holds(http::context& c) const {
    return difference(c).empty();
}

std::string condition::difference(http::context& c) const {
    if (!endpoints.empty() && std::ranges::find(endpoints, c.endpoint()) == endpoints.end())
        return "endpoint";
    auto const& r = c.request();
    if (!method.empty() && r.method_text != method) return "method";
    if (!target.empty() && !r.target.starts_with(target)) return "target";
    if (!not_target.empty() && r.target.starts_with(not_target)) return "not_target";
    if (!path.empty() && c.path() != path) return "path";
    if (!with_header.empty() && !r.has(with_header)) return "with_header";
    if (!without_header.empty() && r.has(without_header)) return "without_header";
    for (auto const& p : parameters)
        if (!agrees(p, value_of_parameter(c, p.name))) return "parameter " + p.name;
    return {};
}

void read_condition(object_reader& in, condition& into) {
    if (auto const i = in.choice("method", methods)) into.method = methods[*i];
    into.target = in.text("target", 2048).value_or("");
    into.not_target = in.text("not_target", 2048).value_or("");
    into.path = in.text("path", 2048).value_or("");
    into.with_header = in.text("with_header").value_or("");
    into.without_header = in.text("without_header").value_or("");
    auto const* parameters = in.object("parameter");
    if (parameters == nullptr) return;
    for (auto const& member : *parameters)
        into.parameters.push_back(read_parameter(in, member.key(), member.value()));
}

condition read_place(json::object const& o, std::string const& pointer, object_reader& in) {
    condition where;
    object_reader each(o, pointer);
    read_condition(each, where);
    auto const* given = each.any("endpoint");
    if (given != nullptr && given->is_string()) where.endpoints.emplace_back(given->get_string());
    if (given != nullptr && given->is_array())
        for (auto const& one : given->get_array())
            if (one.is_string()) where.endpoints.emplace_back(one.get_string());
    if (given != nullptr && where.endpoints.empty())
        each.fail("endpoint", "expected the name of an endpoint, or a list of them");
    auto const ok = each.finish();
    if (!ok) in.fail(ok.error());
    return where;
}

}  // namespace tollgate::control
