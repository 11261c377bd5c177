// SQLite store: records in a file of this machine, for one process.
//
//     key_file.hpp   PATH.key: lock and secret
//     schema.hpp     whose file it is, its tables, versions of them
//     writer.hpp     one thread that changes, many changes in one transaction
//     readers.hpp    connections that look meanwhile
//     records.hpp    what the calls of the store do in the tables
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "store/store.hpp"

namespace tollgate::oauth {

struct sqlite_options {
    std::string path;
    // Every commit waits until the disk has it: what was acknowledged survives a loss of power,
    // too.
    bool full_sync = false;
    bool may_make = true;  // a file that there is not
};

struct opened_store {
    std::unique_ptr<oauth::store> store;
    // Seals what the records may not show (key_file.hpp): the same whenever this file is opened.
    std::string secret;
};

// `time` must outlive the store. Throws std::runtime_error with a sentence where the file cannot be
// used: by whom it is in use, whose it is, what is wrong with it.
opened_store open_sqlite_store(sqlite_options o, tollgate::clock const& time);

}  // namespace tollgate::oauth
