// Comments of config.toml, what they say about its keys: the only place where their meaning stands.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace tollgate::settings {

// The text of config.toml as it was when the program was built.
extern std::string_view const shipped_configuration;

struct explanations {
    using texts = std::map<std::string, std::string, std::less<>>;
    texts sections;                                // "mcp", "clients": above or beside the header
    texts keys;                                    // "mcp.auth", "clients.scope": beside the value
    std::set<std::string, std::less<>> dependent;  // keys whose default stands behind a "#"

    std::string_view of_section(std::string_view name) const;
    std::string_view of_key(std::string_view name) const;
};

// A comment of several lines is one text.
explanations read_comments(std::string_view toml);

}  // namespace tollgate::settings
