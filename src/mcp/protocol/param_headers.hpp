// Arguments of a tool that clients mirror into Mcp-Param-* headers (2026-07-28, "Custom Headers
// from Tool Parameters"). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "http/message/request.hpp"

namespace tollgate::mcp {

struct mirrored_param {
    enum class json_type { string, integer, boolean };

    std::string header;             // "Mcp-Param-Region"
    std::vector<std::string> path;  // the names of properties that lead to the value
    json_type type;
};

// What a tool's input schema annotates with x-mcp-header. Throws std::logic_error where the
// annotation breaks one of the constraints of "Schema Extension": a bug found at start, because
// clients have to drop such a tool from the list.
std::vector<mirrored_param> mirrored_params(boost::json::object const& schema);

// Why the headers of a call do not say what its arguments say, as a sentence; nothing when they do.
// An argument that is absent or null must have no header. One of another type than the schema
// wants is left to the schema.
std::optional<std::string> flaw_in_params(std::vector<mirrored_param> const& mirrored,
                                          boost::json::object const& arguments,
                                          http::request const& r);

}  // namespace tollgate::mcp
