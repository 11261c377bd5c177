// SQLite store: records in a file of this machine, for one process.
//
//     key_file.hpp   PATH.key: lock and secret (store/key_file.hpp)
//     schema.hpp     whose file it is, its tables, versions of them
//     writer.hpp     one thread that changes, many changes in one transaction
//     readers.hpp    connections that look meanwhile
//     records.hpp    what the calls of the store do in the tables
#pragma once

#include <string>

#include "base/clock.hpp"
#include "store/opened.hpp"

namespace tollgate::oauth {

struct sqlite_options {
    std::string path;
    // Every commit waits until the disk has it: what was acknowledged survives a loss of power,
    // too.
    bool full_sync = false;
    bool may_make = true;  // a file that there is not
};

// `time` must outlive the store. Throws std::runtime_error with a sentence where the file cannot be
// used: by whom it is in use, whose it is, what is wrong with it.
opened_store open_sqlite_store(sqlite_options o, tollgate::clock const& time);

// Writes that into a file that has no records yet; all of it or nothing. Throws as above, and where
// the file has records or its key is not the one that they were sealed with.
void fill_sqlite_store(sqlite_options o, taken_out const& all);

}  // namespace tollgate::oauth
