// Realm: the unit of isolation. Every client, code, token, session, fault and recording
// belongs to exactly one.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/time_shift.hpp"

namespace tollgate::http {

// Other names of a realm: what it was called before its server was renamed, or what the realm is
// called that it began as a copy of. Tokens of then still say so.
struct other_names {
    std::vector<std::string> issuers;    // origin and base
    std::vector<std::string> mcp_bases;  // likewise
    // Of a copy, by name: when it was made, by the clock of what it is a copy of. Tokens that were
    // issued under that name later are not its own.
    std::map<std::string, time_point, std::less<>> until{};
};

// What a folder keeps of a realm as it was at one moment; only that folder can look into it.
struct realm_image {
    virtual ~realm_image() = default;
};
using image_ptr = std::shared_ptr<realm_image const>;

// Identity plus one state object per folder, attached by `app` when the realm is made.
//
// The folders' state hangs on the realm itself and not in a table beside it: a request holds
// its realm, so what it looks at cannot die under it, and the look-up takes no lock.
class realm {
public:
    explicit realm(std::string name) : name_(std::move(name)) {}
    realm(realm const&) = delete;
    realm& operator=(realm const&) = delete;

    // "default", a given name, or "s.SCENARIO.RUN". Prefixes every store key.
    std::string const& name() const noexcept { return name_; }
    // Of this very object, never used again in this process: a realm that is deleted and made
    // anew has the old name and another id.
    std::uint64_t id() const noexcept { return id_; }

    // How far the clock of this realm is from the real one.
    time_shift& time() const noexcept { return *time_; }
    std::shared_ptr<time_shift> const& time_handle() const noexcept { return time_; }

    // Null unless it began as a copy: the names of those it is a copy of, which it takes for its
    // own. Set before the realm is published to other threads.
    std::shared_ptr<other_names const> const& kin() const noexcept { return kin_; }
    void set_kin(std::shared_ptr<other_names const> names) { kin_ = std::move(names); }

    // Attached once, before the realm is published to other threads.
    template <class Part>
    void attach(std::shared_ptr<Part> part) {
        auto const at = slot<Part>();
        if (parts_.size() <= at) parts_.resize(at + 1);
        parts_[at] = std::move(part);
    }

    // The state that a folder keeps for this realm; it must have been attached.
    template <class Part>
    Part& get() const noexcept {
        return *static_cast<Part*>(parts_[slot<Part>()].get());
    }

private:
    static std::uint64_t next_id() noexcept {
        static std::atomic<std::uint64_t> n{0};
        return n.fetch_add(1, std::memory_order_relaxed);
    }
    static std::size_t next_slot() noexcept {
        static std::atomic<std::size_t> n{0};
        return n.fetch_add(1);
    }
    template <class Part>
    static std::size_t slot() noexcept {
        static std::size_t const mine = next_slot();
        return mine;
    }

    std::string name_;
    std::uint64_t id_ = next_id();
    std::shared_ptr<time_shift> time_ = std::make_shared<time_shift>();
    std::shared_ptr<other_names const> kin_;
    std::vector<std::shared_ptr<void>> parts_;
};

using realm_ptr = std::shared_ptr<realm>;

}  // namespace tollgate::http
