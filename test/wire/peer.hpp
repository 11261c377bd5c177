// One connection: the bytes of an answer, whose framing is undone and nothing else.
#pragma once

#include <cstddef>
#include <string>

#include "support/raw_client.hpp"

namespace test::wire {

struct answer {
    std::string head;  // with the empty line
    std::string body;  // of a chunked answer: the chunks joined
};

class peer {
public:
    explicit peer(unsigned short port);

    void send(std::string_view bytes) { client_.send(bytes); }
    // A whole answer. After it the server must say nothing more, which is asked by ending our side.
    answer read_answer(bool to_head);
    // The head, and with it the first `events` of a stream of events.
    answer read_stream(std::size_t events);
    // The events that follow.
    std::string read_events(std::size_t n);
    // The rest of a stream that the server ends.
    std::string read_rest();

private:
    // Adds the next chunk to what is there; false: that was the last one.
    bool read_chunk();

    raw_client client_;
    bool chunked_ = false;
    std::string unread_;  // of a stream
};

}  // namespace test::wire
