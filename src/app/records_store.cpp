#include "app/records_store.hpp"

#include <filesystem>
#include <stdexcept>

namespace tollgate {

oauth::sqlite_options sqlite_options(config const& c) {
    oauth::sqlite_options o;
    o.path = (std::filesystem::path(c.folder) / c.store.path).lexically_normal().string();
    o.full_sync = c.store.synchronous == "full";
    return o;
}

records_store::records_store(config const& c, tollgate::clock const& time) {
    if (c.store.backend != "sqlite") {
        records = oauth::make_memory_store(time);
        return;
    }
    auto opened = oauth::open_sqlite_store(sqlite_options(c), time);
    records = std::move(opened.store);
    secret = std::move(opened.secret);
    keeper = std::make_shared<oauth::key_keeper>(*records, secret);
    auto first = wait_at_start(keeper->first_keys());
    if (!first)
        throw std::runtime_error("store.path: the signing keys in " + sqlite_options(c).path +
                                 " cannot be read; bring a copy of it back, or name another file");
    keys = std::move(*first);
}

}  // namespace tollgate
