// The part of JSON Schema that our tools' inputs are described with. Pure.
#pragma once

#include <optional>
#include <string>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace tollgate::mcp {

// What is wrong with `value`, as a sentence that begins with the JSON pointer of the culprit
// ("/message: is missing"); nothing when it fits. Knows type (object, string, number, integer,
// boolean, array), properties, required, enum and minLength. Properties that a schema does not
// name are ignored.
std::optional<std::string> mismatch(boost::json::object const& schema,
                                    boost::json::value const& value);

}  // namespace tollgate::mcp
