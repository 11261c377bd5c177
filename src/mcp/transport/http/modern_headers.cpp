#include "mcp/transport/http/modern_headers.hpp"

#include <utility>

#include "mcp/offerings/tools/toolbox.hpp"
#include "mcp/protocol/header_value.hpp"
#include "mcp/protocol/logging_level.hpp"
#include "mcp/protocol/meta.hpp"

namespace tollgate::mcp {

namespace {

using verdict = std::optional<refusal>;

struct modern_request {
    endpoint const& at;
    message const& m;

    std::string_view header(std::string_view name) const { return at.http.request().header(name); }
    bool repeats(std::string_view name) const { return at.http.request().count(name) > 1; }
    json::value const* meta_field(char const* name) const {
        return m.meta != nullptr ? m.meta->if_contains(name) : nullptr;
    }
};

verdict mismatch_of_headers(std::string sentence) {
    return refusal{400, rpc_error(error_code::header_mismatch, std::move(sentence))};
}

// Two lines are two answers to the question which of them an intermediary has read.
verdict repeated(char const* name) {
    return mismatch_of_headers(std::string(name) + " comes more than once");
}

verdict wrong_meta(std::string_view field, std::string_view how) {
    std::string sentence = "params._meta[\"";
    sentence += field;
    sentence += "\"] ";
    sentence += how;
    return refusal{400, rpc_error(error_code::invalid_params, std::move(sentence))};
}

constexpr std::string_view missing = "is missing or has the wrong type";

// "If the server does not implement the requested protocol version (whether the version is unknown
// to the server, or is a known version the server has chosen not to support)": -32022 and 400.
verdict unless_spoken(modern_request const& r, std::string_view asked) {
    auto const& spoken = r.at.policy->spoken;
    auto const known = parse_revision(asked);
    if (known && is_modern(*known) && spoken.has(*known)) return std::nullopt;
    json::array supported;
    for (auto const s : spoken.newest_first()) {
        auto const name = to_string(s);
        supported.emplace_back(json::string_view(name.data(), name.size()));
    }
    json::object data;
    data["supported"] = std::move(supported);
    data["requested"] = json::string_view(asked.data(), asked.size());
    return refusal{400, rpc_error(error_code::unsupported_protocol_version,
                                  "Unsupported protocol version", std::move(data))};
}

// "Per-request protocol fields": required on every request, else -32602 and 400.
verdict names_its_version(modern_request const& r) {
    auto const* const version = r.meta_field(meta::protocol_version);
    if (version != nullptr && version->is_string()) return std::nullopt;
    // A realm without legacy revisions is asked for one: say what is spoken ("Versioning").
    if (r.m.method == "initialize") return std::nullopt;
    // No version in the body and none in the header: a legacy client, refused by the header
    // rule ("Compatibility Matrix", legacy client and modern server). Stdio has no such rule.
    auto const header = r.header("MCP-Protocol-Version");
    if (header.empty() && !r.at.owner.on_stdio()) return std::nullopt;
    // A version that nobody here knows may have another place for itself than _meta.
    if (version == nullptr && !header.empty()) {
        if (auto wrong = unless_spoken(r, header)) return wrong;
    }
    return wrong_meta(meta::protocol_version, missing);
}

std::string_view requested_version(modern_request const& r) {
    auto const* const version = r.meta_field(meta::protocol_version);
    if (version != nullptr && version->is_string()) return version->get_string();
    auto const* const wanted =
        r.m.params != nullptr ? r.m.params->if_contains("protocolVersion") : nullptr;
    return wanted != nullptr && wanted->is_string() ? std::string_view(wanted->get_string())
                                                    : std::string_view();
}

// "Protocol Version Header": must be there and must match the body.
verdict header_matches_body(modern_request const& r) {
    if (r.m.method == "initialize" && r.meta_field(meta::protocol_version) == nullptr) {
        return std::nullopt;
    }
    auto const header = r.header("MCP-Protocol-Version");
    if (header.empty()) return mismatch_of_headers("MCP-Protocol-Version is missing");
    if (r.repeats("MCP-Protocol-Version")) return repeated("MCP-Protocol-Version");
    if (header == requested_version(r)) return std::nullopt;
    return mismatch_of_headers("MCP-Protocol-Version does not match the version in params._meta");
}

verdict version_is_spoken(modern_request const& r) {
    return unless_spoken(r, requested_version(r));
}

verdict names_its_capabilities(modern_request const& r) {
    auto const* const declared = r.meta_field(meta::client_capabilities);
    if (declared != nullptr && declared->is_object()) return std::nullopt;
    return wrong_meta(meta::client_capabilities, missing);
}

bool is_text(json::object const& o, char const* name) {
    auto const* const v = o.if_contains(name);
    return v != nullptr && v->is_string();
}

// What may be absent must have its type all the same.
verdict optional_meta_has_its_types(modern_request const& r) {
    auto const* const info = r.meta_field(meta::client_info);
    if (info != nullptr && !(info->is_object() && is_text(info->get_object(), "name") &&
                             is_text(info->get_object(), "version"))) {
        return wrong_meta(meta::client_info, "must be an object with name and version");
    }
    auto const* const token = r.meta_field(meta::progress_token);
    if (token != nullptr && !token->is_string() && !token->is_int64() && !token->is_uint64()) {
        return wrong_meta(meta::progress_token, "must be a string or an integer");
    }
    // "Logging", Error Handling: the server SHOULD reject a level that it does not recognize.
    auto const* const level = r.meta_field(meta::log_level);
    if (level != nullptr && !(level->is_string() && parse_logging_level(level->get_string()))) {
        return wrong_meta(meta::log_level, "is no log level");
    }
    return std::nullopt;
}

// "Standard Request Headers": values compare exactly, names do not care for case.
verdict method_header_matches(modern_request const& r) {
    auto const header = r.header("Mcp-Method");
    if (header.empty()) return mismatch_of_headers("Mcp-Method is missing");
    if (r.repeats("Mcp-Method")) return repeated("Mcp-Method");
    if (header == r.m.method) return std::nullopt;
    return mismatch_of_headers("Mcp-Method does not match the method of the body");
}

// What Mcp-Name mirrors: nothing where the method does not ask for it.
char const* mirrored_field(std::string_view method) noexcept {
    if (method == "tools/call" || method == "prompts/get") return "name";
    if (method == "resources/read") return "uri";
    // Tasks extension, "Routing Headers".
    bool const of_task =
        method == "tasks/get" || method == "tasks/update" || method == "tasks/cancel";
    return of_task ? "taskId" : nullptr;
}

verdict name_header_matches(modern_request const& r) {
    auto const* const field = mirrored_field(r.m.method);
    if (field == nullptr) return std::nullopt;
    if (!r.at.http.request().has("Mcp-Name")) return mismatch_of_headers("Mcp-Name is missing");
    if (r.repeats("Mcp-Name")) return repeated("Mcp-Name");
    auto const text = r.header("Mcp-Name");
    if (!is_plain_header_value(text)) return mismatch_of_headers("Mcp-Name has an invalid value");
    auto const decoded = decode_header_value(text);
    if (!decoded) return mismatch_of_headers("Mcp-Name is not valid Base64");
    auto const* const value = r.m.params != nullptr ? r.m.params->if_contains(field) : nullptr;
    if (value != nullptr && value->is_string() && *decoded == value->get_string()) {
        return std::nullopt;
    }
    return mismatch_of_headers(std::string("Mcp-Name does not match params.") + field);
}

// "Server Behavior for Custom Headers": what a tool mirrors into Mcp-Param-* must be there.
verdict param_headers_match(modern_request const& r) {
    if (r.m.method != "tools/call") return std::nullopt;
    // Mcp-Name has matched, so it is there and a string.
    auto const* const found = r.at.owner.tools().find(r.m.params->at("name").as_string());
    if (found == nullptr || found->mirrored.empty()) return std::nullopt;
    if (!found->tool->available.holds(*r.at.policy, revision_in(r.m))) return std::nullopt;
    static json::object const none;
    auto const* const given = r.m.params->if_contains("arguments");
    auto const& arguments = given != nullptr && given->is_object() ? given->get_object() : none;
    auto flaw = flaw_in_params(found->mirrored, arguments, r.at.http.request());
    if (flaw) return mismatch_of_headers(std::move(*flaw));
    return std::nullopt;
}

// The order decides which error a request with several faults gets: first what it is at all,
// then whether we speak it, then its details.
struct rule {
    verdict (*check)(modern_request const&);
    bool of_headers;  // stdio has none
};
constexpr rule rules[] = {
    {names_its_version, false},           {header_matches_body, true},
    {version_is_spoken, false},           {names_its_capabilities, false},
    {optional_meta_has_its_types, false}, {method_header_matches, true},
    {name_header_matches, true},          {param_headers_match, true},
};

}  // namespace

std::optional<refusal> flaw_in_request(endpoint const& e, message const& m) {
    modern_request const r{e, m};
    for (auto const& rule : rules) {
        if (rule.of_headers && e.owner.on_stdio()) continue;
        if (auto wrong = rule.check(r)) return wrong;
    }
    return std::nullopt;
}

revision revision_in(message const& m) {
    return *parse_revision(m.meta->at(meta::protocol_version).as_string());
}

}  // namespace tollgate::mcp
