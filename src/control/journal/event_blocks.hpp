// Event blocks: the memory that a journal keeps its events in. Events stand one behind another in
// blocks; the oldest block goes when there is no more room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "control/journal/packed_event.hpp"

namespace tollgate::control {

// Not thread-safe; but what blocks() gave may be read on by anybody, whatever happens here.
class event_blocks {
public:
    struct entry {
        std::uint32_t begin = 0;
        delivery how = delivery::pending;
    };
    struct block {
        std::uint64_t first = 0;  // the number of its first event
        std::size_t size = 0;
        std::size_t used = 0;
        std::shared_ptr<std::byte> bytes{};
        std::vector<entry> entries{};

        std::uint64_t end() const noexcept { return first + entries.size(); }
        packed_event event(std::size_t place) const noexcept {
            auto const& e = entries[place];
            return packed_event(bytes.get() + e.begin, e.how);
        }
        std::string_view bytes_of(std::size_t place) const noexcept {
            auto const begin = entries[place].begin;
            auto const next = place + 1 < entries.size() ? entries[place + 1].begin : used;
            return {reinterpret_cast<char const*>(bytes.get()) + begin, next - begin};
        }
    };

    // All blocks together are no larger than `capacity`.
    explicit event_blocks(std::size_t capacity) noexcept;

    // Keeps an event of that number, which is the next one.
    void add(std::uint64_t seq, packing const& e);
    // Likewise, one that was packed before.
    void add(std::uint64_t seq, std::string_view packed, delivery how);
    void note_delivery(std::uint64_t seq, delivery how) noexcept;
    // Pending where the event is not there any more.
    delivery how(std::uint64_t seq) const noexcept;
    // Those that have events from number `since` on.
    std::vector<block> blocks(std::uint64_t since) const;
    bool empty() const noexcept { return blocks_.empty(); }
    // The number of the oldest event; there must be one.
    std::uint64_t first() const noexcept { return blocks_.front().first; }

private:
    // Where an event of so many bytes is to be written; null where there is never room for it.
    std::byte* place_for(std::uint64_t seq, std::size_t size, delivery how);
    void make_room(std::size_t size);
    void append_block(std::uint64_t first, std::size_t least);

    std::size_t capacity_;
    std::size_t bytes_ = 0;      // of all blocks
    std::size_t next_size_ = 0;  // of the next block
    std::vector<block> blocks_;
};

}  // namespace tollgate::control
