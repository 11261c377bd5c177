// Schema rules inside of the JSON Schema validator: a schema is a list of rules, one per keyword.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace tollgate::mcp::schema_rules {

namespace json = boost::json;

// What one validation may cost, whatever the schema and the value are ("Composition-Keyword
// Resource Use": SHOULD apply reasonable bounds).
struct budget {
    int steps = 20'000;  // subschemas evaluated
    int depth = 64;      // of them, inside each other

    bool spent() const noexcept { return steps <= 0 || depth <= 0; }
};

// Where in the value a rule looks: a chain up to the root, so that nothing is put together
// unless something is wrong.
class place {
public:
    place(std::string_view root, budget& limit) : name_(root), limit_(limit) {}
    place(place const& up, std::string_view member) : up_(&up), name_(member), limit_(up.limit_) {}
    place(place const& up, std::size_t index) : up_(&up), index_(index), limit_(up.limit_) {}

    // RFC 6901; the name of the root when it is the root.
    std::string pointer() const;
    // "/a/0: is too small"
    std::string say(std::string_view what) const;
    budget& limit() const noexcept { return limit_; }

private:
    void append_to(std::string& out) const;

    place const* up_ = nullptr;
    std::string_view name_;
    std::optional<std::size_t> index_;
    budget& limit_;
};

// A sentence when the value is wrong.
using finding = std::optional<std::string>;
using rule = std::function<finding(json::value const& value, place const& at)>;

struct node {
    std::vector<rule> rules;
    bool never = false;  // the schema `false`

    finding check(json::value const& value, place const& at) const;
};

// What a keyword needs to know to become a rule.
class reader {
public:
    virtual ~reader() = default;
    // The subschema in `source`; `step` is its part of the schema's pointer. Lives as long as the
    // whole.
    virtual node const* read(json::value const& source, std::string const& step) = 0;
    // The schema that a $ref means.
    virtual node const* refer(json::value const& reference) = 0;
    // Throws: the keyword's value is not one.
    [[noreturn]] virtual void refuse(std::string const& why) const = 0;
};

// `siblings`: the schema object that the keyword stands in. Nothing to check: an empty rule.
using maker = rule (*)(json::value const& argument, json::object const& siblings, reader& in);

struct keyword {
    std::string_view name;
    maker make;
};

// nullptr when it is not among them.
maker find_value_keyword(std::string_view name) noexcept;      // value_rules.cpp
maker find_limit_keyword(std::string_view name) noexcept;      // limit_rules.cpp
maker find_structure_keyword(std::string_view name) noexcept;  // structure_rules.cpp

// JSON Schema, "Instance Equality": 1 and 1.0 are the same.
bool equal(json::value const& a, json::value const& b);

// Whether `text` has the format; true for formats that are not known here.
bool has_format(std::string_view format, std::string_view text);
bool is_known_format(std::string_view format) noexcept;

}  // namespace tollgate::mcp::schema_rules
