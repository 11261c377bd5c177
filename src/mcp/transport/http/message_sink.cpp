#include "mcp/transport/http/message_sink.hpp"

#include <utility>

namespace tollgate::mcp {

namespace {

bool primes(session const& s) {
    return s.revision() >= revision::v2025_11_25;
}

}  // namespace

std::optional<std::chrono::milliseconds> priming_of(endpoint const& e, session const& s) {
    if (!primes(s)) return std::nullopt;
    return e.policy->sse_retry;
}

sse_sink::sse_sink(endpoint const& e, std::shared_ptr<session> s, std::function<void()> on_gone,
                   std::string subject)
    : at_(e), session_(std::move(s)), on_gone_(std::move(on_gone)), subject_(std::move(subject)) {}

void sse_sink::begin() {
    auto opened = open_stream(at_, std::nullopt, std::move(on_gone_));
    channel_ = opened.channel;
    body_ = std::move(opened.body);
    if (!session_) return;
    stream_ = session_->streams.open(session_streams::kind::answer, channel_,
                                     priming_of(at_, *session_), subject_);
    // No stream is to be had: the client sees one that ends at once.
    if (!stream_) channel_->close();
}

void sse_sink::say(std::string_view message) {
    if (stream_) {
        session_->streams.say(*stream_, message);
    } else {
        channel_->push(sse::message(message));
    }
}

void sse_sink::end() {
    if (stream_) {
        session_->streams.finish(*stream_);
    } else {
        channel_->close();
    }
}

// MCP 2025-11-25, Transports, "Sending Messages to the Server": the server MAY close the connection
// after it has sent an event with an id, which the priming event is.
void sse_sink::drop_connection() {
    if (!stream_ || !primes(*session_)) return;
    session_->streams.drop_connection(*stream_, at_.policy->sse_retry);
}

}  // namespace tollgate::mcp
