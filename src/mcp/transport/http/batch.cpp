// Batches of JSON-RPC messages, which one revision has.
#include <utility>

#include "mcp/transport/http/endpoint.hpp"

namespace tollgate::mcp {

// 2025-03-26, "Lifecycle": initialize MUST NOT be part of a batch.
std::optional<std::string> bad_element(json::value const& element) {
    auto const m = classify(element);
    if (m && m->method != "initialize") return std::nullopt;
    std::string const why = m ? "initialize in a batch" : m.error().why;
    rpc_error const wrong(error_code::invalid_request, "Invalid Request: " + why);
    return error_text(m ? m->id : m.error().id, wrong);
}

std::optional<refusal> unwanted_batch(json::array const& batch, revision r) {
    constexpr std::size_t most = 100;
    if (r != revision::v2025_03_26) {
        return invalid(400, "Invalid Request: batches exist in revision 2025-03-26 only");
    }
    if (batch.empty()) return invalid(400, "Invalid Request: the batch is empty");
    if (batch.size() > most) return invalid(400, "Invalid Request: more than 100 messages");
    return std::nullopt;
}

task<outcome<std::vector<std::string>>> run_batch(endpoint const& e, transport via, session* s,
                                                  json::array const& batch) {
    std::vector<std::string> texts;
    for (auto const& element : batch) {
        if (auto wrong = bad_element(element)) {
            texts.push_back(std::move(*wrong));
            continue;
        }
        auto const m = classify(element);
        if (m->kind != message::kind::request) continue;
        auto answered = co_await run_request(e, via, revision::v2025_03_26, s, *m);
        if (!answered) co_return answered.error();
        texts.push_back(std::move(answered->text));
    }
    co_return texts;
}

}  // namespace tollgate::mcp
