// Endpoint exchange, which the HTTP endpoints of the MCP server share: one exchange with its
// realm's state, and the ways to answer it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "http/pipeline/context.hpp"
#include "mcp/methods/dispatch.hpp"
#include "mcp/server/realm_state.hpp"
#include "mcp/server/server.hpp"

namespace tollgate::mcp {

struct endpoint {
    server& owner;
    http::context& http;
    realm_state& state;
    std::shared_ptr<active_policy const> policy;  // as of the start of the exchange

    endpoint(server& s, http::context& c);

    session_table::now now() const { return {http.now(), policy->session_idle}; }
    bool offers_sse() const noexcept { return policy->legacy_sse && policy->spoken.has_legacy(); }
    // How requests of Streamable HTTP are answered. Stdio has no such choice.
    answer_form answers() const noexcept {
        return owner.on_stdio() ? answer_form::automatic : policy->answers;
    }
    bool stateful() const noexcept { return policy->sessions == session_mode::stateful; }
};

// The HTTP status of a response with that error code; 0: none. Errors of a method travel inside
// 200, but for two of 2026-07-28: "Protocol Version Header" (404), "Per-request protocol fields"
// (400).
unsigned status_of(revision r, int error) noexcept;

// An HTTP error whose body is a JSON-RPC error; its message is what the log says, too.
struct refusal {
    unsigned status = 400;
    rpc_error error;
    std::optional<json::value> id{};  // of the request; nothing when it could not be read
    bool unknown_coding = false;      // a 415 that is about Content-Encoding, and not the type
};
// The refusal of the request with that id; nullptr: it could not be read, or there is none.
refusal answering(refusal r, json::value const* id);

// What an endpoint that does not reply fails with: a refusal, which is told as JSON-RPC, or what is
// nobody's message (a challenge, a method that there is not).
using failure = std::variant<refusal, problem>;
[[noreturn]] void throw_exception_from_error(failure const& f, boost::source_location const& where);
using endpoint_result = boost::system::result<http::reply, failure>;

// The error boundary of the MCP endpoints: the one place that makes bytes of a refusal. An id that
// could not be read is spelled as the client's revision wants.
task<outcome<http::reply>> respond(server& s, http::context& c,
                                   task<endpoint_result> (*run)(endpoint const&));

inline refusal invalid(unsigned status, std::string sentence) {
    return {status, rpc_error(error_code::invalid_request, std::move(sentence))};
}

// 400 for a field that may stand once and comes again (RFC 9110 §5.3).
inline std::optional<refusal> repeated(http::request const& r, char const* name) {
    if (r.count(name) < 2) return std::nullopt;
    return invalid(400, "Bad Request: " + std::string(name) + " comes more than once");
}

// 404 for a transport that the realm does not offer, 405 for a method that it does not.
problem not_offered();
problem wrong_method(std::string allow);

// 415 unless the body is JSON.
std::optional<refusal> wrong_content_type(http::request const& r);
// The body, or 400 with -32700 (parse error).
boost::system::result<json::value const*, refusal> read_body(http::context& c);

// The legacy revision that MCP-Protocol-Version names; nothing when it is absent; 400 when it
// is invalid or not spoken here.
boost::system::result<std::optional<revision>, refusal> header_revision(endpoint const& e);

// What is wrong with MCP-Protocol-Version beside `initialize`, whose body negotiates: 400 when it
// names no revision, or none that is spoken here. Any other may stand there.
std::optional<refusal> flaw_in_header_of_initialize(endpoint const& e);

// mcp.auth = "tools-only": a message (or a batch with one) that calls a tool needs a caller. The
// 401 and its challenge, if so; asked before sessions are looked up and streams are opened.
std::optional<problem> wants_login(endpoint const& e, json::value const& body);

// 202 as HTTP+SSE has it.
http::reply accepted_plainly();

// 404: the session never was, is over, or is somebody else's.
refusal gone();

// The session `id` of the caller, noted for the log. Else 404, with the same bytes whether it
// never was, is over, or is somebody else's.
using session_or_refusal = boost::system::result<std::shared_ptr<session>, refusal>;
session_or_refusal find_session(endpoint const& e, transport via, std::string_view id);

// Where sessions outlive the process (session_keeper): whether the one that Mcp-Session-Id names is
// not here; brings it back, before anybody looks for it. 503 when nobody can tell whether there is
// one.
bool is_elsewhere(endpoint const& e);
task<std::optional<refusal>> recall_session(endpoint const& e);
// Likewise: whether what is kept of it is not what it is, or will soon be over; keeps it as it is.
// 503 when it could not be.
bool must_be_kept(endpoint const& e, std::shared_ptr<session> const& s);
task<std::optional<refusal>> keep_session(endpoint const& e, std::shared_ptr<session> s);
// Likewise: it has ended, and does not come back.
task<std::optional<refusal>> forget_session(endpoint const& e, std::string id);

// Runs one request through the table of methods. `s` is its session, nullptr when there is none.
task<outcome<answer>> run_request(endpoint const& e, transport via, revision r, session* s,
                                  message const& request,
                                  client_channel& out = mute_client_channel());
// Every request of a batch in order (2025-03-26); the texts of the answers.
task<outcome<std::vector<std::string>>> run_batch(endpoint const& e, transport via, session* s,
                                                  json::array const& batch);
// The answer to an element that is no message, or must not stand in a batch; nothing when it is
// fine.
std::optional<std::string> bad_element(json::value const& element);
// Why an array may not be taken as a batch, if so: only 2025-03-26 knows them.
std::optional<refusal> unwanted_batch(json::array const& batch, revision r);

// A stream that ends when the caller's token dies, with the realm's heartbeat.
sse::opened_stream open_stream(endpoint const& e, std::optional<sse::frame> farewell,
                               std::function<void()> on_close);

}  // namespace tollgate::mcp
