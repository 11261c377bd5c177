#include "mcp/protocol/jsonrpc.hpp"

#include <charconv>

#include <boost/json/serialize.hpp>

namespace tollgate::mcp {

namespace {

bool is_id(json::value const& v) noexcept {
    return v.is_string() || v.is_int64() || v.is_uint64();
}

void append_id(std::string& out, json::value const& id) {
    if (auto const* const n = id.if_int64()) {
        char digits[24];
        auto const end = std::to_chars(digits, digits + sizeof digits, *n).ptr;
        out.append(digits, end);
        return;
    }
    out += json::serialize(id);
}

char const* wrong_shape(json::object const& body, json::value const* method,
                        json::value const* id) noexcept {
    auto const* const version = body.if_contains("jsonrpc");
    if (version == nullptr || !version->is_string() || version->get_string() != "2.0") {
        return "jsonrpc must be \"2.0\"";
    }
    if (id != nullptr && !is_id(*id)) return "id must be a string or an integer";
    bool const outcome = body.contains("result") || body.contains("error");
    if (method == nullptr) {
        if (!outcome) return "there is no method";
        if (body.contains("result") && body.contains("error"))
            return "result and error exclude each other";
        // JSON-RPC 2.0 §5: only an error may be without the id of its request.
        if (body.contains("result") && id == nullptr) return "a result has the id of its request";
        auto const* const error = body.if_contains("error");
        if (error != nullptr && !error->is_object()) return "error must be an object";
        return nullptr;
    }
    if (!method->is_string() || method->get_string().empty()) return "method must be a string";
    if (outcome) return "a request has no result and no error";
    auto const* const params = body.if_contains("params");
    if (params == nullptr || params->is_object()) return nullptr;
    if (params->is_null()) return "params is null: leave it out, or send an object";
    return "params must be an object";
}

}  // namespace

boost::system::result<message, not_a_message> classify(json::value const& body) {
    auto const* const object = body.if_object();
    if (object == nullptr) return not_a_message{"a message is an object", nullptr};
    auto const* const id = object->if_contains("id");
    auto const* const method = object->if_contains("method");
    if (auto const* const why = wrong_shape(*object, method, id)) {
        return not_a_message{why, id != nullptr && is_id(*id) ? id : nullptr};
    }
    message m;
    m.id = id;
    if (method == nullptr) {
        m.kind = message::kind::response;
        m.result = object->if_contains("result");
        if (auto const* const error = object->if_contains("error")) m.error = error->if_object();
        return m;
    }
    m.kind = id != nullptr ? message::kind::request : message::kind::notification;
    m.method = method->get_string();
    if (auto const* const params = object->if_contains("params")) {
        m.params = params->if_object();
        auto const* const meta = m.params->if_contains("_meta");
        if (meta != nullptr) m.meta = meta->if_object();
    }
    return m;
}

std::string response_text(json::value const& id, std::string_view result) {
    std::string out;
    out.reserve(64 + result.size());
    out += R"({"jsonrpc":"2.0","id":)";
    append_id(out, id);
    out += R"(,"result":)";
    out += result;
    out += '}';
    return out;
}

std::string error_text(json::value const* id, rpc_error const& error, unknown_id none) {
    std::string out = R"({"jsonrpc":"2.0",)";
    if (id != nullptr || none == unknown_id::null) {
        out += R"("id":)";
        if (id != nullptr) {
            append_id(out, *id);
        } else {
            out += "null";
        }
        out += ',';
    }
    out += R"("error":{"code":)";
    out += std::to_string(error.code);
    out += R"(,"message":)";
    out += json::serialize(json::string_view(error.message));
    if (!error.data.is_null()) {
        out += R"(,"data":)";
        out += json::serialize(error.data);
    }
    out += "}}";
    return out;
}

std::string notification_text(std::string_view method, json::object const& params) {
    std::string out = R"({"jsonrpc":"2.0","method":)";
    out += json::serialize(json::string_view(method.data(), method.size()));
    out += R"(,"params":)";
    out += json::serialize(params);
    out += '}';
    return out;
}

std::string batch_text(std::vector<std::string> const& answers) {
    std::string out = "[";
    for (auto const& a : answers) {
        if (out.size() > 1) out += ',';
        out += a;
    }
    out += ']';
    return out;
}

}  // namespace tollgate::mcp
