// Streamed answer: how a request that may stream is answered, by JSON when it has nothing to say
// before its answer, else by a stream.
#pragma once

#include "mcp/transport/http/endpoint.hpp"

namespace tollgate::mcp {

// Whether the request, or one of the batch, may talk (dispatch.hpp). What is no message does not.
bool may_stream(json::value const& body, toolbox const& tools);

// Whether a message or batch is answered by answer_with_stream(): it may talk, or what it asks for
// is to be streamed whether or not there is something to say (mcp.answers).
bool runs_by_itself(endpoint const& e, json::value const& body);
bool runs_by_itself(endpoint const& e, message const& m);

// The answer (200) to a request that has run: JSON, or an event stream where that is wanted. `s`:
// nullptr when there is no session.
http::reply answer_at_once(endpoint const& e, std::shared_ptr<session> s, std::string text);

// What becomes of a request whose connection is gone before it was answered.
enum class without_peer {
    goes_on,  // 2025: "Disconnection SHOULD NOT be interpreted as the client cancelling its
              // request"
    ends      // 2026-07-28: closing the stream is how a client cancels
};

// The answer of a POST on the MCP endpoint to a request, or to a batch with at least one. The first
// notification or question turns it into an event stream, and so does `policy.stream_after`: a
// dead peer is noticed, proxies see heartbeats, and the rest can be resumed. With mcp.answers
// "json" neither does: notifications of the request are dropped, and the answer is waited for. With
// "stream" every answer of status 200 is one. `s`: nullptr when there is no session.
task<endpoint_result> answer_with_stream(endpoint const& e, revision r, std::shared_ptr<session> s,
                                         json::value const& body, without_peer rule);

// The same for HTTP+SSE: 202 at once, answers go to the session's stream.
task<endpoint_result> answer_with_plain_stream(endpoint const& e, std::shared_ptr<session> s,
                                               json::value const& body);

}  // namespace tollgate::mcp
