// Predicates about what stands in JSON-RPC messages and in the headers that repeat it.
#include <algorithm>

#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "control/conversation/member.hpp"
#include "control/expectations/client_message.hpp"
#include "control/expectations/each.hpp"
#include "mcp/protocol/header_value.hpp"

namespace tollgate::control::predicates {

namespace {

namespace json = boost::json;

json::value const* at(json::value const& v, std::string_view pointer) {
    json::error_code wrong;
    auto const* found = v.find_pointer('/' + std::string(pointer), wrong);
    return wrong ? nullptr : found;
}

std::string_view type_of(json::value const& v) noexcept {
    if (v.is_string()) return "string";
    if (v.is_bool()) return "boolean";
    if (v.is_object()) return "object";
    if (v.is_array()) return "array";
    return v.is_number() ? "number" : "null";
}

constexpr std::string_view json_types[] = {"string", "boolean", "object",
                                           "array",  "number",  "null"};

// Of types with a bar between them.
bool any_type(std::string_view types, auto const& fits) {
    while (!types.empty())
        if (fits(next_part(types, '|'))) return true;
    return false;
}

// What may be missing has a question mark.
bool may_miss(std::string_view& types) noexcept {
    bool const may = types.ends_with('?');
    if (may) types.remove_suffix(1);
    return may;
}

// Members of the body have these types of JSON.
class typed final : public each {
public:
    typed(pattern of, std::size_t nth, json::object members)
        : each(std::move(of), nth), members_(std::move(members)) {}

private:
    bool fine(observation const& o) const override {
        return std::ranges::all_of(members_, [&](json::key_value_pair const& m) {
            std::string_view wanted = m.value().get_string();
            bool const optional = may_miss(wanted);
            auto const* found = at(o.body, m.key());
            if (found == nullptr) return optional;
            return any_type(wanted, [&](auto type) { return type == type_of(*found); });
        });
    }

    json::object members_;
};

// The message is one of the revision that the client speaks.
class of_revision final : public each {
public:
    explicit of_revision(pattern of) : each(std::move(of), 0) {}

private:
    // A body that is no JSON is no message.
    bool fine(observation const& o) const override {
        if (o.body.is_null()) return true;
        constexpr auto in_body = "body.params/_meta/io.modelcontextprotocol~1protocolVersion";
        auto const said = std::string(o.header("MCP-Protocol-Version"));
        auto const told = said.empty() ? member_of(o, in_body).value_or("") : said;
        return !flaw_of_client_message(o.body, told);
    }
};

// Two members of one event are the same.
class equals final : public each {
public:
    equals(pattern of, std::string member, std::string to)
        : each(std::move(of), 0), member_(std::move(member)), to_(std::move(to)) {}

private:
    bool fine(observation const& o) const override {
        return member_of(o, member_) == member_of(o, to_);
    }

    std::string member_;
    std::string to_;
};

// MCP 2026-07-28, Standard Request Headers: Mcp-Method and Mcp-Name say what the body says.
class standard_headers final : public each {
public:
    explicit standard_headers(pattern of) : each(std::move(of), 0) {}

private:
    bool fine(observation const& o) const override {
        auto const method = member_of(o, "body.method").value_or("");
        if (o.header("Mcp-Method") != method) return false;
        bool const by_name = method == "tools/call" || method == "prompts/get";
        if (!by_name && method != "resources/read") return true;
        auto const name = member_of(o, by_name ? "body.params/name" : "body.params/uri");
        return o.header("Mcp-Name") == name.value_or("");
    }
};

bool has_field(observation const& o, std::string_view name) {
    return std::ranges::any_of(o.sent, [&](auto const& f) { return http::iequals(f.name, name); });
}

// MCP 2026-07-28, Value Encoding: what a header cannot hold as it is stands in base64.
bool needs_base64(std::string_view value) {
    if (value != trim(value)) return true;
    return std::ranges::any_of(value, [](char c) { return c < 0x20 || c > 0x7e; });
}

bool shows(std::string_view header, json::value const& value) {
    auto const text = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
    auto const decoded = mcp::decode_header_value(header);
    bool const as_it_is = decoded && *decoded == header;
    return decoded == text && !(as_it_is && needs_base64(text));
}

// Arguments of a tool as headers Mcp-Param-NAME: those of `headers` ({NAME: argument}) say what the
// argument says, those of `absent` are not there; `any`: at least one of all is.
class param_headers final : public each {
public:
    json::object headers;
    std::vector<std::string> absent;
    bool any = false;

    explicit param_headers(pattern of) : each(std::move(of), 0) {}

private:
    bool fine(observation const& o) const override {
        constexpr std::string_view prefix = "Mcp-Param-";
        if (any)
            return std::ranges::any_of(o.sent, [&](auto const& f) {
                return f.name.size() > prefix.size() &&
                       http::iequals(f.name.substr(0, prefix.size()), prefix);
            });
        for (auto const& name : absent)
            if (has_field(o, std::string(prefix) + name)) return false;
        return std::ranges::all_of(headers, [&](json::key_value_pair const& h) {
            auto const* value =
                at(o.body, "params/arguments/" + std::string(h.value().get_string()));
            if (value == nullptr || value->is_null()) return true;
            auto const name = std::string(prefix) + std::string(h.key());
            return has_field(o, name) && shows(o.header(name), *value);
        });
    }
};

json::object read_texts(object_reader& in, std::string_view name) {
    auto const* o = in.object(name);
    if (o == nullptr) return {};
    for (auto const& one : *o) {
        if (one.value().is_string()) continue;
        in.fail(name, "expected texts");
        return {};
    }
    return *o;
}

}  // namespace

predicate_ptr read_typed(object_reader& in) {
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    auto members = read_texts(in.need("members", "types by member"), "members");
    for (auto const& m : members) {
        std::string_view wanted = m.value().get_string();
        may_miss(wanted);
        auto const unknown = [](auto type) { return std::ranges::count(json_types, type) == 0; };
        if (wanted.empty() || any_type(wanted, unknown))
            in.fail("members", "expected types of JSON such as string, or string|number?");
    }
    return std::make_shared<typed>(std::move(of), read_nth(in), std::move(members));
}

predicate_ptr read_of_revision(object_reader& in) {
    return std::make_shared<of_revision>(read_pattern(in.need("of", "a pattern"), "of"));
}

predicate_ptr read_equals(object_reader& in) {
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    auto member = read_member_of(in, "member");
    return std::make_shared<equals>(std::move(of), std::move(member), read_member_of(in, "to"));
}

predicate_ptr read_standard_headers(object_reader& in) {
    return std::make_shared<standard_headers>(read_pattern(in.need("of", "a pattern"), "of"));
}

predicate_ptr read_param_headers(object_reader& in) {
    auto made = std::make_shared<param_headers>(read_pattern(in.need("of", "a pattern"), "of"));
    made->headers = read_texts(in, "headers");
    made->absent = in.texts("absent");
    made->any = in.boolean("any").value_or(false);
    return made;
}

}  // namespace tollgate::control::predicates
