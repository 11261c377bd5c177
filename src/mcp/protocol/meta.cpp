#include "mcp/protocol/meta.hpp"

#include <boost/json/object.hpp>

#include "base/crypto.hpp"

namespace tollgate::mcp {

namespace json = boost::json;

namespace {

// A gate with its bar down.
constexpr char drawing[] = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">)"
                           R"(<path fill="#246" d="M2 3h2v10H2zM12 3h2v10h-2z"/>)"
                           R"(<path fill="#c33" d="M4 7h8v2H4z"/></svg>)";

}  // namespace

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

json::array icons() {
    json::object icon;
    icon["src"] = "data:image/svg+xml;base64," + to_base64(drawing);
    icon["mimeType"] = "image/svg+xml";
    icon["sizes"] = json::array{"any"};
    json::array out;
    out.push_back(std::move(icon));
    return out;
}

}  // namespace tollgate::mcp
