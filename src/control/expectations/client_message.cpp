#include "control/expectations/client_message.hpp"

#include <map>

#include <boost/json/parse.hpp>

#include "mcp/protocol/revision.hpp"
#include "mcp/schema/schema.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

constexpr std::string_view modern = "2026-07-28";

// The envelopes of JSON-RPC, and the params of what a client may send. What a revision did not have
// yet nobody sends in it.
constexpr std::string_view definitions = R"({
"id": {"type": ["string", "integer"]},
"uri": {"type": "string", "format": "uri"},
"objects": {"type": "object", "additionalProperties": {"type": "object"}},
"request": {"type": "object", "required": ["jsonrpc", "id", "method"],
  "properties": {"jsonrpc": {"const": "2.0"}, "id": {"$ref": "#/$defs/id"}, "params": {"$ref": "#/$defs/any"}}},
"notification": {"type": "object", "required": ["jsonrpc", "method"],
  "properties": {"jsonrpc": {"const": "2.0"}, "params": {"type": "object", "properties": {"_meta": {"type": "object"}}}}},
"result": {"type": "object", "required": ["jsonrpc", "id", "result"],
  "properties": {"jsonrpc": {"const": "2.0"}, "id": {"$ref": "#/$defs/id"},
    "result": {"type": "object", "properties": {"_meta": {"type": "object"}}}}},
"error": {"type": "object", "required": ["jsonrpc", "error"],
  "properties": {"jsonrpc": {"const": "2.0"}, "id": {"$ref": "#/$defs/id"},
    "error": {"type": "object", "required": ["code", "message"],
      "properties": {"code": {"type": "integer"}, "message": {"type": "string"}}}}},
"any": {"type": "object", "properties": {
  "_meta": {"type": "object", "properties": {"progressToken": {"$ref": "#/$defs/id"}}}}},
"icon": {"type": "object", "required": ["src"], "properties": {
  "src": {"$ref": "#/$defs/uri"}, "mimeType": {"type": "string"}, "theme": {"enum": ["dark", "light"]},
  "sizes": {"type": "array", "items": {"type": "string"}}}},
"implementation": {"type": "object", "required": ["name", "version"], "properties": {
  "name": {"type": "string"}, "version": {"type": "string"}, "title": {"type": "string"},
  "websiteUrl": {"$ref": "#/$defs/uri"}, "icons": {"type": "array", "items": {"$ref": "#/$defs/icon"}}}},
"capabilities": {"type": "object", "properties": {
  "experimental": {"$ref": "#/$defs/objects"}, "extensions": {"$ref": "#/$defs/objects"},
  "roots": {"type": "object", "properties": {"listChanged": {"type": "boolean"}}},
  "sampling": {"type": "object", "properties": {"context": {"type": "object"}, "tools": {"type": "object"}}},
  "elicitation": {"type": "object", "properties": {"form": {"type": "object"}, "url": {"type": "object"}}},
  "tasks": {"type": "object", "properties": {
    "list": {"type": "object"}, "cancel": {"type": "object"}, "requests": {"$ref": "#/$defs/objects"}}}}},
"modern_meta": {"type": "object",
  "required": ["io.modelcontextprotocol/protocolVersion", "io.modelcontextprotocol/clientCapabilities"],
  "properties": {
    "io.modelcontextprotocol/protocolVersion": {"type": "string"},
    "io.modelcontextprotocol/clientInfo": {"$ref": "#/$defs/implementation"},
    "io.modelcontextprotocol/clientCapabilities": {"$ref": "#/$defs/capabilities"},
    "io.modelcontextprotocol/logLevel": {"$ref": "#/$defs/log_level"}}},
"modern": {"type": "object", "required": ["params"], "properties": {
  "params": {"type": "object", "required": ["_meta"], "properties": {"_meta": {"$ref": "#/$defs/modern_meta"}}}}},
"log_level": {"enum": ["alert", "critical", "debug", "emergency", "error", "info", "notice", "warning"]},
"initialize": {"type": "object", "required": ["protocolVersion", "capabilities", "clientInfo"], "properties": {
  "protocolVersion": {"type": "string"}, "capabilities": {"$ref": "#/$defs/capabilities"},
  "clientInfo": {"$ref": "#/$defs/implementation"}}},
"page": {"type": "object", "properties": {"cursor": {"type": "string"}}},
"of_uri": {"type": "object", "required": ["uri"], "properties": {"uri": {"$ref": "#/$defs/uri"}}},
"of_task": {"type": "object", "required": ["taskId"], "properties": {"taskId": {"type": "string"}}},
"prompt": {"type": "object", "required": ["name"], "properties": {
  "name": {"type": "string"}, "arguments": {"type": "object", "additionalProperties": {"type": "string"}}}},
"call": {"type": "object", "required": ["name"], "properties": {
  "name": {"type": "string"}, "arguments": {"type": "object"}, "inputResponses": {"type": "object"},
  "requestState": {"type": "string"},
  "task": {"type": "object", "properties": {"ttl": {"type": "integer"}}}}},
"level": {"type": "object", "required": ["level"], "properties": {"level": {"$ref": "#/$defs/log_level"}}},
"completion": {"type": "object", "required": ["argument", "ref"], "properties": {
  "argument": {"type": "object", "required": ["name", "value"],
    "properties": {"name": {"type": "string"}, "value": {"type": "string"}}},
  "ref": {"anyOf": [
    {"type": "object", "required": ["type", "name"], "properties": {"type": {"const": "ref/prompt"}, "name": {"type": "string"}}},
    {"type": "object", "required": ["type", "uri"], "properties": {"type": {"const": "ref/resource"}, "uri": {"type": "string"}}}]}}},
"cancelled": {"type": "object", "properties": {
  "requestId": {"$ref": "#/$defs/id"}, "reason": {"type": "string"}}},
"progress": {"type": "object", "required": ["progress", "progressToken"], "properties": {
  "progress": {"type": "number"}, "total": {"type": "number"}, "message": {"type": "string"},
  "progressToken": {"$ref": "#/$defs/id"}}}
})";

struct known_method {
    std::string_view name;
    std::string_view params;    // their definition
    bool needs_params = false;  // else they may be missing
    bool in_modern = false;     // and has the envelope of 2026-07-28 there
    bool in_legacy = true;      // in the revisions before
};

constexpr known_method methods[] = {
    {"initialize", "initialize", true},
    {"ping", "any"},
    {"server/discover", "any", false, true, false},
    {"subscriptions/listen", "any", false, true, false},
    {"resources/list", "page", false, true},
    {"resources/templates/list", "page", false, true},
    {"resources/read", "of_uri", true, true},
    {"resources/subscribe", "of_uri", true},
    {"resources/unsubscribe", "of_uri", true},
    {"prompts/list", "page", false, true},
    {"prompts/get", "prompt", true, true},
    {"tools/list", "page", false, true},
    {"tools/call", "call", true, true},
    {"logging/setLevel", "level", true},
    {"completion/complete", "completion", true, true},
    {"tasks/get", "of_task", true},
    {"tasks/result", "of_task", true},
    {"tasks/cancel", "of_task", true},
    {"tasks/list", "page"},
    {"notifications/cancelled", "cancelled", true},
    {"notifications/progress", "progress", true},
};

// Read once; the document of each is all definitions, with one of them at the root.
mcp::schema const& definition(std::string_view name) {
    static auto const all = [] {
        std::map<std::string, mcp::schema, std::less<>> made;
        auto const defs = json::parse(definitions);
        for (auto const& one : defs.get_object()) {
            json::object document;
            document["$defs"] = defs;
            document["$ref"] = "#/$defs/" + std::string(one.key());
            made.emplace(std::string(one.key()), mcp::schema(json::value(std::move(document))));
        }
        return made;
    }();
    return all.find(name)->second;
}

using flaw = std::optional<std::string>;

flaw held_to(std::string_view name, json::value const& v, std::string_view root) {
    return definition(name).mismatch(v, root);
}

known_method const* find_method(std::string_view name, bool is_modern) {
    for (auto const& m : methods)
        if (m.name == name &&
            (is_modern ? m.in_modern || name.starts_with("notifications/") : m.in_legacy))
            return &m;
    return nullptr;
}

flaw flaw_of_call(json::object const& o, std::string_view method, bool is_modern) {
    bool const request = o.contains("id") || !method.starts_with("notifications/");
    json::value const message(o);
    if (auto wrong = held_to(request ? "request" : "notification", message, "message"))
        return wrong;
    auto const* known = find_method(method, is_modern);
    if (known == nullptr) return {};
    if (is_modern && known->in_modern)
        if (auto wrong = held_to("modern", message, "message")) return wrong;
    auto const* params = o.if_contains("params");
    if (params == nullptr) {
        if (known->needs_params) return "/params: is missing";
        return {};
    }
    auto wrong = held_to(known->params, *params, "params");
    if (wrong && wrong->starts_with('/')) return "/params" + *wrong;
    return wrong;
}

flaw flaw_of_one(json::value const& v, bool is_modern) {
    auto const* o = v.if_object();
    if (o == nullptr) return "the message is no object";
    auto const* method = o->if_contains("method");
    if (method && method->is_string()) return flaw_of_call(*o, method->get_string(), is_modern);
    if (auto const* error = o->if_contains("error"); error && !error->is_null())
        return held_to("error", v, "message");
    if (o->contains("result")) return held_to("result", v, "message");
    return "the message is no request, no notification and no response";
}

}  // namespace

flaw flaw_of_client_message(json::value const& message, std::string_view revision) {
    bool const is_modern = revision == modern;
    auto const* batch = message.if_array();
    if (batch == nullptr) return flaw_of_one(message, is_modern);
    auto const spoken = mcp::parse_revision(revision).value_or(mcp::revision::v2025_03_26);
    if (spoken != mcp::revision::v2025_03_26) return "the revision has no batches";
    for (auto const& one : *batch)
        if (auto wrong = flaw_of_one(one, is_modern)) return wrong;
    return {};
}

}  // namespace tollgate::control
