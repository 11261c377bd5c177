// Message sink: how the messages of a running request reach its client.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/message/reply.hpp"
#include "mcp/transport/http/endpoint.hpp"

namespace tollgate::mcp {

// Used on the executor of its request alone.
class message_sink {
public:
    virtual ~message_sink() = default;
    // Before the first message.
    virtual void begin() = 0;
    virtual void say(std::string_view message) = 0;
    // After the last one.
    virtual void end() = 0;
    // See client_channel::drop_connection.
    virtual void drop_connection() {}
    // Whether the client can answer.
    virtual bool may_ask() const noexcept = 0;
};

// MCP 2025-11-25, Transports, "Sending Messages to the Server": whether a stream of this session
// begins with an event that has an id, no data, and this wait. Not for earlier revisions, whose
// clients read every event as JSON.
std::optional<std::chrono::milliseconds> priming_of(endpoint const& e, session const& s);

// The SSE answer of a POST on the MCP endpoint. With a session its events have ids and can be
// fetched again; without one they are gone with their connection.
class sse_sink final : public message_sink {
public:
    // `e` outlives the sink. `s`: nullptr when there is no session. `on_gone` is called when the
    // connection has ended, whoever ended it. `subject`: see session_streams::open.
    sse_sink(endpoint const& e, std::shared_ptr<session> s, std::function<void()> on_gone = {},
             std::string subject = {});

    void begin() override;
    void say(std::string_view message) override;
    void end() override;
    void drop_connection() override;
    bool may_ask() const noexcept override { return session_ != nullptr; }

    // Of the answer; once, after begin().
    std::unique_ptr<http::body_stream> take_body() noexcept { return std::move(body_); }

private:
    endpoint const& at_;
    std::shared_ptr<session> const session_;
    std::function<void()> on_gone_;
    std::string const subject_;
    std::shared_ptr<sse::channel> channel_;
    std::unique_ptr<http::body_stream> body_;
    std::optional<session_streams::number> stream_;
};

// HTTP+SSE of 2024-11-05: everything goes to the stream of the session.
class legacy_sse_sink final : public message_sink {
public:
    explicit legacy_sse_sink(std::shared_ptr<session> s) : session_(std::move(s)) {}

    void begin() override {}
    void say(std::string_view message) override { session_->streams.say_plainly(message); }
    void end() override {}
    bool may_ask() const noexcept override { return true; }

private:
    std::shared_ptr<session> const session_;
};

}  // namespace tollgate::mcp
