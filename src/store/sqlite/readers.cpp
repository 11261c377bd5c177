#include "store/sqlite/readers.hpp"

#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "store/store.hpp"

namespace tollgate::oauth {

namespace {

metric reads(metric::kind::counter, "tollgate_store_reads_total", "Questions to the store.");
metric failed_reads(metric::kind::counter, "tollgate_store_failures_total{call=\"read\"}",
                    "Calls to the store that could not be done.");

}  // namespace

std::unique_ptr<database> readers::borrow() {
    reads.add();
    {
        std::lock_guard const lock(mutex_);
        if (!idle_.empty()) {
            auto db = std::move(idle_.back());
            idle_.pop_back();
            return db;
        }
    }
    auto db = std::make_unique<database>(path_);
    db->run("PRAGMA query_only = 1");
    return db;
}

void readers::give_back(std::unique_ptr<database> db) {
    std::lock_guard const lock(mutex_);
    idle_.push_back(std::move(db));
}

problem readers::failed(database_error const& why) {
    failed_reads.add();
    log(log_level::error, "store_read_failed", {{"why", why.what()}});
    return store_unavailable();
}

}  // namespace tollgate::oauth
