// POST on the MCP endpoint: what holds in both eras, and the fork between them.
#include "mcp/transport/http/streamable.hpp"

#include <utility>

#include "mcp/protocol/meta.hpp"
#include "mcp/transport/http/client_message.hpp"

namespace tollgate::mcp {

namespace {

// "The client MUST include an Accept header, listing both"; a missing one and wildcards admit
// both as well (RFC 9110 §12.5.1), and curl users write no more.
std::optional<refusal> unacceptable(http::request const& r) {
    auto const fields = r.count("Accept");
    if (fields == 0) return std::nullopt;
    // What the SDKs send needs no closer look.
    constexpr std::string_view usual = "application/json, text/event-stream";
    if (fields == 1 && r.header("Accept") == usual) return std::nullopt;
    if (http::accepts(r, "application/json") && http::accepts(r, "text/event-stream")) {
        return std::nullopt;
    }
    return invalid(406, "Accept must list application/json and text/event-stream");
}

version_claim claim_of(http::context const& c, message const& m) {
    version_claim claim;
    claim.header = c.request().header("MCP-Protocol-Version");
    claim.initialize = m.method == "initialize";
    auto const* const named =
        m.meta != nullptr ? m.meta->if_contains(meta::protocol_version) : nullptr;
    if (named == nullptr) return claim;
    claim.meta = named->is_string() ? std::string_view(named->get_string()) : std::string_view();
    return claim;
}

era era_of_batch(endpoint const& e) {
    version_claim claim;
    claim.header = e.http.request().header("MCP-Protocol-Version");
    return era_of(claim, e.policy->spoken);
}

// One message or a batch, to the era that it speaks of.
task<endpoint_result> post_body(endpoint const& e, json::value const& body) {
    if (body.is_array()) {
        if (era_of_batch(e) == era::legacy) return post_legacy_batch(e, body);
        return at_once(invalid(400, "Invalid Request: the body must be one message"));
    }
    auto const m = classify(body);
    if (!m) {
        auto const wrong = invalid(400, "Invalid Request: " + m.error().why);
        return at_once(answering(wrong, m.error().id));
    }
    bool const modern = era_of(claim_of(e.http, *m), e.policy->spoken) == era::modern;
    return modern ? post_modern(e, *m) : post_legacy(e, body, *m);
}

task<endpoint_result> post_after_recall(endpoint const& e, json::value const& body,
                                        json::value const* id) {
    auto const unknown = co_await recall_session(e);
    if (unknown) co_return answering(*unknown, id);
    auto answered = co_await post_body(e, body);
    co_return answered;
}

}  // namespace

task<endpoint_result> at_once(endpoint_result known) {
    co_return known;
}

// No coroutine: most messages have to wait for nothing here.
task<endpoint_result> post_mcp(endpoint const& e) {
    auto& c = e.http;
    if (!e.policy->streamable_http) return at_once(not_offered());
    if (auto const wrong = wrong_content_type(c.request())) return at_once(*wrong);
    auto const read = read_body(c);
    if (auto const wrong = unacceptable(c.request()))
        return at_once(answering(*wrong, id_in(read)));
    if (!read) return at_once(read.error());
    json::value const& body = **read;
    if (auto const login = wants_login(e, body)) return at_once(*login);
    return is_elsewhere(e) ? post_after_recall(e, body, id_in(read)) : post_body(e, body);
}

}  // namespace tollgate::mcp
