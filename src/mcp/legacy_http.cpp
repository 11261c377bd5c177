// Streamable HTTP 2025-03-26 to 2025-11-25: sessions where the policy wants them, none where
// it does not.
#include <utility>

#include "mcp/streamable.hpp"

namespace tollgate::mcp {

namespace {

constexpr char const* post_alone = "POST";
constexpr char const* post_get_and_delete = "GET, POST, DELETE";

using session_or_refusal = boost::system::result<std::shared_ptr<session>, refusal>;

// "Session Management": 400 without an id, 404 for one that is over.
session_or_refusal session_of(endpoint const& e) {
    auto const id = e.http.request().header("Mcp-Session-Id");
    if (id.empty()) return invalid(400, "Bad Request: the Mcp-Session-Id header is required");
    return find_session(e, transport::streamable_http, id);
}

// The rules that a request without `initialize` is read by, and its session.
struct footing {
    mcp::revision revision;
    std::shared_ptr<mcp::session> session;  // nothing in the stateless mode
};

// The rules are those negotiated, else those the header names, else 2025-03-26 ("Protocol Version
// Header": SHOULD assume).
boost::system::result<footing, refusal> footing_of(endpoint const& e) {
    auto const named = header_revision(e);
    if (!named) return named.error();
    if (!e.stateful()) return footing{named->value_or(revision::v2025_03_26), nullptr};
    auto session = session_of(e);
    if (!session) return session.error();
    auto const negotiated = (*session)->revision();
    return footing{negotiated, std::move(*session)};
}

task<outcome<http::reply>> post_batch(endpoint const& e, json::array const& batch) {
    auto const on = footing_of(e);
    if (!on) co_return to_reply(e.http, on.error(), nullptr, id_style(e.http));
    if (auto const wrong = unwanted_batch(batch, on->revision)) {
        co_return to_reply(e.http, *wrong, nullptr, id_style(e.http));
    }
    auto answered = co_await run_batch(e, transport::streamable_http, on->session.get(), batch);
    if (!answered) co_return answered.error();
    if (answered->empty()) co_return http::reply(202);
    co_return http::json_reply(200, batch_text(*answered));
}

task<outcome<http::reply>> begin(endpoint const& e, message const& m) {
    auto const spoken = negotiate(m, e.policy->spoken);
    if (!spoken) co_return http::json_reply(200, error_text(m.id, spoken.error()));
    auto answered = co_await run_request(e, transport::streamable_http, *spoken, nullptr, m);
    if (!answered) co_return answered.error();
    auto reply = http::json_reply(200, std::move(answered->text));
    if (e.stateful()) {
        auto const opened = e.state.sessions.open(transport::streamable_http, *spoken, e.http.who(),
                                                  e.policy->max_sessions, e.now());
        if (!opened) {
            co_return to_reply(e.http, invalid(503, "Too many sessions"), m.id, id_style(e.http));
        }
        opened->set_client(profile_in(m));
        e.http.note("session", session_label(opened->id()));
        reply.headers.add("Mcp-Session-Id", opened->id());
    }
    co_return reply;
}

// The standalone stream must be asked for by name: a wildcard would give every browser and
// crawler a request that never ends.
bool asks_for_events(http::request const& r) {
    auto const accept = r.header("Accept");
    return accept.find("text/event-stream") != std::string_view::npos &&
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
    return session_of(e);
}

outcome<http::reply> open_session_stream(endpoint const& e, session& s) {
    constexpr std::size_t most = 32;
    auto touch = [realm = e.http.realm_handle(), id = s.id(), &time = e.owner.clock()] {
        realm->get<realm_state>().sessions.touch(id, time.now());
    };
    auto opened = open_stream(e, std::nullopt, std::move(touch));
    if (!s.streams.add(opened.channel, most)) {
        if (s.streams.is_sealed()) return to_reply(e.http, gone(), nullptr, id_style(e.http));
        return to_reply(e.http, invalid(429, "Too many streams of this session"), nullptr,
                        id_style(e.http));
    }
    // So that the client sees the stream open at once, also through a buffering proxy.
    opened.channel->push(sse::comment("open"));
    return sse::stream_reply(std::move(opened.body));
}

}  // namespace

task<outcome<http::reply>> post_legacy(endpoint const& e, json::value const& body) {
    if (auto const* const batch = body.if_array()) {
        auto answered = co_await post_batch(e, *batch);
        co_return answered;
    }
    auto const m = classify(body);
    if (!m) {
        auto const wrong = invalid(400, "Invalid Request: " + m.error().why);
        co_return to_reply(e.http, wrong, m.error().id, id_style(e.http));
    }
    if (m->what == message::kind::request && m->method == "initialize") {
        auto answered = co_await begin(e, *m);
        co_return answered;
    }
    auto const on = footing_of(e);
    if (!on) {
        bool const asks = m->what == message::kind::request;
        co_return to_reply(e.http, on.error(), asks ? m->id : nullptr, id_style(e.http));
    }
    if (m->what != message::kind::request) co_return http::reply(202);
    auto answered =
        co_await run_request(e, transport::streamable_http, on->revision, on->session.get(), *m);
    if (!answered) co_return answered.error();
    co_return http::json_reply(200, std::move(answered->text));
}

task<outcome<http::reply>> get_mcp(server& s, http::context& c) {
    endpoint const e(s, c);
    if (!e.policy->streamable_http) co_return not_offered();
    if (!offers_get_and_delete(e)) co_return wrong_method(post_alone);
    if (c.request().method == http::verb::head) co_return wrong_method(post_get_and_delete);
    if (!asks_for_events(c.request())) {
        auto const wrong = invalid(406, "Accept must list text/event-stream");
        co_return to_reply(e.http, wrong, nullptr, id_style(c));
    }
    auto const session = session_for_stream(e);
    if (!session) co_return to_reply(e.http, session.error(), nullptr, id_style(c));
    co_return open_session_stream(e, **session);
}

task<outcome<http::reply>> delete_mcp(server& s, http::context& c) {
    endpoint const e(s, c);
    if (!e.policy->streamable_http) co_return not_offered();
    if (!offers_get_and_delete(e)) co_return wrong_method(post_alone);
    auto const session = session_for_stream(e);
    if (!session) co_return to_reply(e.http, session.error(), nullptr, id_style(c));
    e.state.sessions.end((*session)->id());
    co_return http::reply(204);
}

}  // namespace tollgate::mcp
