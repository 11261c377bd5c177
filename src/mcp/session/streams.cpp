#include "mcp/session/streams.hpp"

#include <algorithm>
#include <utility>

#include "sse/event_id.hpp"

namespace tollgate::mcp {

namespace {

// What all sessions of the process keep together.
constexpr std::size_t process_bytes = std::size_t(64) << 20;

sse::byte_budget& process_budget() {
    static sse::byte_budget all(process_bytes);
    return all;
}

// Nothing here can be refused: ids are ours, and every event has a field.
void push(sse::channel& to, sse::event const& e) {
    auto const f = sse::encode(e);
    if (f) to.push(*f);
}

}  // namespace

session_streams::session_streams(std::size_t replay_bytes) : log_(replay_bytes, process_budget()) {}

session_streams::stream* session_streams::find_locked(number id) noexcept {
    for (auto& s : streams_) {
        if (s.id == id) return &s;
    }
    return nullptr;
}

session_streams::stream* session_streams::find_locked(std::string_view token) noexcept {
    for (auto& s : streams_) {
        if (s.kind != kind::plain && s.token == token) return &s;
    }
    return nullptr;
}

// What nobody reads makes room: first what is over, then what has waited for longest.
bool session_streams::make_room_locked(kind k) {
    auto const open_ones = std::count_if(streams_.begin(), streams_.end(), [&](stream const& s) {
        return s.kind == k && s.connected();
    });
    if (k == kind::standalone && open_ones >= std::ptrdiff_t(max_open)) return false;
    if (streams_.size() < max_known) return true;
    auto const unread = [](stream const& s) { return !s.connected(); };
    auto victim = std::find_if(streams_.begin(), streams_.end(),
                               [&](stream const& s) { return s.finished && unread(s); });
    if (victim == streams_.end()) victim = std::find_if(streams_.begin(), streams_.end(), unread);
    if (victim == streams_.end()) return false;
    log_.forget(victim->id);
    streams_.erase(victim);
    return true;
}

std::optional<session_streams::number> session_streams::open(
    kind k, std::shared_ptr<sse::channel> connection,
    std::optional<std::chrono::milliseconds> prime_with_retry, std::string_view subject) {
    std::lock_guard const hold(lock_);
    if (sealed_ || !make_room_locked(k)) return std::nullopt;
    stream s{next_++, k, false, 0, {}, std::move(connection)};
    if (k != kind::plain) s.token = sse::random_stream_token(subject);
    if (prime_with_retry) {
        sse::event first;
        first.id = sse::to_text({s.token, 0});
        first.data = std::string();
        first.retry = prime_with_retry;
        push(*s.connection, first);
    }
    streams_.push_back(std::move(s));
    return streams_.back().id;
}

void session_streams::say_locked(stream& s, std::string_view message) {
    sse::event e;
    e.event = "message";
    e.id = sse::to_text({s.token, ++s.last});
    e.data = std::string(message);
    auto const f = sse::encode(e);
    if (!f) return;
    log_.keep(s.id, s.last, *f);
    if (s.connection) s.connection->push(*f);
}

bool session_streams::say(number id, std::string_view message) {
    std::lock_guard const hold(lock_);
    auto* const s = find_locked(id);
    if (sealed_ || s == nullptr || s->finished) return false;
    say_locked(*s, message);
    return true;
}

void session_streams::finish(number id) {
    std::lock_guard const hold(lock_);
    auto* const s = find_locked(id);
    if (s == nullptr) return;
    s->finished = true;
    if (s->connection) s->connection->close();
}

void session_streams::drop_connection(number id, std::chrono::milliseconds retry) {
    std::lock_guard const hold(lock_);
    auto* const s = find_locked(id);
    if (s == nullptr || !s->connection) return;
    sse::event e;
    e.retry = retry;
    push(*s->connection, e);
    s->connection->close();
}

void session_streams::drop_standalone() {
    std::lock_guard const hold(lock_);
    for (auto const& s : streams_) {
        if (s.kind == kind::standalone && s.connection) s.connection->close();
    }
}

session_streams::resumption session_streams::resume(std::string_view last_event_id,
                                                    std::shared_ptr<sse::channel> connection) {
    auto const id = sse::parse_event_id(last_event_id);
    std::lock_guard const hold(lock_);
    auto* const s = id && !sealed_ ? find_locked(id->stream) : nullptr;
    if (s == nullptr || id->number > s->last) return resumption::unknown;
    // The client says that it is cut off, whatever the connection looks like from here.
    if (s->connection) s->connection->close();
    s->connection = std::move(connection);
    // With the lock held: nothing that is said meanwhile may come before what was missed.
    auto const missed = log_.after(s->id, id->number, s->last);
    for (auto const& f : missed.frames)
        s->connection->push(f);
    if (s->finished) s->connection->close();
    return missed.complete ? resumption::complete : resumption::with_a_gap;
}

std::optional<std::string> session_streams::subject_of(std::string_view event_id) {
    auto const id = sse::parse_event_id(event_id);
    if (!id) return std::nullopt;
    return sse::subject_of(id->stream).value_or("");
}

// "The server MUST send each of its JSON-RPC messages on only one of the connected streams."
bool session_streams::tell(std::string_view message) {
    std::lock_guard const hold(lock_);
    stream* best = nullptr;
    for (auto& s : streams_) {
        if (s.kind != kind::standalone) continue;
        if (best == nullptr || s.connected() || !best->connected()) best = &s;
    }
    if (sealed_ || best == nullptr) return false;
    say_locked(*best, message);
    return true;
}

bool session_streams::say_plainly(std::string_view message) {
    std::lock_guard const hold(lock_);
    for (auto const& s : streams_) {
        if (s.kind == kind::plain) return s.connection->push(sse::message(message));
    }
    return false;
}

bool session_streams::any_open() const {
    std::lock_guard const hold(lock_);
    return std::any_of(streams_.begin(), streams_.end(),
                       [](stream const& s) { return s.connected(); });
}

void session_streams::seal() noexcept {
    std::vector<stream> all;
    {
        std::lock_guard const hold(lock_);
        sealed_ = true;
        all.swap(streams_);
        log_.clear();
    }
    for (auto const& s : all) {
        if (s.connection) s.connection->close();
    }
}

bool session_streams::is_sealed() const noexcept {
    std::lock_guard const hold(lock_);
    return sealed_;
}

}  // namespace tollgate::mcp
