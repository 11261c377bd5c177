// show_auth_token: which token arrived, without giving it away.
#include "mcp/token_mask.hpp"
#include "mcp/tool.hpp"

namespace tollgate::mcp {

namespace {

task<outcome<tool_result>> run_show_auth_token(call const& c, json::object const&) {
    auto const* const caller = c.http.who();
    if (caller == nullptr) co_return error_result(c, "No access token came with this request.");
    auto const shown = masked_token(caller->token);
    auto r = text_result(c, shown);
    r.structured.emplace(c.memory);
    r.structured->emplace("token", shown);
    co_return r;
}

}  // namespace

tool const show_auth_token{"show_auth_token",
                           "Show the access token",
                           "Returns the access token of this request, masked: its first and last "
                           "four characters.",
                           R"({"type":"object","properties":{}})",
                           true,
                           &run_show_auth_token,
                           true};

}  // namespace tollgate::mcp
