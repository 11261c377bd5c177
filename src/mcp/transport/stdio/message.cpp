#include "mcp/transport/stdio/message.hpp"

#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "mcp/protocol/jsonrpc.hpp"
#include "mcp/protocol/meta.hpp"
#include "mcp/protocol/revision.hpp"

namespace tollgate::mcp {

namespace {

json::value parsed_line(std::string_view text) {
    boost::system::error_code failed;
    auto value = json::parse(json::string_view(text.data(), text.size()), failed);
    return failed ? json::value() : value;
}

std::string text_of(json::value const* v) {
    return v != nullptr ? json::serialize(*v) : std::string();
}

bool is_json_rpc(http::reply const& answer) {
    if (!answer.headers.get("Content-Type").starts_with("application/json")) return false;
    // The body of an OAuth error is JSON as well.
    return answer.body.find("\"jsonrpc\"") != std::string::npos;
}

json::object details(http::reply const& answer) {
    json::object data;
    data["status"] = answer.status;
    if (answer.headers.has("WWW-Authenticate")) {
        data["challenge"] = answer.headers.get("WWW-Authenticate");
    }
    return data;
}

}  // namespace

stdio_message stdio_message::read(std::string line) {
    stdio_message out;
    auto const body = parsed_line(line);
    out.text = std::move(line);
    auto const m = classify(body);
    if (!m) return out;
    out.method = m->method;
    out.is_request = m->kind == message::kind::request;
    out.expects_nothing = !out.is_request;
    if (out.is_request) out.id = text_of(m->id);
    out.names_version = m->meta != nullptr && m->meta->contains(meta::protocol_version);
    if (out.method == "notifications/cancelled" && m->params != nullptr) {
        out.cancelled_id = text_of(m->params->if_contains("requestId"));
    }
    return out;
}

stdio_request::stdio_request(http::verb method, std::string_view path, std::string b, std::string s,
                             std::string v, std::string e)
    : body(std::move(b)), session(std::move(s)), version(std::move(v)), last_event(std::move(e)) {
    bool const reads = method == http::verb::get;
    request.method = method;
    request.method_text = http::to_string(method);
    request.target = request.path = path;
    request.body = body;
    // Whoever started the process is on this machine.
    request.peer_is_loopback = true;
    auto& fields = request.headers;
    fields.push_back({"Host", "localhost"});
    fields.push_back(
        {"Accept", reads ? "text/event-stream" : "application/json, text/event-stream"});
    if (!reads) fields.push_back({"Content-Type", "application/json"});
    if (!session.empty()) fields.push_back({"Mcp-Session-Id", session});
    if (!version.empty()) fields.push_back({"MCP-Protocol-Version", version});
    if (!last_event.empty()) fields.push_back({"Last-Event-ID", last_event});
}

bool stdio_session::begin(stdio_message const& m, http::reply const& answer) {
    if (m.method != "initialize" || answer.status != 200) return false;
    auto const body = parsed_line(answer.body);
    auto const* const o = body.if_object();
    auto const* const result = o != nullptr ? o->if_contains("result") : nullptr;
    if (result == nullptr || !result->is_object()) return false;
    auto const* const version = result->get_object().if_contains("protocolVersion");
    if (version == nullptr || !version->is_string()) return false;
    begun_ = true;
    version_ = version->get_string();
    id_ = answer.headers.get("Mcp-Session-Id");
    return !id_.empty();
}

stdio_request stdio_session::request_for(stdio_message const& m) const {
    bool const legacy = begun_ && !m.names_version;
    return stdio_request(http::verb::post, "/mcp", m.text, legacy ? id_ : std::string(),
                         legacy ? version_ : std::string(), {});
}

stdio_request stdio_session::stream_request(std::string last_event) const {
    return stdio_request(http::verb::get, "/mcp", {}, id_, version_, std::move(last_event));
}

std::string stdio_session::too_long(std::size_t limit) const {
    auto const spoken = parse_revision(version_);
    rpc_error const e(error_code::parse_error,
                      "Parse error: a line may have " + std::to_string(limit) + " bytes");
    return error_text(nullptr, e, spoken ? id_style(*spoken) : unknown_id::null);
}

stdio_request guard_question() {
    return stdio_request(http::verb::get, "/", {}, {}, {}, {});
}

std::string described(http::reply const& answer) {
    auto const body = parsed_line(answer.body);
    if (auto const* const o = body.if_object()) {
        auto const* const error = o->if_contains("error");
        auto const* const description = o->if_contains("error_description");
        std::string text(error != nullptr && error->is_string() ? error->get_string().c_str() : "");
        if (description != nullptr && description->is_string()) {
            text += ": ";
            text += description->get_string();
        }
        return text;
    }
    if (answer.status == 401) return "an access token is needed; it is read from MCP_ACCESS_TOKEN";
    return answer.body;
}

std::string line_of(stdio_message const& m, http::reply const& answer) {
    if (m.expects_nothing) return {};
    if (is_json_rpc(answer)) return answer.body;
    if (!m.is_request || answer.status < 300) return {};
    auto const id = parsed_line(m.id);
    rpc_error const e(static_cast<int>(answer.status), described(answer), details(answer));
    return error_text(&id, e);
}

bool is_response_to(std::string_view line, std::string_view id) {
    auto const body = parsed_line(line);
    auto const m = classify(body);
    return m && m->kind == message::kind::response && m->id != nullptr && text_of(m->id) == id;
}

}  // namespace tollgate::mcp
