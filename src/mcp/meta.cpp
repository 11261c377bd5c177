#include "mcp/meta.hpp"

namespace tollgate::mcp {

json::object server_info() {
    json::object info;
    info["name"] = "tollgate";
    info["version"] = TOLLGATE_VERSION;
    return info;
}

void complete_modern(json::object& result) {
    if (!result.contains("resultType")) result["resultType"] = "complete";
    auto& own = result["_meta"];
    if (!own.is_object()) own.emplace_object();
    own.get_object()[meta::server_info] = server_info();
}

void cacheable(json::object& result) {
    constexpr int one_minute = 60'000;
    result["ttlMs"] = one_minute;
    result["cacheScope"] = "public";
}

}  // namespace tollgate::mcp
