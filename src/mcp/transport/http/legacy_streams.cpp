// Streamable HTTP 2025-03-26 to 2025-11-25: GET opens a stream of a session or goes on with one,
// DELETE ends the session.
#include <utility>

#include <boost/json/parse.hpp>

#include "mcp/transport/http/message_sink.hpp"
#include "mcp/transport/http/streamable.hpp"

namespace tollgate::mcp {

// "Session Management": 400 without an id, 404 for one that is over.
session_or_refusal session_in_header(endpoint const& e) {
    auto const id = e.http.request().header("Mcp-Session-Id");
    if (id.empty() && e.owner.on_stdio()) {
        return invalid(400, "Invalid Request: neither initialize nor a protocol version in _meta");
    }
    if (id.empty()) return invalid(400, "Bad Request: the Mcp-Session-Id header is required");
    if (auto wrong = repeated(e.http.request(), "Mcp-Session-Id")) return std::move(*wrong);
    return find_session(e, transport::streamable_http, id);
}

namespace {

constexpr char const* post_alone = "POST";
constexpr char const* post_get_and_delete = "GET, POST, DELETE";

// The standalone stream must be asked for by name: a wildcard would give every browser and
// crawler a request that never ends.
bool asks_for_events(http::request const& r) {
    auto const accept = r.list("Accept");
    return accept.find("text/event-stream") != std::string::npos &&
           http::accepts(accept, "text/event-stream");
}

bool offers_get_and_delete(endpoint const& e) {
    auto const named = parse_revision(e.http.request().header("MCP-Protocol-Version"));
    if (named && is_modern(*named)) return false;
    return e.stateful() && e.policy->spoken.has_legacy();
}

session_or_refusal session_for_stream(endpoint const& e) {
    auto const named = header_revision(e);
    if (!named) return named.error();
    return session_in_header(e);
}

std::optional<refusal> begin(endpoint const& e, session& s,
                             std::shared_ptr<sse::channel> const& connection) {
    auto const priming = priming_of(e, s);
    if (!s.streams.open(session_streams::kind::standalone, connection, priming)) {
        if (s.streams.is_sealed()) return gone();
        return invalid(429, "Too many streams of this session");
    }
    // So that the client sees the stream open at once, also through a buffering proxy.
    if (!priming) connection->push(sse::comment("open"));
    return std::nullopt;
}

// The stream was in a process that has ended. What belongs to no request goes on; a request that
// was under way there is answered by nobody else, so its client is told.
std::optional<refusal> resume_elsewhere(endpoint const& e, session& s, std::string const& request,
                                        std::shared_ptr<sse::channel> const& connection) {
    e.http.note("why", "the stream of Last-Event-ID was in a process that has ended");
    if (request.empty()) return begin(e, s, connection);
    json::error_code wrong;
    auto const id = json::parse(request, wrong);
    if (wrong || !(id.is_string() || id.is_number()))
        return invalid(400, "Bad Request: Last-Event-ID names no stream of this session");
    auto const stream =
        s.streams.open(session_streams::kind::answer, connection, priming_of(e, s), request);
    if (!stream) return gone();
    rpc_error const lost(error_code::internal,
                         "The process that worked on this request has ended; send it again");
    s.streams.say(*stream, error_text(&id, lost));
    s.streams.finish(*stream);
    return std::nullopt;
}

// The stream goes on where its reader lost it ("Resumability and Redelivery").
std::optional<refusal> resume(endpoint const& e, session& s,
                              std::shared_ptr<sse::channel> const& connection) {
    auto const last = e.http.request().header("Last-Event-ID");
    switch (s.streams.resume(last, connection)) {
        case session_streams::resumption::complete:
            return std::nullopt;
        case session_streams::resumption::with_a_gap:
            e.http.note("why", "some events after Last-Event-ID are not kept any more");
            return std::nullopt;
        case session_streams::resumption::unknown:
            break;
    }
    if (s.streams.is_sealed()) return gone();
    auto const subject = session_streams::subject_of(last);
    if (s.recalled() && subject) return resume_elsewhere(e, s, *subject, connection);
    return invalid(400, "Bad Request: Last-Event-ID names no stream of this session");
}

endpoint_result open_session_stream(endpoint const& e, session& s) {
    auto touch = [realm = e.http.realm_handle(), id = s.id(), &time = e.owner.clock()] {
        realm->get<realm_state>().sessions.touch(id, realm->time().at(time.now()));
    };
    auto opened = open_stream(e, std::nullopt, std::move(touch));
    auto const wrong = e.http.request().has("Last-Event-ID") ? resume(e, s, opened.channel)
                                                             : begin(e, s, opened.channel);
    if (wrong) return *wrong;
    // Somebody may have adopted the session since it was looked up.
    if (!s.admits(e.http.who(), e.policy->binding)) {
        opened.channel->close();
        return gone();
    }
    return sse::stream_reply(std::move(opened.body));
}

}  // namespace

task<endpoint_result> get_mcp(endpoint const& e) {
    auto& c = e.http;
    if (!e.policy->streamable_http) co_return not_offered();
    if (!offers_get_and_delete(e)) co_return wrong_method(post_alone);
    if (c.request().method == http::verb::head) co_return wrong_method(post_get_and_delete);
    if (!asks_for_events(c.request())) {
        auto const wrong = invalid(406, "Accept must list text/event-stream");
        co_return wrong;
    }
    if (is_elsewhere(e)) {
        auto const unknown = co_await recall_session(e);
        if (unknown) co_return *unknown;
    }
    auto const session = session_for_stream(e);
    if (!session) co_return session.error();
    if (must_be_kept(e, *session)) {
        auto const lost = co_await keep_session(e, *session);
        if (lost) co_return *lost;
    }
    co_return open_session_stream(e, **session);
}

task<endpoint_result> delete_mcp(endpoint const& e) {
    if (!e.policy->streamable_http) co_return not_offered();
    if (!offers_get_and_delete(e)) co_return wrong_method(post_alone);
    if (is_elsewhere(e)) {
        auto const unknown = co_await recall_session(e);
        if (unknown) co_return *unknown;
    }
    auto const session = session_for_stream(e);
    if (!session) co_return session.error();
    e.state.sessions.end((*session)->id());
    auto const wrong = co_await forget_session(e, (*session)->id());
    if (wrong) co_return *wrong;
    co_return http::reply(204);
}

}  // namespace tollgate::mcp
