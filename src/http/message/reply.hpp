// Reply: what a handler answers, a whole body or a stream of chunks.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/task.hpp"
#include "http/message/headers.hpp"

namespace tollgate::http {

// A body that is produced while it is being sent (SSE). The connection owns it and calls
// next() until it returns nothing, then ends the body properly.
class body_stream {
public:
    virtual ~body_stream() = default;
    // The next bytes, or nothing when the stream has ended. Runs on the connection's executor;
    // the call is cancelled (and awaited) when the peer goes away.
    virtual task<std::optional<std::string>> next() = 0;
    // Asks the stream to end politely soon (drain). Called on the connection's executor.
    virtual void close() noexcept = 0;
};

// How an answer is sent, where it is to be sent wrongly: for tests of clients.
struct reply_delivery {
    enum class part { all, head, body };

    bool cut = false;                    // the connection ends behind what is sent of it
    bool reset = false;                  // by a reset instead of an orderly end (RFC 9293 §3.5.2)
    bool head = false;                   // of an answer that is cut the head is sent
    std::size_t body_bytes = 0;          // and so much of the body
    std::chrono::milliseconds hold{0};   // before that end nothing is said for so long
    std::size_t piece = 0;               // 0: all at once; else so many bytes at a time
    std::chrono::milliseconds pause{0};  // between two pieces
    part paced = part::all;              // what goes in pieces
    std::chrono::milliseconds before_body{0};
    std::size_t chunk = 0;          // chunked coding, with so many bytes a chunk (RFC 9112 §7.1)
    std::int64_t length_error = 0;  // Content-Length is wrong by so much
    std::string interim;            // goes before the head: 1xx answers (RFC 9110 §15.2), or noise
    std::string lines;              // more lines of the head as they are, each with its end
    std::string trailing;           // goes behind the answer
    std::string instead;            // these bytes and nothing else, then the end

    // The connection ends behind it.
    bool ends() const noexcept { return cut || !instead.empty(); }
};

struct reply {
    unsigned status = 200;
    header_list headers;
    std::string body;
    std::unique_ptr<body_stream> stream;  // when set, `body` is ignored and chunks are sent
    // Called once when the connection has done with it: true when all of it was handed to the
    // system, false when the peer was gone before. Empty: nobody wants to know. Must not throw.
    std::function<void(bool whole)> on_sent;
    std::unique_ptr<reply_delivery> wrongly;  // empty: it is sent as it should be

    reply_delivery& delivery() {
        if (!wrongly) wrongly = std::make_unique<reply_delivery>();
        return *wrongly;
    }

    reply() = default;
    explicit reply(unsigned s) : status(s) {}
    reply(unsigned s, std::string content_type, std::string text);
};

// application/json; the caller adds cache rules.
reply json_reply(unsigned status, std::string json_text);
// 302 with Location; never cached.
reply redirect(std::string location);

}  // namespace tollgate::http
