// Token mask: how a token is shown, enough to recognize it, too little to use it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace tollgate::mcp {

// "abcd…wxyz": the first and the last four characters. Of a token so short that this would give
// away half of it or more, nothing: "…".
std::string masked_token(std::string_view token);

// `text` with every occurrence of `token` masked.
std::string with_masked_token(std::string text, std::string_view token);

}  // namespace tollgate::mcp
