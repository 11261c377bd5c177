// JSON Schema 2020-12 as far as MCP servers use it: for arguments of tools, for structured
// content, and for the answers to elicitations. Pure.
//
//   schema.cpp             the document: $defs, $ref, and a rule for each keyword
//   value_rules.cpp        keywords about one value: type, enum, minimum, pattern, …
//   structure_rules.cpp    keywords that lead to further schemas: properties, items, anyOf, …
//   formats.cpp            the formats that elicitation knows
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace tollgate::mcp {

// A schema that has been read completely. Immutable; copies share it.
class schema {
public:
    // Throws std::logic_error, with the JSON pointer of the place, for a keyword that is not
    // implemented here, a value that the keyword does not take, a dialect other than 2020-12, and
    // a $ref that leads nowhere or outside ("$ref Resolution": never fetched).
    explicit schema(boost::json::value source);

    // What is wrong with `value`, as a sentence that begins with the JSON pointer of the culprit
    // ("/message: is missing"; `root` names the whole); nothing when it fits. The work is
    // bounded: a value that takes too much of it does not fit.
    std::optional<std::string> mismatch(boost::json::value const& value,
                                        std::string_view root = "arguments") const;

    // As it was written.
    boost::json::value const& source() const noexcept;

private:
    struct document;
    std::shared_ptr<document const> document_;
};

}  // namespace tollgate::mcp
