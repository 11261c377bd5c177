// Request metadata of 2026-07-28 (per request): names and values.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "mcp/protocol/revision.hpp"

namespace tollgate::mcp {

namespace json = boost::json;

namespace meta {
inline constexpr char protocol_version[] = "io.modelcontextprotocol/protocolVersion";
inline constexpr char client_capabilities[] = "io.modelcontextprotocol/clientCapabilities";
inline constexpr char client_info[] = "io.modelcontextprotocol/clientInfo";
inline constexpr char log_level[] = "io.modelcontextprotocol/logLevel";
inline constexpr char server_info[] = "io.modelcontextprotocol/serverInfo";
inline constexpr char progress_token[] = "progressToken";
inline constexpr char subscription_id[] = "io.modelcontextprotocol/subscriptionId";
}  // namespace meta

// {"name": "tollgate", "version": …}
json::object server_info();
// Likewise, with all that the revision knows: title, description, icons.
json::object server_info(revision r);

// Gives a result what every result of a modern revision has: resultType (unless it says one) and
// who answered.
void complete_modern(json::object& result);
// "Caching": for results that are the same for every caller and change only with the policy.
void cacheable(json::object& result);

inline constexpr char tasks_extension[] = "io.modelcontextprotocol/tasks";

// "Icons": one SVG as a data URI, so that nobody has to fetch anything.
boost::json::array icons();

}  // namespace tollgate::mcp
