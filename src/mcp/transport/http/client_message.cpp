#include "mcp/transport/http/client_message.hpp"

namespace tollgate::mcp {

namespace {

client_answer answer_in(message const& m) {
    if (m.result != nullptr) return *m.result;
    rpc_error e(error_code::internal, "The client answered with an error");
    auto const* const code = m.error != nullptr ? m.error->if_contains("code") : nullptr;
    auto const* const text = m.error != nullptr ? m.error->if_contains("message") : nullptr;
    auto const* const data = m.error != nullptr ? m.error->if_contains("data") : nullptr;
    if (code != nullptr && code->is_int64()) e.code = static_cast<int>(code->get_int64());
    if (text != nullptr && text->is_string()) e.message = text->get_string().c_str();
    if (data != nullptr) e.data = *data;
    return e;
}

void take_response(session& s, message const& m) {
    // Ours have numbers (call_table::ask).
    if (m.id == nullptr || !m.id->is_int64()) return;
    s.calls.answer(m.id->get_int64(), answer_in(m));
}

void take_cancellation(session& s, message const& m) {
    auto const* const id = m.params != nullptr ? m.params->if_contains("requestId") : nullptr;
    if (id == nullptr || (!id->is_string() && !id->is_int64() && !id->is_uint64())) return;
    s.calls.cancel(id_text(*id));
}

}  // namespace

void take_client_message(session& s, message const& m) {
    if (m.kind == message::kind::response) {
        take_response(s, m);
    } else if (m.method == "notifications/cancelled") {
        take_cancellation(s, m);
    } else if (m.method == "notifications/initialized") {
        s.set_initialized();
    }
}

void take_client_messages(session& s, json::array const& batch) {
    for (auto const& one : batch) {
        auto const m = classify(one);
        if (m && m->kind != message::kind::request) take_client_message(s, *m);
    }
}

json::value const* id_in(boost::system::result<json::value const*, refusal> const& body) {
    if (!body) return nullptr;
    auto const m = classify(**body);
    return m && m->kind == message::kind::request ? m->id : nullptr;
}

std::optional<refusal> under_way(session const& s, message const& request) {
    if (s.calls.empty() || !s.calls.has(id_text(*request.id))) return std::nullopt;
    return invalid(400, "Invalid Request: a request with this id is under way");
}

std::optional<refusal> wrong_mixture(json::array const& batch) {
    bool responses = false;
    bool others = false;
    for (auto const& one : batch) {
        auto const m = classify(one);
        if (!m) continue;
        (m->kind == message::kind::response ? responses : others) = true;
    }
    if (!responses || !others) return std::nullopt;
    return invalid(400, "Invalid Request: responses stand in a batch of their own");
}

}  // namespace tollgate::mcp
