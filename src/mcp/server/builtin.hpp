// Tools, prompts and resources that this server brings.
#pragma once

#include "mcp/offerings/prompts/prompt_book.hpp"
#include "mcp/offerings/resources/resource_book.hpp"
#include "mcp/offerings/tools/toolbox.hpp"

namespace tollgate::mcp {

toolbox const& builtin_tools();
// Likewise, and the one that only the configuration file allows.
toolbox const& tools_with_authenticated_request();
// The same where it calls with what a provider gave for the login.
toolbox const& tools_with_request_by_login();

prompt_book const& builtin_prompts();
resource_book const& builtin_resources();

}  // namespace tollgate::mcp
