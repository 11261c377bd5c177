// Streamable HTTP 2025-03-26 to 2025-11-25: sessions where the policy wants them, none where
// it does not.
#include <utility>

#include "mcp/transport/http/client_message.hpp"
#include "mcp/transport/http/streamable.hpp"
#include "mcp/transport/http/streamed_answer.hpp"

namespace tollgate::mcp {

namespace {

// The rules that a request without `initialize` is read by, and its session.
struct session_context {
    mcp::revision revision;
    std::shared_ptr<mcp::session> session;  // nothing in the stateless mode
};

// The rules are those negotiated, else those the header names, else 2025-03-26 ("Protocol Version
// Header": SHOULD assume).
boost::system::result<session_context, refusal> session_context_of(endpoint const& e) {
    auto const named = header_revision(e);
    if (!named) return named.error();
    if (!e.stateful()) return session_context{named->value_or(revision::v2025_03_26), nullptr};
    auto session = session_in_header(e);
    if (!session) return session.error();
    auto const negotiated = (*session)->revision();
    return session_context{negotiated, std::move(*session)};
}

}  // namespace

task<endpoint_result> post_legacy_batch(endpoint const& e, json::value const& body) {
    auto const& batch = body.get_array();
    auto const on = session_context_of(e);
    if (!on) co_return on.error();
    auto wrong = unwanted_batch(batch, on->revision);
    if (!wrong) wrong = wrong_mixture(batch);
    if (wrong) co_return *wrong;
    if (on->session) take_client_messages(*on->session, batch);
    if (must_be_kept(e, on->session)) {
        auto const lost = co_await keep_session(e, on->session);
        if (lost) co_return *lost;
    }
    if (runs_by_itself(e, body)) {
        auto talked =
            co_await answer_with_stream(e, on->revision, on->session, body, without_peer::goes_on);
        co_return talked;
    }
    auto answered = co_await run_batch(e, transport::streamable_http, on->session.get(), batch);
    if (!answered) co_return answered.error();
    if (answered->empty()) co_return http::reply(202);
    co_return http::json_reply(200, batch_text(*answered));
}

namespace {

task<session_or_refusal> open_session(endpoint const& e, revision spoken, message const& m) {
    std::string evicted;
    auto const opened = e.state.sessions.open(transport::streamable_http, spoken, e.http.who(),
                                              *e.policy, e.now(), e.http.place().agent, &evicted);
    if (!opened) co_return invalid(503, "Too many sessions");
    opened->set_client(profile_in(m));
    e.http.facts().session = session_label(opened->id());
    if (!must_be_kept(e, opened)) co_return opened;
    if (!evicted.empty()) co_await forget_session(e, std::move(evicted));
    auto const lost = co_await keep_session(e, opened);
    if (!lost) co_return opened;
    e.state.sessions.end(opened->id());
    co_return *lost;
}

// No log message comes before this answer, however it travels: only it tells that there are any.
task<endpoint_result> begin(endpoint const& e, message m) {
    if (auto const wrong = flaw_in_header_of_initialize(e)) co_return answering(*wrong, m.id);
    auto const spoken = negotiate(m, e.policy->spoken);
    if (!spoken) co_return answer_at_once(e, nullptr, error_text(m.id, spoken.error()));
    // Before there is a session: an initialize that fails leaves none behind.
    auto answered = co_await run_request(e, transport::streamable_http, *spoken, nullptr, m);
    if (!answered) co_return answered.error();
    if (!e.stateful()) co_return answer_at_once(e, nullptr, std::move(answered->text));
    auto const opened = co_await open_session(e, *spoken, m);
    if (!opened) co_return answering(opened.error(), m.id);
    auto reply = answer_at_once(e, *opened, std::move(answered->text));
    reply.headers.add("Mcp-Session-Id", (*opened)->id());
    co_return reply;
}

// On stdio, and nothing was begun yet.
bool precedes_initialize(endpoint const& e) {
    bool const begun = !e.http.request().header("Mcp-Session-Id").empty();
    return !begun && e.owner.on_stdio() && e.stateful();
}

// A ping may come before initialize (2025-11-25, Lifecycle, "Initialization"). Anything else is a
// request of neither era then, and of the two the modern one has a code for what is missing
// (2026-07-28, Base Protocol, "_meta").
task<endpoint_result> answer_first(endpoint const& e, message m) {
    if (m.method != "ping") {
        rpc_error wrong(error_code::invalid_params,
                        "params._meta names no protocol version, and there was no initialize");
        refusal const refused{400, std::move(wrong)};
        co_return answering(refused, m.id);
    }
    auto const oldest = e.policy->spoken.oldest();
    auto answered = co_await run_request(e, transport::streamable_http, oldest, nullptr, m);
    if (!answered) co_return answered.error();
    co_return http::json_reply(200, std::move(answered->text));
}

// A request that talks to nobody before it is answered.
task<endpoint_result> run_in_session(endpoint const& e, message m, session_context on) {
    auto answered =
        co_await run_request(e, transport::streamable_http, on.revision, on.session.get(), m);
    if (!answered) co_return answered.error();
    // The request may have changed it.
    if (must_be_kept(e, on.session)) {
        auto const lost = co_await keep_session(e, on.session);
        if (lost) co_return answering(*lost, m.id);
    }
    co_return http::json_reply(200, std::move(answered->text));
}

task<endpoint_result> take_message(endpoint const& e, json::value const& body, message const& m,
                                   session_context on) {
    if (m.kind != message::kind::request) return at_once(http::reply(202));
    auto const wrong = on.session ? under_way(*on.session, m) : std::nullopt;
    if (wrong) return at_once(answering(*wrong, m.id));
    if (runs_by_itself(e, m))
        return answer_with_stream(e, on.revision, on.session, body, without_peer::goes_on);
    return run_in_session(e, m, std::move(on));
}

task<endpoint_result> keep_and_take_message(endpoint const& e, json::value const& body, message m,
                                            session_context on) {
    auto const lost = co_await keep_session(e, on.session);
    bool const asks = m.kind == message::kind::request;
    if (lost) co_return answering(*lost, asks ? m.id : nullptr);
    auto answered = co_await take_message(e, body, m, std::move(on));
    co_return answered;
}

task<endpoint_result> post_in_session(endpoint const& e, json::value const& body,
                                      message const& m) {
    bool const asks = m.kind == message::kind::request;
    auto on = session_context_of(e);
    if (!on) return at_once(answering(on.error(), asks ? m.id : nullptr));
    if (!asks && on->session) take_client_message(*on->session, m);
    if (must_be_kept(e, on->session)) return keep_and_take_message(e, body, m, std::move(*on));
    return take_message(e, body, m, std::move(*on));
}

}  // namespace

task<endpoint_result> post_legacy(endpoint const& e, json::value const& body, message m) {
    bool const asks = m.kind == message::kind::request;
    if (asks && m.method == "initialize") return begin(e, m);
    if (asks && precedes_initialize(e)) return answer_first(e, m);
    return post_in_session(e, body, m);
}

}  // namespace tollgate::mcp
