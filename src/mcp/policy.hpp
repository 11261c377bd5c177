// MCP policy: what a realm's MCP server is configured to do. Not its faults.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/words.hpp"

namespace tollgate::mcp {

enum class session_mode { stateful, stateless };
constexpr auto words_of(session_mode) {
    return std::to_array<word<session_mode>>(
        {{"stateful", session_mode::stateful}, {"stateless", session_mode::stateless}});
}
enum class session_binding { principal, token };
constexpr auto words_of(session_binding) {
    return std::to_array<word<session_binding>>(
        {{"principal", session_binding::principal}, {"token", session_binding::token}});
}
// How a request of Streamable HTTP is answered. automatic: by JSON, unless there is something to
// say before the answer or it takes long. json: by JSON wherever the revision lets it. stream:
// always by an event stream.
enum class answer_form { automatic, json, stream };
constexpr auto words_of(answer_form) {
    return std::to_array<word<answer_form>>({{"auto", answer_form::automatic},
                                             {"json", answer_form::json},
                                             {"stream", answer_form::stream}});
}
// tools_only: who sends no token may look around as nobody, and calls no tool.
enum class auth_mode { required, tools_only, none };
constexpr auto words_of(auth_mode) {
    return std::to_array<word<auth_mode>>({{"required", auth_mode::required},
                                           {"tools-only", auth_mode::tools_only},
                                           {"none", auth_mode::none}});
}
// How challenges name the resource metadata. relative: by a path (RFC 9728 §5.1 wants a URL).
enum class metadata_reference { absolute, relative };
constexpr auto words_of(metadata_reference) {
    return std::to_array<word<metadata_reference>>(
        {{"absolute", metadata_reference::absolute}, {"relative", metadata_reference::relative}});
}

class examiner;

// A plain value; replaced as a whole, read once per request.
struct policy {
    std::vector<std::string> versions{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25",
                                      "2026-07-28"};
    std::vector<std::string> transports{"streamable-http", "sse"};
    session_mode sessions = session_mode::stateful;
    session_binding binding = session_binding::principal;
    answer_form answers = answer_form::automatic;
    auth_mode auth = auth_mode::required;
    std::vector<std::string> scopes{"mcp:tools"};  // required on every request, and advertised
    bool openid_for_userinfo = false;  // openid is one of them only because userinfo is asked
    std::vector<std::string> grantable_scopes;  // authorization_server.scopes: for needs_scope
    // Issuers of the tokens, for the resource metadata; none: our own, by the name of the place.
    std::vector<std::string> authorization_servers;
    std::shared_ptr<examiner> exam;  // its tools are offered; null: they are not
    bool fixtures = false;           // what the official conformance suite expects
    std::size_t page_size = 100;     // entries in an answer to a list method
    std::string challenge_realm;     // first parameter of every challenge; empty: none
    metadata_reference resource_metadata = metadata_reference::absolute;
    bool dpop_checkable = true;                // false: tokens are checked as bearer tokens alone
    bool dpop_spoken = true;                   // RFC 9449; what the resource metadata say about it
    bool dpop_required = false;                // no bearer tokens
    std::chrono::milliseconds recheck{5'000};  // of the token behind an open stream
    std::chrono::milliseconds heartbeat{15'000};        // SSE comment when nothing else was sent
    std::chrono::milliseconds session_idle{1'800'000};  // a session nobody uses ends
    std::chrono::milliseconds task_ttl{600'000};        // of a task, from its creation
    std::chrono::milliseconds task_poll_interval{500};  // what clients of tasks are told
    std::chrono::milliseconds stream_after{1'000};      // a POST that is not answered by then: SSE
    std::chrono::milliseconds sse_retry{1'000};         // how long a client that polls is to wait
    std::chrono::milliseconds ask_timeout{300'000};     // for a client to answer; people are slow
    std::size_t replay_bytes = 256 << 10;  // per session, kept for streams that are resumed
    std::size_t max_sessions = 10000;      // per realm; more: 503

    // Whether that transport is one of them: "streamable-http", "sse".
    bool offers(std::string_view transport) const {
        return std::ranges::find(transports, transport) != transports.end();
    }
};

}  // namespace tollgate::mcp
