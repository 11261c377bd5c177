#include "mcp/transport/http/streamed_answer.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "mcp/transport/http/running_call.hpp"

namespace tollgate::mcp {

namespace {

bool one_may_talk(json::value const& body, toolbox const& tools) {
    auto const m = classify(body);
    return m && m->kind == message::kind::request && may_stream(*m, tools);
}

// Why it may not run, if so.
std::optional<refusal> entry_refused(call_table::added how) {
    switch (how) {
        case call_table::added::yes:
            return std::nullopt;
        case call_table::added::duplicate:
            return invalid(400, "Invalid Request: a request with this id is under way");
        case call_table::added::too_many:
            return invalid(429, "Too many requests are under way");
        case call_table::added::over:
            return gone();
    }
    return gone();
}

json::value const* id_of(json::value const& body) {
    auto const m = classify(body);
    return m ? m->id : nullptr;
}

// Where the session may outlive the process, the ids of the stream's events say which request it
// answers: who brings one to another process is told what became of it.
std::string subject_of_stream(endpoint const& e, json::value const& body) {
    auto const* const id = e.owner.keeper() != nullptr ? id_of(body) : nullptr;
    return id != nullptr ? id_text(*id) : std::string();
}

// mcp.answers = "json": what takes longer than any tool of ours is streamed after all.
constexpr std::chrono::hours longest_wait{24};

std::chrono::milliseconds patience_of(endpoint const& e) {
    if (e.answers() == answer_form::json) return longest_wait;
    return e.policy->stream_after;
}

// What is no message is answered, too.
bool wants_answer(json::value const& element) {
    auto const m = classify(element);
    return !m || m->kind == message::kind::request;
}

// The answer that is whole already.
endpoint_result whole(running_call& call, bool batch) {
    if (call.refused()) return *call.refused();
    auto const& texts = call.answers();
    // Cancelled: no response is sent, and an event stream is the answer that needs none, whatever
    // mcp.answers says: JSON would be one.
    if (texts.empty()) return sse::empty_stream_reply();
    if (batch) return http::json_reply(200, batch_text(texts));
    return http::json_reply(call.status(), texts.front());
}

}  // namespace

bool may_stream(json::value const& body, toolbox const& tools) {
    auto const* const batch = body.if_array();
    if (batch == nullptr) return one_may_talk(body, tools);
    for (auto const& one : *batch) {
        if (one_may_talk(one, tools)) return true;
    }
    return false;
}

bool runs_by_itself(endpoint const& e, json::value const& body) {
    if (may_stream(body, e.owner.tools())) return true;
    if (e.answers() != answer_form::stream) return false;
    auto const* const batch = body.if_array();
    return batch != nullptr ? std::ranges::any_of(*batch, wants_answer) : wants_answer(body);
}

bool runs_by_itself(endpoint const& e, message const& m) {
    if (m.kind != message::kind::request) return false;
    return e.answers() == answer_form::stream || may_stream(m, e.owner.tools());
}

http::reply answer_at_once(endpoint const& e, std::shared_ptr<session> s, std::string text) {
    if (e.answers() != answer_form::stream) return http::json_reply(200, std::move(text));
    sse_sink speaker(e, std::move(s));
    speaker.begin();
    speaker.say(text);
    speaker.end();
    return sse::stream_reply(speaker.take_body());
}

task<endpoint_result> answer_with_stream(endpoint const& e, revision r, std::shared_ptr<session> s,
                                         json::value const& body, without_peer rule) {
    auto const call = std::make_shared<running_call>(e, transport::streamable_http, r, s, body);
    std::function<void()> on_gone;
    if (rule == without_peer::ends) {
        on_gone = [weak = std::weak_ptr<running_call>(call)] {
            if (auto const left = weak.lock()) left->leave();
        };
    }
    auto made =
        std::make_unique<sse_sink>(call->at(), s, std::move(on_gone), subject_of_stream(e, body));
    // The call owns it, and this frame the call.
    auto* const stream = made.get();
    call->set_sink(std::move(made));
    // Known before it runs: its cancellation may come at once.
    if (auto const wrong = entry_refused(call->enter())) {
        co_return answering(*wrong, id_of(body));
    }
    call->start();
    co_await call->settled(patience_of(e));
    auto const state = co_await boost::asio::this_coro::cancellation_state;
    bool const left = state.cancelled() != boost::asio::cancellation_type::none;
    if (left && rule == without_peer::ends) call->abandon();
    e.http.take_over(call->context());
    // Abandoned without its peer having left: its session has ended.
    if (call->abandoned() && s) co_return answering(gone(), id_of(body));
    if (call->done() && !call->talking()) co_return whole(*call, body.is_array());
    call->open_answer_stream();
    co_return sse::stream_reply(stream->take_body());
}

task<endpoint_result> answer_with_plain_stream(endpoint const& e, std::shared_ptr<session> s,
                                               json::value const& body) {
    auto const call = std::make_shared<running_call>(e, transport::sse, s->revision(), s, body);
    call->set_sink(std::make_unique<legacy_sse_sink>(s));
    if (auto const wrong = entry_refused(call->enter())) {
        co_return answering(*wrong, id_of(body));
    }
    call->start();
    // For one turn: what is refused at once is for HTTP to answer, all else for the stream.
    co_await call->settled(std::chrono::milliseconds(0));
    e.http.take_over(call->context());
    if (call->refused()) co_return *call->refused();
    call->open_answer_stream();
    co_return accepted_plainly();
}

}  // namespace tollgate::mcp
