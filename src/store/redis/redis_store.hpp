// Redis store: records in a server, or a cluster, of Redis 7 or Valkey, for one process or several.
//
//     protocol/                       what is written where, and how; every change, as a script
//     link.hpp                        connections, and who is asked
//     membership.hpp                  which processes use the records
//     ownership.hpp, fences.hpp       whose realms are, and that nobody else changes them
//     database.hpp, sweeper.hpp       what the calls of the store ask
#pragma once

#include <chrono>
#include <string>

#include "base/clock.hpp"
#include "store/opened.hpp"

namespace tollgate::oauth {

struct redis_options {
    std::string url;                  // store.url
    std::string prefix = "tollgate";  // store.prefix
    std::string key_file;             // store.key_file; sealed with it is what Redis must not show
    std::string ca_file;              // trusted besides the certificates of the system
    std::chrono::milliseconds timeout{2'000};
    bool may_make = true;  // records where there are none yet
    bool alone = false;    // nobody else may use the records meanwhile
    // What all who use them must have alike: "NAME=VALUE" each, parted by spaces.
    std::string same;
    std::chrono::milliseconds sweeping{1'000};  // how often what is over is looked for
};

// `time` must outlive the store. Throws std::runtime_error with a sentence where the server cannot
// be used: it does not answer, takes no writes, is in use, or holds what is not ours.
opened_store open_redis_store(redis_options o, tollgate::clock const& time);

// Writes that below a prefix that has no records yet; all of it, or the next one to open it is told
// that it is not complete. Throws as above, and where its key is not the one that they were sealed
// with.
void fill_redis_store(redis_options o, taken_out const& all);

}  // namespace tollgate::oauth
