#include "store/sqlite/readers.hpp"

#include "base/log/log.hpp"
#include "store/store.hpp"
#include "store/store_metrics.hpp"

namespace tollgate::oauth {

std::unique_ptr<database> readers::borrow() {
    store_reads.add();
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
    // Pages. What one has cached is out of date with each change, and costs when it is given up.
    db->run("PRAGMA cache_size = 32");
    return db;
}

void readers::give_back(std::unique_ptr<database> db) {
    std::lock_guard const lock(mutex_);
    idle_.push_back(std::move(db));
}

problem readers::failed(database_error const& why) {
    failed_store_reads.add();
    log(log_level::error, "store_read_failed", {{"why", why.what()}});
    return store_unavailable();
}

}  // namespace tollgate::oauth
