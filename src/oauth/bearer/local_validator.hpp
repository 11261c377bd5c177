// Local validator: the MCP server looks into the vault of its own authorization server ("local").
#pragma once

#include <memory>

#include "oauth/bearer/validators.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

// Reveals everything, asks nobody. `s` must outlive it.
std::unique_ptr<token_validator> make_local_validator(server& s);

}  // namespace tollgate::oauth
