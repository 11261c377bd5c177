// Event streams of one session, and what was said on them.
//
// A stream is not its connection: it goes on without one, and a client that comes back with the id
// of the last event it saw gets the rest (MCP 2025-11-25, Transports, "Resumability and
// Redelivery").
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sse/replay_log.hpp"
#include "sse/stream.hpp"

namespace tollgate::mcp {

// Thread-safe.
class session_streams {
public:
    using number = sse::replay_log::stream_number;
    enum class kind {
        standalone,  // GET: what belongs to no request
        answer,      // of a POST
        plain        // HTTP+SSE of 2024-11-05: the only one, without ids, gone with its connection
    };
    static constexpr std::size_t max_open = 32;    // standalone ones, at the same time
    static constexpr std::size_t max_known = 128;  // also those that wait for their reader

    explicit session_streams(std::size_t replay_bytes);

    // A new stream on that connection. Nothing when there are too many, or the session is over.
    // `prime_with_retry`: begins with an event that has an id and no data, and that wait.
    // `subject`: what ids of its events say that it is about (sse::random_stream_token).
    std::optional<number> open(kind k, std::shared_ptr<sse::channel> connection,
                               std::optional<std::chrono::milliseconds> prime_with_retry = {},
                               std::string_view subject = {});
    // One message: kept, and sent where there is a connection. False when there is no such stream.
    bool say(number stream, std::string_view message);
    // The stream is over: its connection ends, its last messages can still be fetched.
    void finish(number stream);
    // Closes the connection; the stream goes on. The reader may be back after `retry`.
    void drop_connection(number stream, std::chrono::milliseconds retry);

    // Ends the connections of the standalone streams: their reader may not be the owner any more.
    // The streams go on, and the owner may come back to them.
    void drop_standalone();

    enum class resumption { complete, with_a_gap, unknown };
    // Goes on after that event on a new connection; an older one of the stream ends.
    resumption resume(std::string_view last_event_id, std::shared_ptr<sse::channel> connection);

    // What the id of an event says that its stream is about, "" when it says nothing; nothing when
    // it cannot be an id of ours.
    static std::optional<std::string> subject_of(std::string_view event_id);

    // A message that belongs to no request, on one stream only: the newest that is connected, else
    // the newest that somebody may come back to. False when there is none.
    bool tell(std::string_view message);
    // On the plain stream. False when there is none, or its reader is too slow.
    bool say_plainly(std::string_view message);

    bool any_open() const;
    // Ends all of them, for good: a stream that is opened at the same moment is refused.
    void seal() noexcept;
    bool is_sealed() const noexcept;

private:
    struct stream {
        number id;
        session_streams::kind kind;
        bool finished = false;
        std::uint64_t last = 0;  // number of the newest event; 0: none but the priming one
        std::string token;
        std::shared_ptr<sse::channel> connection;

        bool connected() const { return connection && connection->is_open(); }
    };

    stream* find_locked(number id) noexcept;
    stream* find_locked(std::string_view token) noexcept;
    bool make_room_locked(kind k);
    void say_locked(stream& s, std::string_view message);

    mutable std::mutex lock_;
    bool sealed_ = false;
    number next_ = 1;
    std::vector<stream> streams_;  // in the order of their making
    sse::replay_log log_;
};

}  // namespace tollgate::mcp
