#include "store/sqlite/writer.hpp"

#include <algorithm>
#include <span>

#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "store/store_metrics.hpp"

namespace tollgate::oauth {

namespace {

// More wait in the queue, which is bounded by the requests that can be open.
constexpr std::size_t most_in_a_batch = 512;

// In KiB. Keys are digests, so that writes go to pages all over the file; each commit looks at all
// that are cached.
constexpr char const* cache = "PRAGMA cache_size = -8000";
// Pages of 4 KiB between checkpoints: one that changes again meanwhile is copied into the database
// once. The log is as long on the disk.
constexpr char const* checkpoints = "PRAGMA wal_autocheckpoint = 8192";

metric commits(metric::kind::counter, "tollgate_store_commits_total",
               "Transactions in which they were written.");

void say_failed(std::size_t changes, database_error const& why) {
    failed_store_writes.add(static_cast<std::int64_t>(changes));
    log(log_level::error, "store_write_failed",
        {{"changes", std::to_string(changes)}, {"why", why.what()}});
}

}  // namespace

writer::writer(std::string const& path, bool full_sync, tollgate::clock const& time,
               realm_times const& times, std::uint64_t versions)
    : clock_(time), db_(path), records_(db_, times, versions) {
    db_.run(full_sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    db_.run(cache);
    db_.run(checkpoints);
    thread_ = std::thread([this] { work(); });
}

writer::~writer() {
    {
        std::lock_guard const lock(mutex_);
        ending_ = true;
    }
    arrived_.notify_one();
    thread_.join();
}

void writer::enqueue(std::unique_ptr<pending_change> one) {
    {
        std::lock_guard const lock(mutex_);
        waiting_.push_back(std::move(one));
    }
    arrived_.notify_one();
}

void writer::work() {
    for (;;) {
        batch all;
        {
            std::unique_lock lock(mutex_);
            arrived_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            all.swap(waiting_);
        }
        commit(all);
    }
}

void writer::commit(batch& all) {
    for (std::size_t begin = 0; begin < all.size(); begin += most_in_a_batch) {
        std::span const part(all.data() + begin, std::min(most_in_a_batch, all.size() - begin));
        auto why = try_all(part);
        if (why && !why->is_of_the_file() && part.size() > 1) {
            // One of them cannot be written: the others can.
            for (auto& one : part)
                if (auto const again = try_all({&one, 1})) {
                    say_failed(1, *again);
                    one->fail(store_unavailable());
                }
        } else if (why) {
            say_failed(part.size(), *why);
            for (auto const& one : part)
                one->fail(store_unavailable());
        }
        for (auto const& one : part)
            one->tell();
    }
}

std::optional<database_error> writer::try_all(std::span<std::unique_ptr<pending_change>> all) {
    try {
        auto const now = clock_.now();
        query(db_, "BEGIN IMMEDIATE").run();
        for (auto const& one : all)
            one->attempt(records_, now);
        records_.sweep_next(now);
        query(db_, "COMMIT").run();
        commits.add();
        store_writes.add(static_cast<std::int64_t>(all.size()));
        return std::nullopt;
    } catch (database_error const& e) {
        db_.roll_back();
        return e;
    }
}

}  // namespace tollgate::oauth
