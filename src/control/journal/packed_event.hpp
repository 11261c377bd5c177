// Packed event: an event as the journal keeps it, one piece of memory with all its texts, because
// every request writes one and few are ever read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "control/journal/event.hpp"
#include "control/journal/event_draft.hpp"

namespace tollgate::control {

// The texts of an event, in the order in which they are kept.
enum class event_text : std::uint8_t {
    endpoint,
    flow,
    outcome,
    stream_event,
    stream_id,
    stream_data,
    client_id,
    subject,
    grant_type,
    family,
    session,
    mcp_method,
    tool,
    decision,
    error,
    refused_by,
    faults,
    request_start,
    request_fields,
    request_body,
    response_start,
    response_fields,
    response_body,
    peer,
    count,
};
inline constexpr std::size_t event_texts = static_cast<std::size_t>(event_text::count);

// A draft that is about to be packed; views of it and of `flow`.
class packing {
public:
    packing(event_draft const& e, std::string_view flow);
    packing(packing const&) = delete;
    packing& operator=(packing const&) = delete;

    // How the answer got away as far as that is known.
    delivery how() const noexcept {
        return draft_.exchange ? draft_.exchange->how : delivery::pending;
    }
    // How many bytes write() needs, a multiple of sixteen.
    std::size_t size() const noexcept { return size_; }
    // `at` is aligned to sixteen bytes.
    void write(std::byte* at, std::uint64_t seq) const noexcept;

private:
    void take(event_text what, std::string_view text) noexcept {
        texts_[static_cast<std::size_t>(what)] = text;
    }
    void take_facts(http::exchange_facts const& f);
    void take_exchange(exchange_draft const& x) noexcept;

    event_draft const& draft_;
    std::string faults_;
    std::array<std::string_view, event_texts> texts_{};
    std::size_t size_ = 0;
};

// Views of a packed event, without owning it. `how`: how its answer got away, which is known later
// than all else and kept elsewhere.
class packed_event {
public:
    packed_event(std::byte const* at, delivery how) noexcept : at_(at), how_(how) {}

    event_type type() const noexcept;
    bool is_exchange() const noexcept;
    std::string_view text(event_text which) const noexcept;
    event_ptr unpack() const;

private:
    std::byte const* at_;
    delivery how_;
};

// How a program packs events: one that says another text of itself cannot read them.
std::string packed_layout();
// How many bytes the event has that begins there; nothing where they are not all in `at`.
std::optional<std::size_t> packed_size(std::string_view at) noexcept;

}  // namespace tollgate::control
