#include "wire/peer.hpp"

#include <chrono>
#include <utility>

namespace test::wire {

namespace {

// Behind an event stands an empty line; behind a comment, too.
constexpr std::string_view event_end = "\n\n";

// Shorter than mcp.heartbeat: a stream that is taken for a whole answer never falls silent.
constexpr std::chrono::seconds patience{12};

std::string field(std::string const& head, std::string const& name) {
    auto const begin = head.find("\r\n" + name + ": ");
    if (begin == std::string::npos) return {};
    auto const value = begin + name.size() + 4;
    return head.substr(value, head.find("\r\n", value) - value);
}

bool has_body(std::string const& head, bool to_head) {
    auto const status = head.substr(head.find(' ') + 1, 3);
    return !to_head && status != "204" && status != "304" && !status.starts_with('1');
}

}  // namespace

peer::peer(unsigned short port) : client_(port, "127.0.0.1", patience) {
    client_.record_messages();
}

bool peer::read_chunk() {
    auto const size = std::stoul(client_.read_until("\r\n"), nullptr, 16);
    unread_ += client_.take(size);
    if (client_.take(2) != "\r\n") throw raw_failure("a chunk is longer than it says");
    return size != 0;
}

answer peer::read_answer(bool to_head) {
    answer a;
    a.head = client_.read_until("\r\n\r\n");
    if (has_body(a.head, to_head)) {
        if (field(a.head, "Transfer-Encoding") == "chunked")
            a.body = read_rest();
        else if (auto const length = field(a.head, "Content-Length"); !length.empty())
            a.body = client_.take(std::stoul(length));
    }
    client_.half_close();
    if (auto const more = client_.read_to_end(); !more.empty())
        throw raw_failure("bytes after the answer: " + more);
    return a;
}

answer peer::read_stream(std::size_t events) {
    answer a;
    a.head = client_.read_until("\r\n\r\n");
    if (field(a.head, "Transfer-Encoding") != "chunked")
        throw raw_failure("not a stream: " + a.head);
    a.body = read_events(events);
    return a;
}

std::string peer::read_events(std::size_t n) {
    std::string events;
    for (; n != 0; --n) {
        std::size_t end = 0;
        while ((end = unread_.find(event_end)) == std::string::npos)
            if (!read_chunk()) throw raw_failure("the stream ended after: " + events + unread_);
        events += unread_.substr(0, end + event_end.size());
        unread_.erase(0, end + event_end.size());
    }
    return events;
}

std::string peer::read_rest() {
    while (read_chunk()) {
    }
    return std::exchange(unread_, {});
}

}  // namespace test::wire
