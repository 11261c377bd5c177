// whoami: what the server knows about the caller. Never the token itself.
#include "mcp/offerings/tools/whoami.hpp"
#include "mcp/offerings/tools/tool.hpp"
#include "mcp/protocol/content.hpp"
#include "mcp/session/session.hpp"

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
    co_return structured_result(c, identity_of(c));
}

// What is null is not revealed by the strategy, or there is nobody.
constexpr std::string_view output =
    R"({"type":"object","properties":{)"
    R"("subject":{"type":["string","null"]},"client_id":{"type":["string","null"]},)"
    R"("scopes":{"type":["array","null"],"items":{"type":"string"}},)"
    R"("audience":{"type":["array","null"],"items":{"type":"string"}},)"
    R"("issuer":{"type":["string","null"]},"strategy":{"type":["string","null"]},)"
    R"("session":{"type":["string","null"]},"agent":{"type":["string","null"]},)"
    R"("transport":{"type":"string"},"protocol_version":{"type":"string"}},)"
    R"("required":["subject","client_id","scopes","audience","issuer","strategy","transport",)"
    R"("protocol_version"]})";

}  // namespace

json::object identity_of(call const& c) {
    json::object about(c.memory);
    about.reserve(10);
    if (auto const* const who = c.who()) {
        describe(about, *who);
    } else {
        describe_nobody(about);
    }
    about["agent"] = text_or_null(c.http.place().agent, c.memory);
    about["session"] = nullptr;
    if (c.session != nullptr) about["session"] = session_label(c.session->id());
    about["transport"] = view(to_string(c.via));
    about["protocol_version"] = view(to_string(c.revision));
    return about;
}

tool const whoami{
    .name = "whoami",
    .description =
        "Returns the identity, scopes and audience of the access token that was used, "
        "how it was validated, and the transport, revision and session.",
    .input_schema = R"({"type":"object","properties":{}})",
    .output_schema = output,
    .icon = true,
    .run = &run_whoami,
    .quick = true,
};

}  // namespace tollgate::mcp
