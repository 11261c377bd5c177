// All tools of the server, and their list as each revision wants to see it.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/param_headers.hpp"
#include "mcp/tool.hpp"

namespace tollgate::mcp {

class toolbox {
public:
    struct entry {
        tool const* what;
        json::object schema;                   // what->input_schema, parsed
        std::vector<mirrored_param> mirrored;  // its x-mcp-header annotations
    };

    // Throws when a schema is no JSON object or a name comes twice: a bug found at start.
    explicit toolbox(std::span<tool const* const> tools);

    entry const* find(std::string_view name) const noexcept;
    // The complete result of tools/list: a text made once, because it never changes.
    std::string const& list_result(revision r) const noexcept {
        return lists_[static_cast<std::size_t>(r)];
    }

private:
    std::vector<entry> entries_;
    std::array<std::string, std::size(all_revisions)> lists_;
};

// Those that are always there.
toolbox const& builtin_tools();
// Likewise, and the one that only the configuration file allows.
toolbox const& tools_with_authenticated_request();

}  // namespace tollgate::mcp
