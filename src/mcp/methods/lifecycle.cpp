// What the server declares of itself.
#include "mcp/call/notices.hpp"
#include "mcp/methods/dispatch.hpp"
#include "mcp/protocol/extensions.hpp"

namespace tollgate::mcp {

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

}  // namespace tollgate::mcp
