// Database: the records below one prefix, as scripts and commands see them. What the calls of the
// store ask of Redis, and what they are told.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "store/redis/link.hpp"
#include "store/redis/protocol/layout.hpp"
#include "store/redis/realm_names.hpp"
#include "store/redis/sharing/fences.hpp"
#include "store/store.hpp"

namespace tollgate::oauth::redis {

// What the servers do with what is lost: nothing that this process was told is there.
class database {
public:
    database(link& over, std::string prefix) : link_(over), prefix_(std::move(prefix)) {}

    realm_keys keys(std::string_view realm) const { return {prefix_, realm}; }
    realm_names& names() noexcept { return names_; }
    fences& fenced() noexcept { return fences_; }

    // Asks, counts, and says in the log what could not be done: 503 "unavailable" then.
    task<outcome<reply>> read(request r);
    task<outcome<reply>> write(request r);
    // Likewise a change of that realm, under the ownership of this process where it claims realms:
    // 503 where it is another's.
    task<outcome<reply>> write_in(std::string realm, request r);
    // Puts that ownership in; false where there is none any more. Of a realm by scenario path none
    // can be put in: false where that of "default" is in doubt.
    bool put_fence(std::string const& realm, request& r) const;
    // A change was refused because the realm is another's: `then` is told its name.
    void on_lost(std::function<void(std::string const& realm)> then);
    // The list of realms has its name, from before its first record on.
    task<outcome<void>> name(std::string realm);
    // Realms that have, or had, records.
    task<outcome<std::vector<std::string>>> named();
    // Whether it has any; of what kind does not matter.
    task<outcome<bool>> has_records(std::string realm);

    // Versions of one start; none comes twice.
    void begin_versions(std::uint64_t starts) noexcept { version_ = starts << 40; }
    std::uint64_t next_version() noexcept { return ++version_; }

    // A call could not be done a moment ago.
    bool is_failing() const noexcept;

private:
    outcome<reply> result_of(answer a, bool changed);

    link& link_;
    std::string const prefix_;
    realm_names names_;
    fences fences_;
    std::mutex lost_mutex_;
    std::function<void(std::string const&)> lost_;
    std::atomic<std::uint64_t> version_{0};
    std::atomic<steady::time_point> failed_at_{steady::time_point::min()};
};

}  // namespace tollgate::oauth::redis
