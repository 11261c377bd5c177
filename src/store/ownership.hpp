// Ownership: which of the processes that share a store answers for a realm.
//
// One at a time has a realm: what of it lies in memory (sessions, streams, faults, the journal) is
// there once. A realm whose name has a dot (those by scenario path) is of whoever has "default". A
// process that lives renews a record of itself in the store; where that has run out,
// others take its realms. What it had sent before is refused from then on: every change of a
// realm carries the token of the ownership that it was made under. Two kinds carry none, because
// the token lies elsewhere: that a named realm is there, and records of realms by scenario path.
// Who is in doubt of its ownership asks again before those.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "http/message/problem.hpp"

namespace tollgate::oauth {

// A process, and where it listens for the others ("10.0.0.7:7400").
struct instance {
    std::string id;
    std::string address;
};

struct realm_claim {
    bool ours = false;
    // Ours since just now: what this process has in memory of the realm is of before, and over.
    bool taken_over = false;
    instance owner;  // where it is not ours
};

// Thread-safe.
class realm_owners {
public:
    virtual ~realm_owners() = default;

    // Makes it ours where nobody has it, or whoever had it lives no more. `sure`: does not rely on
    // what was known of the others up to two seconds ago. 503 where the store cannot say.
    virtual task<outcome<realm_claim>> claim(std::string realm, bool sure) = 0;
    // Who has it and lives; nothing where it is free. Takes nothing.
    virtual task<outcome<std::optional<instance>>> owner_of(std::string realm) = 0;
    // Whoever comes next may have it. `forever`: the realm is no more.
    virtual task<void> release(std::string realm, bool forever) = 0;
    // It is ours now, without doubt.
    virtual bool holds(std::string_view realm) const = 0;
    // Likewise as far as is known: what is written under it may still be refused.
    virtual bool claims(std::string_view realm) const = 0;
    // This process is one of those that live, as the others see it.
    virtual bool is_alive() const = 0;
    // As of two seconds ago at most.
    virtual std::vector<instance> others() const = 0;
    // As of now. 503 where the store cannot say.
    virtual task<outcome<std::vector<instance>>> others_now() = 0;
    virtual bool lives(std::string_view id) const = 0;
    virtual std::string const& id() const noexcept = 0;
    // Where this process listens for the others. Blocks; before anybody is served.
    virtual void announce(std::string address) = 0;
    // `then`: a realm that was ours is another's. Called on any thread, which must not be kept.
    // Empty: nobody wants to know any more.
    virtual void on_loss(std::function<void(std::string const& realm)> then) = 0;
    // Lets go of all that it has. Blocks; when nobody is served any more.
    virtual void release_all() = 0;
};

}  // namespace tollgate::oauth
