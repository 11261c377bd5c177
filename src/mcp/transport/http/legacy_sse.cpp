// HTTP+SSE of 2024-11-05: GET opens the stream that carries every answer, POST feeds it.
#include <utility>

#include "mcp/transport/http/client_message.hpp"
#include "mcp/transport/http/streamable.hpp"
#include "mcp/transport/http/streamed_answer.hpp"

namespace tollgate::mcp {

namespace {

// Clients send anything from nothing to a wildcard here; only a clear no is taken for one.
bool refuses_events(http::request const& r) {
    return r.has("Accept") && !http::accepts(r, "text/event-stream");
}

// Relative, so that it is of the stream's own origin under whatever name the client used: the
// SDKs give up on any other.
outcome<sse::frame> endpoint_event(endpoint const& e, session const& s) {
    auto const& place = e.http.place();
    sse::event first;
    first.event = "endpoint";
    first.data = place.base + place.messages_path() + "?sessionId=" + s.id();
    return sse::encode(first);
}

session_or_refusal session_of(endpoint const& e) {
    auto const query = e.http.query();
    if (!query) return invalid(400, "Bad Request: " + query.error().description());
    auto const id = (*query)->one("sessionId");
    if (!id) return invalid(400, "Bad Request: the sessionId parameter is required");
    auto found = find_session(e, transport::sse, *id);
    if (!found) return found;
    auto const named = header_revision(e);
    if (!named) return named.error();
    return found;
}

// The stream has ended since the session was looked up.
endpoint_result deliver(session& s, json::value const* id, std::string const& text) {
    if (s.streams.say_plainly(text)) return accepted_plainly();
    return answering(gone(), id);
}

using session_ptr = std::shared_ptr<session>;

task<endpoint_result> take_batch(endpoint const& e, session_ptr const& s, json::value const& body) {
    auto const& batch = body.get_array();
    auto wrong = unwanted_batch(batch, s->revision());
    if (!wrong) wrong = wrong_mixture(batch);
    if (wrong) co_return *wrong;
    take_client_messages(*s, batch);
    if (may_stream(body, e.owner.tools())) {
        auto talked = co_await answer_with_plain_stream(e, s, body);
        co_return talked;
    }
    auto answered = co_await run_batch(e, transport::sse, s.get(), batch);
    if (!answered) co_return answered.error();
    if (answered->empty()) co_return accepted_plainly();
    co_return deliver(*s, nullptr, batch_text(*answered));
}

// A problem (403 and a challenge) is the answer to this POST; the stream hears nothing of it.
task<endpoint_result> take_request(endpoint const& e, session& s, message const& m) {
    if (m.method == "initialize") {
        auto const spoken = negotiate(m, e.policy->spoken);
        if (!spoken) co_return deliver(s, m.id, error_text(m.id, spoken.error()));
        // Before it runs: its own answer is one of that revision.
        s.set_revision(*spoken);
        s.set_client(profile_in(m));
    }
    auto answered = co_await run_request(e, transport::sse, s.revision(), &s, m);
    if (!answered) co_return answered.error();
    co_return deliver(s, m.id, answered->text);
}

task<endpoint_result> take(endpoint const& e, session_ptr const& s, json::value const& body) {
    if (body.is_array()) {
        auto answered = co_await take_batch(e, s, body);
        co_return answered;
    }
    auto const m = classify(body);
    if (!m) {
        auto const wrong = invalid(400, "Invalid Request: " + m.error().why);
        co_return answering(wrong, m.error().id);
    }
    if (m->kind != message::kind::request) {
        take_client_message(*s, *m);
        co_return accepted_plainly();
    }
    if (auto const wrong = under_way(*s, *m)) {
        co_return answering(*wrong, m->id);
    }
    if (may_stream(*m, e.owner.tools())) {
        auto talked = co_await answer_with_plain_stream(e, s, body);
        co_return talked;
    }
    auto answered = co_await take_request(e, *s, *m);
    co_return answered;
}

}  // namespace

task<endpoint_result> open_sse(endpoint const& e) {
    auto& c = e.http;
    if (!e.offers_sse()) co_return not_offered();
    if (c.request().method == http::verb::head) {
        co_return wrong_method("GET");
    }
    if (refuses_events(c.request())) {
        auto const wrong = invalid(406, "Accept must admit text/event-stream");
        co_return wrong;
    }
    // The oldest is spoken until initialize has said which.
    auto const session = e.state.sessions.open(transport::sse, e.policy->spoken.oldest(), c.who(),
                                               *e.policy, e.now(), c.place().agent);
    if (!session) {
        co_return invalid(503, "Too many sessions");
    }
    // The session is nothing without its stream. It may have ended already.
    auto end = [realm = c.realm_handle(), opened = std::weak_ptr<mcp::session>(session)] {
        if (auto const s = opened.lock()) realm->get<realm_state>().sessions.end(s->id());
    };
    auto opened = open_stream(e, std::nullopt, std::move(end));
    auto const first = endpoint_event(e, *session);
    if (!first) co_return first.error();
    opened.channel->push(*first);
    // A reset may have ended it since.
    if (!session->streams.open(session_streams::kind::plain, opened.channel)) {
        co_return gone();
    }
    c.facts().session = session_label(session->id());
    co_return sse::stream_reply(std::move(opened.body));
}

task<endpoint_result> post_messages(endpoint const& e) {
    auto& c = e.http;
    if (!e.offers_sse()) co_return not_offered();
    if (auto const wrong = wrong_content_type(c.request())) {
        co_return *wrong;
    }
    auto const body = read_body(c);
    if (body) {
        if (auto const login = wants_login(e, **body)) co_return *login;
    }
    auto const session = session_of(e);
    if (!session) co_return answering(session.error(), id_in(body));
    if (!body) co_return body.error();
    auto answered = co_await take(e, *session, **body);
    co_return answered;
}

}  // namespace tollgate::mcp
