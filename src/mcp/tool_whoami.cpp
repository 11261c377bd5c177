// whoami: what the server knows about the caller. Never the token itself.
#include <boost/json/serialize.hpp>

#include "mcp/session.hpp"
#include "mcp/tool.hpp"

namespace tollgate::mcp {

namespace {

json::value text_or_null(std::string const& text, json::storage_ptr const& memory) {
    if (text.empty()) return json::value(nullptr, memory);
    return json::value(json::string_view(text), memory);
}

json::array list_of(std::vector<std::string> const& items, json::storage_ptr const& memory) {
    json::array out(memory);
    out.reserve(items.size());
    for (auto const& item : items)
        out.emplace_back(json::string_view(item));
    return out;
}

// What the strategy does not reveal is null.
void describe(json::object& out, http::principal const& who) {
    auto const& memory = out.storage();
    out["subject"] = text_or_null(who.subject, memory);
    out["client_id"] = text_or_null(who.client_id, memory);
    out["scopes"] = nullptr;
    if (who.scopes) out["scopes"] = list_of(*who.scopes, memory);
    out["audience"] = nullptr;
    if (!who.audience.empty()) out["audience"] = list_of(who.audience, memory);
    out["issuer"] = text_or_null(who.issuer, memory);
    out["strategy"] = text_or_null(who.strategy, memory);
}

void describe_nobody(json::object& out) {
    for (auto const* const name : {"subject", "client_id", "scopes", "audience", "issuer"}) {
        out[name] = nullptr;
    }
    out["strategy"] = "none";
}

task<outcome<tool_result>> run_whoami(call const& c, json::object const&) {
    json::object about(c.memory);
    about.reserve(9);
    if (auto const* const who = c.who()) {
        describe(about, *who);
    } else {
        describe_nobody(about);
    }
    auto const via = to_string(c.via);
    about["session"] = nullptr;
    if (c.session != nullptr) about["session"] = session_label(c.session->id());
    about["transport"] = json::string_view(via.data(), via.size());
    auto const version = to_string(c.revision);
    about["protocol_version"] = json::string_view(version.data(), version.size());
    auto r = text_result(c, json::serialize(about));
    r.structured.emplace(std::move(about));
    co_return r;
}

}  // namespace

tool const whoami{"whoami",
                  "Who am I",
                  "Returns the identity, scopes and audience of the access token that was used, "
                  "how it was validated, and the transport, revision and session.",
                  R"({"type":"object","properties":{}})",
                  true,
                  &run_whoami,
                  true};

}  // namespace tollgate::mcp
