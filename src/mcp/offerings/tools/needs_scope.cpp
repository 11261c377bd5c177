// needs_scope: authorization of a single tool call, for trying step-up.
#include <algorithm>

#include "http/pipeline/principal.hpp"
#include "mcp/offerings/tools/tool.hpp"

namespace tollgate::mcp {

namespace {

bool lists(std::vector<std::string> const& scopes, std::string_view scope) {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

std::string cannot_be_granted(std::vector<std::string> const& grantable, std::string_view scope) {
    std::string text = "The scope \"";
    text += scope;
    text += "\" cannot be granted here. These can:";
    for (auto const& s : grantable) {
        text += ' ';
        text += s;
    }
    return text;
}

task<outcome<tool_result>> run_needs_scope(call const& c, json::object const& arguments) {
    std::string const scope(arguments.at("scope").get_string());
    // Without a challenge: the client would go for a scope that it can never get.
    if (!lists(c.policy.grantable_scopes, scope)) {
        auto const text = cannot_be_granted(c.policy.grantable_scopes, scope);
        co_return error_result(c, text);
    }
    auto const* const who = c.who();
    if (who == nullptr) {
        co_return error_result(c, "This server runs without authorization: nobody has scopes.");
    }
    if (!who->has_scope(scope)) {
        // All that the operation needs, so that the client asks for the union at once
        // (MCP authorization, "Scope Challenge Handling").
        auto needed = c.policy.scopes;
        if (!lists(needed, scope)) needed.push_back(scope);
        co_return http::challenge::insufficient_scope(c.http, needed);
    }
    std::string const text = "You have the scope \"" + scope + "\".";
    co_return text_result(c, text);
}

}  // namespace

tool const needs_scope{
    .name = "needs_scope",
    .description =
        "Succeeds only when the access token carries the given scope; else HTTP 403 "
        "with a challenge.",
    .input_schema = R"({"type":"object","properties":{"scope":{"type":"string","minLength":1,)"
                    R"("description":"The scope to require"}},"required":["scope"]})",
    .run = &run_needs_scope,
    .quick = true,
};

}  // namespace tollgate::mcp
