// resources/list, resources/templates/list, resources/read, and the subscriptions of the legacy
// revisions.
#include "mcp/methods/dispatch.hpp"
#include "mcp/offerings/resources/resource_book.hpp"
#include "mcp/protocol/meta.hpp"
#include "mcp/protocol/uri_template.hpp"
#include "mcp/server/builtin.hpp"
#include "mcp/session/session.hpp"

namespace tollgate::mcp {

namespace {

boost::system::result<std::string, rpc_error> uri_of(call const& c) {
    auto const* const params = c.request.params;
    auto const* const uri = params != nullptr ? params->if_contains("uri") : nullptr;
    if (uri == nullptr || !uri->is_string()) return invalid_params("params.uri must be a string");
    return std::string(uri->get_string());
}

// -32002 until 2025-11-25, -32602 from 2026-07-28 on ("Resources", Error Handling).
rpc_error not_found(call const& c, std::string const& uri) {
    json::object data;
    data["uri"] = uri;
    auto const code =
        is_modern(c.revision) ? error_code::invalid_params : error_code::resource_not_found;
    return rpc_error(code, "Resource not found", std::move(data));
}

// "Caching": what depends on the caller is private; what changes is stale at once.
void mark_cacheable(json::object& result, resource_book::contents const& read) {
    cacheable(result);
    if (read.depends_on_caller) result["cacheScope"] = "private";
    if (read.depends_on_caller || read.changes) result["ttlMs"] = 0;
}

// The URI of a subscription; an error where there is nothing to keep it in (then the capability
// is not declared either), and for a resource that is not there.
boost::system::result<std::string, rpc_error> subscribable(call const& c) {
    if (c.session == nullptr) return rpc_error(error_code::method_not_found, "Method not found");
    auto uri = uri_of(c);
    if (!uri) return uri;
    if (!builtin_resources().read(c, *uri)) return not_found(c, *uri);
    return normalized_uri(*uri);  // as changes name it
}

}  // namespace

task<outcome<method_result>> list_resources(call const& c) {
    co_return listed(c, builtin_resources().resources());
}

task<outcome<method_result>> list_resource_templates(call const& c) {
    co_return listed(c, builtin_resources().templates());
}

task<outcome<method_result>> read_resource(call const& c) {
    auto const uri = uri_of(c);
    if (!uri) co_return method_result(uri.error());
    c.http.note("resource", *uri);
    auto read = builtin_resources().read(c, *uri);
    if (!read) co_return method_result(not_found(c, *uri));
    json::object result(c.memory);
    result["contents"].emplace_array().push_back(std::move(read->value));
    if (is_modern(c.revision)) mark_cacheable(result, *read);
    co_return method_result(std::move(result));
}

task<outcome<method_result>> subscribe(call const& c) {
    auto const uri = subscribable(c);
    if (!uri) co_return method_result(uri.error());
    if (!c.session->subscribe(*uri)) {
        co_return method_result(invalid_params("Too many subscriptions in this session"));
    }
    co_return method_result(json::object(c.memory));
}

task<outcome<method_result>> unsubscribe(call const& c) {
    auto const uri = subscribable(c);
    if (!uri) co_return method_result(uri.error());
    c.session->unsubscribe(*uri);
    co_return method_result(json::object(c.memory));
}

}  // namespace tollgate::mcp
