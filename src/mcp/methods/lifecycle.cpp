// What the server declares of itself.
#include "mcp/call/notices.hpp"
#include "mcp/methods/dispatch.hpp"
#include "mcp/protocol/meta.hpp"

namespace tollgate::mcp {

namespace {

constexpr char instructions[] =
    "A server for testing MCP clients. echo, echo_tool and add need nothing; whoami shows the "
    "identity behind the access token; needs_scope demands a scope. There are resources, resource "
    "templates and a prompt, too.";

json::object const* object_in(message const& request, char const* name) {
    auto const* const value =
        request.params != nullptr ? request.params->if_contains(name) : nullptr;
    return value != nullptr ? value->if_object() : nullptr;
}

bool has_text(json::object const& o, char const* name) {
    auto const* const value = o.if_contains(name);
    return value != nullptr && value->is_string();
}

// What initialize carries besides the version ("Initialization": the client MUST send it).
char const* flaw_in_profile(message const& request) {
    if (object_in(request, "capabilities") == nullptr)
        return "params.capabilities must be an object";
    auto const* const info = object_in(request, "clientInfo");
    if (info != nullptr && has_text(*info, "name") && has_text(*info, "version")) return nullptr;
    return "params.clientInfo must be an object with name and version";
}

}  // namespace

// listChanged, subscribe and logging need a client that can be told something later; without
// sessions the 2025 revisions have none.
json::object capabilities(call const& c) {
    bool const later = keeps_session(c);
    json::object changing(c.memory);
    if (later) changing["listChanged"] = true;
    json::object out(c.memory);
    out["tools"] = changing;
    out["prompts"] = changing;
    out["resources"] = changing;
    if (later) out["resources"].as_object()["subscribe"] = true;
    if (later) out["logging"].emplace_object();
    // Older ones answer completion/complete, too, but have no name for it.
    if (c.revision >= revision::v2025_03_26) out["completions"].emplace_object();
    if (is_modern(c.revision)) out["extensions"].emplace_object()[tasks_extension].emplace_object();
    return out;
}

boost::system::result<revision, rpc_error> negotiate(message const& request, revision_set spoken) {
    auto const* const wanted =
        request.params != nullptr ? request.params->if_contains("protocolVersion") : nullptr;
    if (wanted == nullptr || !wanted->is_string()) {
        return rpc_error(error_code::invalid_params, "params.protocolVersion must be a string");
    }
    if (auto const* const flaw = flaw_in_profile(request)) {
        return rpc_error(error_code::invalid_params, flaw);
    }
    auto const asked = parse_revision(wanted->get_string());
    if (asked && !is_modern(*asked) && spoken.has(*asked)) return *asked;
    return spoken.newest_legacy().value_or(revision::v2025_11_25);
}

client_profile profile_in(message const& initialize) {
    client_profile p;
    if (auto const* const given = object_in(initialize, "capabilities")) p.capabilities = *given;
    if (auto const* const given = object_in(initialize, "clientInfo")) p.info = *given;
    return p;
}

// The transport has negotiated: `c.revision` is the outcome.
task<outcome<method_result>> initialize(call const& c) {
    auto const version = to_string(c.revision);
    json::object result(c.memory);
    result["protocolVersion"] = json::string_view(version.data(), version.size());
    result["capabilities"] = capabilities(c);
    result["serverInfo"] = server_info(c.revision);
    result["instructions"] = instructions;
    co_return method_result(std::move(result));
}

task<outcome<method_result>> ping(call const& c) {
    co_return method_result(json::object(c.memory));
}

// "supportedVersions: protocol versions the server supports": all of them, newest first, as in
// the specification's own example of -32022. A client of both eras can then fall back knowingly.
task<outcome<method_result>> discover(call const& c) {
    json::array versions(c.memory);
    for (auto const r : c.spoken.newest_first()) {
        auto const name = to_string(r);
        versions.emplace_back(json::string_view(name.data(), name.size()));
    }
    json::object result(c.memory);
    result["supportedVersions"] = std::move(versions);
    result["capabilities"] = capabilities(c);
    result["instructions"] = instructions;
    result["_meta"].emplace_object()[meta::server_info] = server_info(c.revision);
    cacheable(result);
    co_return method_result(std::move(result));
}

}  // namespace tollgate::mcp
