// Journal keeper: writes journals of realms into a store that outlives the process, beside the
// requests, and reads them when a realm comes here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/single_flight.hpp"
#include "base/task.hpp"
#include "control/realms/kept_journal.hpp"
#include "http/message/problem.hpp"
#include "http/realm/realm.hpp"
#include "store/store.hpp"

namespace tollgate::control {

// Thread-safe. Of a realm with a kept_journal.
class journal_keeper {
public:
    // `s` must outlive it.
    explicit journal_keeper(oauth::store& s) : store_(s) {}

    // Whether there is anything to write.
    static bool has_news(http::realm const& r);
    // All events before number `until` are in the store when this succeeds. Fails as the store
    // does.
    task<outcome<void>> keep(http::realm_ptr r, std::uint64_t until);
    // Whatever there is now.
    task<outcome<void>> keep_news(http::realm_ptr r);
    // What an earlier process has written, into a realm that nobody uses yet. Fails as the store
    // does; what cannot be read is left out, with a line in the log.
    task<outcome<void>> restore(http::realm& r);
    // Nothing of that realm is being written when this returns: for who has ended its kept_journal
    // and erases its records.
    task<void> settle(std::string realm);

private:
    task<outcome<void>> write(http::realm_ptr r);
    task<outcome<void>> write_again(http::realm_ptr r);
    task<outcome<void>> write_new(http::realm_ptr r);
    task<outcome<kept_batch>> put(http::realm_ptr r, event_batch b);
    task<outcome<void>> erase_useless(http::realm_ptr r);
    task<outcome<void>> read(http::realm& r, std::string key);

    oauth::store& store_;
    single_flight<outcome<void>> flights_;  // by the name of the realm
};

}  // namespace tollgate::control
