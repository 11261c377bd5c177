// Toolbox: all tools of the server, and their list as each revision wants to see it.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "mcp/offerings/listing.hpp"
#include "mcp/offerings/tools/tool.hpp"
#include "mcp/protocol/param_headers.hpp"
#include "mcp/schema/schema.hpp"

namespace tollgate::mcp {

class toolbox {
public:
    struct entry {
        mcp::tool const* tool;
        schema input;
        std::optional<schema> output;
        std::vector<mirrored_param> mirrored;  // its x-mcp-header annotations
    };

    // Throws when a schema is not one that we check completely, or a name is wrong or comes
    // twice: a bug found at start.
    explicit toolbox(std::span<tool const* const> tools);

    // Whether or not anybody may see it.
    entry const* find(std::string_view name) const noexcept;
    // The tool as this realm and revision know it; nullptr when there is none.
    entry const* find(std::string_view name, call const& c) const noexcept;
    // Of all of them.
    std::vector<std::string_view> names() const;
    listing const& list() const noexcept { return list_; }

private:
    std::vector<entry> entries_;
    listing list_{"tools"};
};

}  // namespace tollgate::mcp
