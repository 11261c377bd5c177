// Streamable HTTP 2026-07-28: every request stands for itself.
#include <utility>

#include <boost/json/serialize.hpp>
#include "mcp/encoding.hpp"
#include "mcp/meta.hpp"
#include "mcp/streamable.hpp"

namespace tollgate::mcp {

namespace {

using verdict = std::optional<refusal>;

struct modern_request {
    endpoint const& at;
    message const& m;

    std::string_view header(std::string_view name) const { return at.http.request().header(name); }
    json::value const* meta_field(char const* name) const {
        return m.meta != nullptr ? m.meta->if_contains(name) : nullptr;
    }
};

verdict mismatch_of_headers(std::string sentence) {
    return refusal{400, rpc_error(error_code::header_mismatch, std::move(sentence))};
}

verdict missing_meta(std::string_view field) {
    std::string sentence = "params._meta[\"";
    sentence += field;
    sentence += "\"] is missing or has the wrong type";
    return refusal{400, rpc_error(error_code::invalid_params, std::move(sentence))};
}

// "Per-request protocol fields": required on every request, else -32602 and 400.
verdict names_its_version(modern_request const& r) {
    auto const* const version = r.meta_field(meta::protocol_version);
    if (version != nullptr && version->is_string()) return std::nullopt;
    // A realm without legacy revisions is asked for one: say what is spoken ("Versioning").
    if (r.m.method == "initialize") return std::nullopt;
    // No version in the body and none in the header: a legacy client, refused by the header
    // rule ("Compatibility Matrix", legacy client and modern server).
    if (r.header("MCP-Protocol-Version").empty()) return std::nullopt;
    return missing_meta(meta::protocol_version);
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
    if (header == requested_version(r)) return std::nullopt;
    return mismatch_of_headers("MCP-Protocol-Version does not match the version in params._meta");
}

verdict version_is_spoken(modern_request const& r) {
    auto const& spoken = r.at.policy->spoken;
    auto const asked = requested_version(r);
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

verdict names_its_capabilities(modern_request const& r) {
    auto const* const declared = r.meta_field(meta::client_capabilities);
    if (declared != nullptr && declared->is_object()) return std::nullopt;
    return missing_meta(meta::client_capabilities);
}

// "Standard Request Headers": values compare exactly, names do not care for case.
verdict method_header_matches(modern_request const& r) {
    auto const header = r.header("Mcp-Method");
    if (header.empty()) return mismatch_of_headers("Mcp-Method is missing");
    if (header == r.m.method) return std::nullopt;
    return mismatch_of_headers("Mcp-Method does not match the method of the body");
}

// What Mcp-Name mirrors: nothing where the method does not ask for it.
char const* mirrored_field(std::string_view method) noexcept {
    if (method == "tools/call" || method == "prompts/get") return "name";
    return method == "resources/read" ? "uri" : nullptr;
}

verdict name_header_matches(modern_request const& r) {
    auto const* const field = mirrored_field(r.m.method);
    if (field == nullptr) return std::nullopt;
    if (!r.at.http.request().has("Mcp-Name")) return mismatch_of_headers("Mcp-Name is missing");
    auto const decoded = decode_header_value(r.header("Mcp-Name"));
    if (!decoded) return mismatch_of_headers("Mcp-Name is not valid Base64");
    auto const* const value = r.m.params != nullptr ? r.m.params->if_contains(field) : nullptr;
    if (value != nullptr && value->is_string() && *decoded == value->get_string()) {
        return std::nullopt;
    }
    return mismatch_of_headers(std::string("Mcp-Name does not match params.") + field);
}

// The order decides which error a request with several faults gets: first what it is at all,
// then whether we speak it, then its details.
constexpr verdict (*checks[])(modern_request const&) = {
    names_its_version,      header_matches_body,   version_is_spoken,
    names_its_capabilities, method_header_matches, name_header_matches,
};

std::string acknowledgement(json::value const& id, subscription const& granted) {
    json::object tag;
    tag[meta::subscription_id] = id;
    json::object params;
    params["_meta"] = std::move(tag);
    params["notifications"] = granted.honoured;
    return notification_text("notifications/subscriptions/acknowledged", params);
}

// "Graceful Closure": the result of subscriptions/listen, sent when the server ends it.
std::string graceful_end(json::value const& id) {
    json::object result;
    complete_modern(result);
    result["_meta"].as_object()[meta::subscription_id] = id;
    return response_text(id, json::serialize(result));
}

outcome<http::reply> open_subscription(endpoint const& e, json::value const& id,
                                       subscription const& granted) {
    auto opened = open_stream(e, sse::message(graceful_end(id)), {});
    if (!e.state.loose_streams.add(opened.channel, e.policy->max_sessions)) {
        return to_reply(e.http, invalid(503, "Too many open streams"), &id, unknown_id::absent);
    }
    // "The server MUST send notifications/subscriptions/acknowledged as the first message".
    opened.channel->push(sse::message(acknowledgement(id, granted)));
    return sse::stream_reply(std::move(opened.body));
}

// "Method not found" is the one dispatch error with an HTTP status of its own.
unsigned status_of(answer const& a) noexcept {
    return a.error == error_code::method_not_found ? 404 : 200;
}

}  // namespace

task<outcome<http::reply>> post_modern(endpoint const& e, message const& m) {
    if (m.what == message::kind::response) {
        auto const wrong = invalid(400, "Invalid Request: clients send no responses");
        co_return to_reply(e.http, wrong, nullptr, unknown_id::absent);
    }
    // None is defined on this transport; header rules for them neither.
    if (m.what == message::kind::notification) co_return http::reply(202);
    modern_request const r{e, m};
    for (auto const check : checks) {
        auto const wrong = check(r);
        if (wrong) co_return to_reply(e.http, *wrong, m.id, unknown_id::absent);
    }
    auto const spoken = *parse_revision(requested_version(r));
    auto answered = co_await run_request(e, transport::streamable_http, spoken, nullptr, m);
    if (!answered) co_return answered.error();
    if (answered->listen) co_return open_subscription(e, *m.id, *answered->listen);
    co_return http::json_reply(status_of(*answered), std::move(answered->text));
}

}  // namespace tollgate::mcp
