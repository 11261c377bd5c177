#include "mcp/protocol/meta.hpp"

#include "mcp/protocol/icon.hpp"

namespace tollgate::mcp {

json::object server_info() {
    json::object info;
    info["name"] = "tollgate";
    info["version"] = TOLLGATE_VERSION;
    return info;
}

json::object server_info(revision r) {
    auto info = server_info();
    if (r >= revision::v2025_06_18) info["title"] = "tollgate";
    if (r >= revision::v2025_11_25) {
        info["description"] = "A server for testing MCP clients and their authorization.";
        info["icons"] = icons();
    }
    return info;
}

void complete_modern(json::object& result) {
    if (!result.contains("resultType")) result["resultType"] = "complete";
    auto& own = result["_meta"];
    if (!own.is_object()) own.emplace_object();
    if (!own.get_object().contains(meta::server_info)) {
        own.get_object()[meta::server_info] = server_info();
    }
}

void cacheable(json::object& result) {
    constexpr int one_minute = 60'000;
    result["ttlMs"] = one_minute;
    result["cacheScope"] = "public";
}

}  // namespace tollgate::mcp
