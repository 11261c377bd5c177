// Kept journal: which events of a realm are in a store that outlives the process, and in which
// records.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sealer.hpp"
#include "control/journal/event_batch.hpp"
#include "store/store.hpp"

namespace tollgate::control {

// A record with events. Its key is the number of the first, a dot, and which writing of the realm
// it is: where it grows, or what is known of its answers changes, it is written under another key
// before the old one goes, so that its events are there at every moment.
struct kept_batch {
    std::string key;
    std::uint64_t first = 1;
    std::uint64_t end = 1;
    std::size_t bytes = 0;
    std::vector<std::uint64_t> pending{};  // exchanges of which it is not known how they got away
};

// Hangs on the realm. What is atomic may be used by any thread, the rest by the one that writes or
// reads the records (journal_keeper.hpp).
class kept_journal {
public:
    // Requests and answers are in events with their secrets: `secret` seals them, for that realm.
    kept_journal(std::string_view secret, std::string realm);

    // Events before that number are in the store, or were pushed out of the journal before.
    std::uint64_t until() const noexcept { return until_; }
    void set_until(std::uint64_t number) noexcept { until_ = number; }

    // What the realm had in the store was replaced: all of the journal is to be written again.
    void lose() noexcept { lost_ = true; }
    bool is_lost() const noexcept { return lost_; }
    // True once after lose().
    bool take_lost() noexcept { return lost_.exchange(false); }

    // The realm is no more, or another instance's: nothing of it is to be written.
    void end() noexcept { over_ = true; }
    bool is_over() const noexcept { return over_; }

    // Something beside new events may be to be written, or erased.
    bool has_unfinished() const noexcept { return unfinished_; }
    void note_unfinished();

    // A record of those events, under a key that none has had. Without events it says which number
    // comes next.
    oauth::kept_record record_of(event_batch const& b);
    // Without the events where they are damaged, sealed with another secret, or of a program that
    // packs them otherwise; nothing where it is no such record.
    std::optional<event_batch> batch_of(std::string_view body) const;
    // The order in which records are to be read: by the first event, and of several writings of the
    // same the last one first.
    static bool comes_before(std::string const& a, std::string const& b) noexcept;
    // No key of record_of() is that one.
    void note_key(std::string_view key);

    std::vector<kept_batch> batches;   // in their order
    std::vector<std::string> useless;  // keys of records that are to be erased

private:
    std::string const realm_;
    sealer const sealer_;
    std::atomic<std::uint64_t> until_{1};
    std::atomic<bool> lost_{false};
    std::atomic<bool> over_{false};
    std::atomic<bool> unfinished_{false};
    std::atomic<std::uint64_t> writings_{0};
};

// The batch that record is, as its writer keeps it in mind.
kept_batch kept_batch_of(std::string key, event_batch const& b);

}  // namespace tollgate::control
