#include "control/journal/event_blocks.hpp"

#include <algorithm>
#include <cstring>

#include "base/metrics.hpp"
#include "control/journal/copy_around_caches.hpp"

namespace tollgate::control {

namespace {

metric pushed_out(metric::kind::counter, "tollgate_journal_dropped_total",
                  "Events that were pushed out of a full journal.");

// A journal with few events is small; one that is full loses at most a sixteenth of them at once.
constexpr std::size_t first_size = 4 << 10;
constexpr std::size_t largest_size = 32 << 10;
constexpr std::size_t least_blocks = 16;

struct alignas(16) line {
    std::byte bytes[16];
};

std::shared_ptr<std::byte> aligned_bytes(std::size_t size) {
    auto const lines = std::make_shared_for_overwrite<line[]>(size / sizeof(line));
    return {lines, lines.get()->bytes};
}

// A full journal goes round in more memory than the nearest caches of a processor have, and few of
// its events are ever read: most are written around them, and what serves requests stays there.
void write(packing const& e, std::uint64_t seq, std::byte* to) noexcept {
    alignas(16) std::byte packed[4 << 10];
    if (e.size() > sizeof packed) return e.write(to, seq);
    e.write(packed, seq);
    copy_around_caches(to, packed, e.size());
}

}  // namespace

event_blocks::event_blocks(std::size_t capacity) noexcept
    : capacity_(capacity / 16 * 16), next_size_(first_size) {}

// The oldest go until that many bytes fit in; all of them where they never would.
void event_blocks::make_room(std::size_t size) {
    auto last = blocks_.begin();
    for (; last != blocks_.end() && bytes_ + size > capacity_; ++last) {
        bytes_ -= last->size;
        pushed_out.add(static_cast<std::int64_t>(last->entries.size()));
    }
    blocks_.erase(blocks_.begin(), last);
}

void event_blocks::append_block(std::uint64_t first, std::size_t least) {
    auto const usual = std::min(next_size_, capacity_ / least_blocks / 16 * 16);
    auto const size = std::max(usual, least);
    next_size_ = std::min(next_size_ * 2, largest_size);
    make_room(size);
    if (size > capacity_) return;
    block b;
    b.first = first;
    b.size = size;
    b.bytes = aligned_bytes(size);
    blocks_.push_back(std::move(b));
    bytes_ += size;
}

std::byte* event_blocks::place_for(std::uint64_t seq, std::size_t size, delivery how) {
    auto const takes = [&](block const& b) {
        return b.end() == seq && b.size - b.used >= size;  // another number: one was lost
    };
    if (blocks_.empty() || !takes(blocks_.back())) append_block(seq, size);
    if (blocks_.empty()) {  // it alone is larger than the journal
        pushed_out.add(1);
        return nullptr;
    }
    auto& last = blocks_.back();
    last.entries.push_back({static_cast<std::uint32_t>(last.used), how});
    auto* const place = last.bytes.get() + last.used;
    last.used += size;
    return place;
}

void event_blocks::add(std::uint64_t seq, packing const& e) {
    auto* const place = place_for(seq, e.size(), e.how());
    if (place != nullptr) write(e, seq, place);
}

void event_blocks::add(std::uint64_t seq, std::string_view packed, delivery how) {
    auto* const place = place_for(seq, packed.size(), how);
    if (place != nullptr) std::memcpy(place, packed.data(), packed.size());
}

void event_blocks::note_delivery(std::uint64_t seq, delivery how) noexcept {
    for (auto b = blocks_.rbegin(); b != blocks_.rend(); ++b) {
        if (seq < b->first) continue;
        if (seq < b->end()) b->entries[seq - b->first].how = how;
        return;
    }
}

delivery event_blocks::how(std::uint64_t seq) const noexcept {
    auto const b = std::ranges::find_if(blocks_, [&](block const& one) { return seq < one.end(); });
    bool const is_there = b != blocks_.end() && seq >= b->first;
    return is_there ? b->entries[seq - b->first].how : delivery::pending;
}

std::vector<event_blocks::block> event_blocks::blocks(std::uint64_t since) const {
    std::vector<block> found;
    for (auto const& b : blocks_)
        if (b.end() > since) found.push_back(b);
    return found;
}

}  // namespace tollgate::control
