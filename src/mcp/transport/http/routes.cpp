#include <string>
#include <vector>

#include "mcp/transport/http/streamable.hpp"

namespace tollgate::mcp {

namespace {

template <task<endpoint_result> (*run)(endpoint const&)>
task<outcome<http::reply>> responding(server& s, http::context& c) {
    return respond(s, c, run);
}

}  // namespace

void add_routes(http::router& routes, server& s, http::mcp_paths const& paths) {
    using http::verb;
    using row = http::route<server>;
    // GET and DELETE presuppose a session, hence a realm: they never make one.
    constexpr unsigned opens = http::guarded | http::opens_realm;
    constexpr unsigned document = http::opens_realm | http::public_document;
    constexpr std::string_view well_known = "/.well-known/oauth-protected-resource";
    auto const of_mcp = std::string(well_known) + paths.mcp;
    auto const of_sse = std::string(well_known) + paths.sse;
    std::vector<row> const rows = {
        {paths.mcp, verb::post, "mcp", &responding<&post_mcp>, opens},
        {paths.mcp, verb::get, "mcp", &responding<&get_mcp>, http::guarded | http::no_head},
        {paths.mcp, verb::delete_, "mcp", &responding<&delete_mcp>, http::guarded},
        {paths.sse, verb::get, "sse", &responding<&open_sse>, opens | http::no_head},
        {paths.messages, verb::post, "messages", &responding<&post_messages>, http::guarded},
        {well_known, verb::get, "resource_metadata", &get_resource_metadata, document},
        {of_mcp, verb::get, "resource_metadata", &get_resource_metadata, document},
        {of_sse, verb::get, "resource_metadata", &get_resource_metadata, document},
    };
    routes.add<server>(s, rows);
}

}  // namespace tollgate::mcp
