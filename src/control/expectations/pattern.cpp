#include "control/expectations/pattern.hpp"

#include <algorithm>
#include <span>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "control/conversation/member.hpp"
#include "control/faults/endpoints.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

bool is_hundred(std::string_view wanted) noexcept {
    return wanted.size() == 3 && wanted.ends_with("xx") && wanted[0] >= '1' && wanted[0] <= '9';
}

bool fits(std::optional<std::string> const& got, std::string_view wanted) {
    if (wanted.empty()) return !got;
    if (wanted == "*") return got.has_value();
    if (wanted.front() == '!') return !fits(got, wanted.substr(1));
    if (wanted.ends_with('*')) return got && got->starts_with(wanted.substr(0, wanted.size() - 1));
    if (is_hundred(wanted) && got) return got->size() == 3 && got->front() == wanted.front();
    return got == wanted;
}

// 200, 2xx.
bool is_status(std::string_view text) noexcept {
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return text.size() == 3 && text.front() >= '1' && text.front() <= '5' &&
           (is_hundred(text) || std::ranges::all_of(text, is_digit));
}

bool fault_fits(std::vector<std::string> const& faults, std::string_view wanted) {
    if (wanted.empty()) return faults.empty();
    if (wanted.front() == '!') return !fault_fits(faults, wanted.substr(1));
    return std::ranges::any_of(faults, [&](std::string const& f) { return fits(f, wanted); });
}

bool is_of_client(observation const& o) {
    if (o.what().type == event_type::control) return false;
    return !o.is_exchange() || (o.method != "OPTIONS" && o.endpoint() != "introspect");
}

std::optional<std::string> value_text(json::value const& v) {
    if (auto const* s = v.if_string()) return std::string(*s);
    if (auto const* n = v.if_int64()) return std::to_string(*n);
    return std::nullopt;
}

std::vector<std::string_view> event_types() {
    std::vector<std::string_view> all;
    for (auto const& w : words_of(event_type()))
        all.push_back(w.text);
    return all;
}

std::vector<std::string_view> endpoints() {
    // It belongs to a scenario, and no fault acts there.
    std::vector<std::string_view> all{"identity_provider"};
    for (auto const& e : known_endpoints())
        all.push_back(e.name);
    return all;
}

// A value that no event can have would be silent for ever.
void refuse_unknown(object_reader& in, std::string_view name,
                    std::vector<std::string> const& values,
                    std::vector<std::string_view> const& known, std::string_view what) {
    for (auto const& v : values) {
        auto const bare = std::string_view(v).substr(v.starts_with('!') ? 1 : 0);
        bool const open = bare.empty() || bare.ends_with('*');
        if (open || std::ranges::find(known, bare) != known.end()) continue;
        return in.fail(name, '"' + printable(v, 40) + "\" is no " + std::string(what) +
                                 "; the nearest is \"" + std::string(nearest_name(bare, known)) +
                                 '"');
    }
}

void refuse_no_status(object_reader& in, std::string_view name,
                      std::vector<std::string> const& values) {
    for (auto const& v : values) {
        auto const bare = std::string_view(v).substr(v.starts_with('!') ? 1 : 0);
        if (!bare.empty() && !bare.ends_with('*') && !is_status(bare))
            return in.fail(name, '"' + printable(v, 40) +
                                     "\" is no status; expected one such as 401, or \"4xx\"");
    }
}

constexpr char expected_values[] = "expected a text, a whole number or a list of them";

void read_condition(object_reader& in, std::string_view name, json::value const& given,
                    std::vector<pattern::condition>& into) {
    if (name != "fault" && !is_member(name))
        return in.fail(name,
                       "is no member of an event; the nearest is \"" + nearest_member(name) + '"');
    pattern::condition c{std::string(name), {}};
    auto const* list = given.if_array();
    for (auto const& one : list ? std::span<json::value const>(*list) : std::span(&given, 1)) {
        auto text = value_text(one);
        if (!text) return in.fail(name, expected_values);
        c.values.push_back(std::move(*text));
    }
    if (c.values.empty()) return in.fail(name, expected_values);
    if (name == "type") refuse_unknown(in, name, c.values, event_types(), "type of an event");
    if (name == "endpoint") refuse_unknown(in, name, c.values, endpoints(), "endpoint");
    if (name == "status") refuse_no_status(in, name, c.values);
    into.push_back(std::move(c));
}

}  // namespace

bool pattern::matches(observation const& o) const {
    if (wants_.empty() || !is_of_client(o)) return false;
    return std::ranges::all_of(wants_, [&](condition const& c) {
        if (c.member == "fault")
            return std::ranges::any_of(
                c.values, [&](auto const& v) { return fault_fits(o.facts().faults, v); });
        auto const got = member_of(o, c.member);
        return std::ranges::any_of(c.values, [&](auto const& v) { return fits(got, v); });
    });
}

pattern read_pattern(object_reader& in, json::value const& v, std::string const& pointer) {
    std::vector<pattern::condition> wants;
    auto const* o = v.if_object();
    if (!o || o->empty()) {
        in.fail(mistake(pointer, "expected a table that names members of events"));
        return pattern(std::move(wants));
    }
    object_reader inner(*o, pointer);
    // Patterns are about exchanges unless they say something else.
    if (!o->contains("type")) wants.push_back({"type", {"exchange"}});
    for (auto const& member : *o)
        read_condition(inner, member.key(), *inner.any(member.key()), wants);
    auto const ok = inner.finish();
    if (!ok) in.fail(ok.error());
    return pattern(std::move(wants));
}

pattern read_pattern(object_reader& in, std::string_view name) {
    auto const* given = in.any(name);
    return given ? read_pattern(in, *given, in.pointer(name)) : pattern({});
}

}  // namespace tollgate::control
