// MCP policy: what a realm's MCP server is configured to do. Not its faults.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace tollgate::mcp {

enum class session_mode { stateful, stateless };
enum class session_binding { principal, token };
// How a request of Streamable HTTP is answered. automatic: by JSON, unless there is something to
// say before the answer or it takes long. json: by JSON wherever the revision lets it. stream:
// always by an event stream.
enum class answer_form { automatic, json, stream };
// tools_only: who sends no token may look around as nobody, and calls no tool.
enum class auth_mode { required, tools_only, none };

// A plain value; replaced as a whole, read once per request.
struct policy {
    std::vector<std::string> versions{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25",
                                      "2026-07-28"};
    bool streamable_http = true;
    bool legacy_sse = true;
    session_mode sessions = session_mode::stateful;
    session_binding binding = session_binding::principal;
    answer_form answers = answer_form::automatic;
    auth_mode auth = auth_mode::required;
    std::vector<std::string> scopes{"mcp:tools"};  // required on every request, and advertised
    std::vector<std::string> grantable_scopes;     // authorization_server.scopes: for needs_scope
    // Issuers of the tokens, for the resource metadata; none: our own, by the name of the place.
    std::vector<std::string> authorization_servers;
    bool fixtures = false;                     // what the official conformance suite expects
    std::size_t page_size = 100;               // entries in an answer to a list method
    std::string challenge_realm;               // first parameter of every challenge; empty: none
    bool relative_metadata = false;            // resource_metadata in challenges is a path
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
};

}  // namespace tollgate::mcp
