// show_auth_token: which token arrived, without giving it away.
#include "mcp/offerings/tools/token_mask.hpp"
#include "mcp/offerings/tools/tool.hpp"

namespace tollgate::mcp {

namespace {

task<outcome<tool_result>> run_show_auth_token(call const& c, json::object const&) {
    auto const* const caller = c.http.who();
    if (caller == nullptr) co_return error_result(c, "No access token came with this request.");
    auto const shown = masked_token(caller->token);
    auto r = text_result(c, shown);
    json::object structured(c.memory);
    structured["token"] = shown;
    r.structured.emplace(std::move(structured));
    co_return r;
}

}  // namespace

tool const show_auth_token{
    .name = "show_auth_token",
    .description =
        "Returns the access token of this request, masked: its first and last four "
        "characters.",
    .input_schema = R"({"type":"object","properties":{}})",
    .output_schema = R"({"type":"object","properties":{"token":{"type":"string"}},)"
                     R"("required":["token"]})",
    .run = &run_show_auth_token,
    .quick = true,
};

}  // namespace tollgate::mcp
