#include "control/telemetry/otlp.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "http/message/caching.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

using std::chrono::milliseconds;

constexpr int server_kind = 2;   // SPAN_KIND_SERVER
constexpr int error_status = 2;  // STATUS_CODE_ERROR
constexpr milliseconds first_pause{1000};
constexpr milliseconds longest_pause{300'000};

// 64-bit numbers are texts in JSON (ProtoJSON).
std::string nanoseconds(time_point t) {
    using std::chrono::nanoseconds;
    return std::to_string(std::chrono::duration_cast<nanoseconds>(t.time_since_epoch()).count());
}

json::object text_value(std::string_view text) {
    return {{"stringValue", text}};
}

json::object value_of(span_attribute const& a) {
    using kind = span_attribute::kind;
    if (a.is == kind::text) return text_value(a.text);
    if (a.is == kind::number) return {{"intValue", std::to_string(a.number)}};
    json::array values;
    for (auto const& text : a.list)
        values.push_back(text_value(text));
    json::object list;
    list["values"] = std::move(values);
    json::object o;
    o["arrayValue"] = std::move(list);
    return o;
}

json::object key_value(std::string_view key, json::object value) {
    json::object o;
    o["key"] = key;
    o["value"] = std::move(value);
    return o;
}

void add_text(json::object& o, std::string_view name, std::string_view text) {
    if (!text.empty()) o[name] = text;
}

json::object link_json(span_place const& to) {
    json::object o{{"traceId", to.trace}, {"spanId", to.span}};
    add_text(o, "traceState", to.state);
    return o;
}

json::object span_json(span const& s) {
    json::object o{{"traceId", s.at.trace}, {"spanId", s.at.span}};
    add_text(o, "traceState", s.at.state);
    add_text(o, "parentSpanId", s.parent);
    o["name"] = s.name;
    o["kind"] = server_kind;
    o["startTimeUnixNano"] = nanoseconds(s.start);
    o["endTimeUnixNano"] = nanoseconds(std::max(s.start, s.end));
    json::array attributes;
    for (auto const& a : s.attributes)
        attributes.push_back(key_value(a.key, value_of(a)));
    o["attributes"] = std::move(attributes);
    if (!s.links.empty()) {
        json::array links;
        for (auto const& link : s.links)
            links.push_back(link_json(link));
        o["links"] = std::move(links);
    }
    if (s.failed) o["status"] = json::object{{"code", error_status}};
    return o;
}

json::object resource_json(std::string_view instance) {
    json::array attributes;
    for (auto const& [key, text] :
         {std::pair<std::string_view, std::string_view>{"service.name", "tollgate"},
          {"service.version", TOLLGATE_VERSION},
          {"service.instance.id", instance}})
        attributes.push_back(key_value(key, text_value(text)));
    json::object o;
    o["attributes"] = std::move(attributes);
    return o;
}

// RFC 9110 §10.2.3
std::optional<milliseconds> asked_for(std::string_view retry_after, time_point now) {
    auto const text = trim(retry_after);
    if (text.empty()) return std::nullopt;
    std::uint64_t seconds = 0;
    auto const [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (wrong == std::errc() && end == text.data() + text.size())
        return milliseconds(1000 * std::min<std::uint64_t>(seconds, 1'000'000));
    auto const date = http::http_date(text);
    if (!date) return std::nullopt;
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*date - now));
}

}  // namespace

std::string to_otlp(std::span<span const> spans, std::string_view instance) {
    json::array list;
    for (auto const& s : spans)
        list.push_back(span_json(s));
    json::object in_scope;
    in_scope["scope"] = json::object{{"name", "tollgate"}, {"version", TOLLGATE_VERSION}};
    in_scope["spans"] = std::move(list);
    json::object of_resource;
    of_resource["resource"] = resource_json(instance);
    of_resource["scopeSpans"] = json::array{std::move(in_scope)};
    json::object request;
    request["resourceSpans"] = json::array{std::move(of_resource)};
    return json::serialize(request);
}

export_end end_of(unsigned status) noexcept {
    if (status / 100 == 2) return export_end::taken;
    bool const later = status == 429 || status == 502 || status == 503 || status == 504;
    return later ? export_end::again : export_end::refused;
}

partial_success read_partial_success(std::string_view body) {
    partial_success said;
    json::error_code wrong;
    auto const value = json::parse(body, wrong);
    if (wrong) return said;
    auto const* part = value.find_pointer("/partialSuccess", wrong);
    if (!part || !part->is_object()) return said;
    auto const& o = part->get_object();
    said.why = printable(text_member(o, "errorMessage").value_or(""));
    auto const* rejected = o.if_contains("rejectedSpans");
    if (!rejected) return said;
    if (rejected->is_int64() && rejected->get_int64() > 0)
        said.rejected = static_cast<std::uint64_t>(rejected->get_int64());
    if (rejected->is_string()) {
        auto const& text = rejected->get_string();
        std::from_chars(text.data(), text.data() + text.size(), said.rejected);
    }
    return said;
}

milliseconds pause_behind(unsigned attempt, std::string_view retry_after, time_point now,
                          double spread) {
    if (auto const asked = asked_for(retry_after, now)) return std::min(*asked, longest_pause);
    auto const doubled = first_pause * (1 << std::min(attempt - 1, 8u));
    auto const spread_out = static_cast<double>(doubled.count()) * spread;
    return std::min(milliseconds(static_cast<std::int64_t>(spread_out)), longest_pause);
}

std::string traces_url(std::string endpoint) {
    constexpr std::string_view path = "/v1/traces";
    while (endpoint.ends_with('/'))
        endpoint.pop_back();
    return endpoint.ends_with(path) ? endpoint : endpoint.append(path);
}

}  // namespace tollgate::control
