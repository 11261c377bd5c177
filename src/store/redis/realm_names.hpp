// Realm names: which realms the list of realms in Redis has, as far as this process knows.
//
// The list lies in a slot of its own, so no script can write a record and the name of its realm at
// once: the name goes first. Where the last record has gone the name is taken off again, never
// while somebody writes there.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace tollgate::oauth::redis {

// Thread-safe.
class realm_names {
public:
    // Somebody writes there as long as it lives.
    std::shared_ptr<void const> hold(std::string const& realm);

    bool is_known(std::string const& realm) const;
    void learn(std::string const& realm);
    // It is to be named again before the next record. False: somebody writes there.
    bool let_go(std::string const& realm);
    // All of them are.
    void let_all_go();
    // Where somebody wrote since the last call.
    std::set<std::string> take_written();

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::size_t> writers_;
    std::set<std::string> known_;
    std::set<std::string> written_;
};

}  // namespace tollgate::oauth::redis
