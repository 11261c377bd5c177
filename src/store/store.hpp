// Store: where everything that outlives a request is kept, records by kind and key.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "base/time_shift.hpp"
#include "http/message/problem.hpp"

namespace tollgate::oauth {

// Files hold these numbers and names: none of them changes, a new one goes to the end.
enum class kind : unsigned char {
    client,
    code,
    access_token,
    refresh_token,
    grant,
    device_code,     // a device authorization (RFC 8628), by its device code
    user_code,       // which of them a user code stands for
    seen,            // identifiers of assertions and proofs that may be used once (jti)
    upstream_login,  // who was sent to the provider and has not come back (pending_login.hpp)
    upstream_token,  // what the provider gave for a family, sealed
                     // (oauth/upstream/broker/token_vault.hpp)
    id_token,        // what an id_token stands for when it is exchanged (RFC 8693)
    seed,            // a seeded refresh token: it waits, or somebody has presented it
    realm,           // of no realm (server_wide): how a named realm was made
    state,           // what a realm is besides its records: keys; policy, faults and clock
    session,         // an MCP session (mcp/session/session_document.hpp), by a digest of its id
    journal,         // what happened in a realm, sealed (control/realms/kept_journal.hpp)
    browser,         // who logged in in a browser and agreed to what, by a digest of its cookie
};
inline constexpr std::size_t kind_count = 17;

// The realm of what belongs to none.
inline constexpr std::string_view server_wide;

struct kind_row {
    oauth::kind kind;
    std::string_view name;
    bool outlives_reset;  // POST /control/reset leaves it
};
inline constexpr std::array<kind_row, kind_count> kind_table{{
    {kind::client, "client", true},
    {kind::code, "code", false},
    {kind::access_token, "access_token", false},
    {kind::refresh_token, "refresh_token", false},
    {kind::grant, "grant", false},
    {kind::device_code, "device_code", false},
    {kind::user_code, "user_code", false},
    {kind::seen, "seen", true},  // an assertion that was used stays used
    {kind::upstream_login, "upstream_login", false},
    {kind::upstream_token, "upstream_token", false},
    {kind::id_token, "id_token", false},
    {kind::seed, "seed", false},
    {kind::realm, "realm", true},
    {kind::state, "state", true},
    {kind::session, "session", false},
    {kind::journal, "journal", true},
    {kind::browser, "browser", false},
}};
std::vector<kind> all_kinds();
std::vector<kind> kinds_of_logins();  // those that a reset erases

struct record {
    std::string body;                 // JSON
    std::string group;                // the grant's family; empty = belongs to none
    std::vector<std::string> others;  // further groups whose end is its end: few, none empty
    time_point expires_at = time_point::max();
    std::uint64_t version = 0;  // set by the store; what replace() compares
    bool redeemed = false;      // set by the store; what redeem() looks at

    record() = default;
    record(std::string b, std::string g, time_point e)
        : body(std::move(b)), group(std::move(g)), expires_at(e) {}
    record(std::string b, std::string g, std::vector<std::string> o, time_point e)
        : body(std::move(b)), group(std::move(g)), others(std::move(o)), expires_at(e) {}

    bool belongs_to(std::string_view name) const noexcept {
        return group == name || std::ranges::find(others, name) != others.end();
    }
};

struct taken {
    oauth::record record;
    bool first_time = false;
    taken() = default;
    taken(oauth::record r, bool f) : record(std::move(r)), first_time(f) {}
};

// A record and where it stands in its realm.
struct kept_record {
    oauth::kind kind;
    std::string key;
    oauth::record record;
};
// All records of a realm at one moment.
using realm_records = std::vector<kept_record>;

inline constexpr std::size_t keys_of_a_page = 1000;
struct key_page {
    std::vector<std::string> keys;
    std::string next;  // where the next page begins; empty: this was the last one
};

// Thread-safe. Keys are digests of secrets (never the secrets) and belong to one realm. An
// expired record is not there; whether it is expired says the clock of its realm (keep_time).
// Not-found is problem 404 with error "not_found"; the names of the other failures: "conflict"
// (409), "group_dead" (409), "unavailable" (503).
class store {
public:
    virtual ~store() = default;

    // Fails when the key exists (conflict) or one of its groups was erased before (group_dead).
    virtual task<outcome<void>> put(std::string_view realm, kind k, std::string_view key,
                                    record r) = 0;
    // All of them or none: fails as put does, and then nothing is written. No key may be there
    // twice. What the store says of a record is ignored, as by put.
    virtual task<outcome<void>> put_all(std::string_view realm, realm_records all) = 0;
    virtual task<outcome<record>> get(std::string_view realm, kind k, std::string_view key) = 0;
    // Atomic: of two callers exactly one is told first_time. The record stays (to notice reuse).
    virtual task<outcome<taken>> redeem(std::string_view realm, kind k, std::string_view key) = 0;
    // Compare and set: fails with conflict unless the record still has `version`, and with
    // group_dead as put does. Its groups are those of `r` from then on.
    virtual task<outcome<void>> replace(std::string_view realm, kind k, std::string_view key,
                                        record r, std::uint64_t version) = 0;
    virtual task<outcome<void>> erase(std::string_view realm, kind k, std::string_view key) = 0;
    // All that belongs to that group, whatever else it belongs to; how many there were. Costs what
    // the group has and not what the realm has. Leaves a tombstone, so that a put that races with
    // it fails.
    virtual task<outcome<std::size_t>> erase_group(std::string_view realm,
                                                   std::string_view group) = 0;
    // Everything of those kinds in a realm.
    virtual task<outcome<std::size_t>> erase_kinds(std::string_view realm,
                                                   std::vector<kind> kinds) = 0;
    // Keys that are alive (not expired, not redeemed), about a thousand of them: the first where
    // `from` is empty, else those from where the page before said. A key that is there all the
    // while is in a page, and in another one at most where the store moves records meanwhile; one
    // that comes or goes meanwhile may be.
    virtual task<outcome<key_page>> page(std::string_view realm, kind k, std::string_view from) = 0;
    // How many there are; as page() tells them where that changes meanwhile.
    virtual task<outcome<std::size_t>> count(std::string_view realm, kind k) = 0;

    // The records of that realm live by this clock from now on; null: by the store's own, as those
    // of every other realm. What the clock still holds valid is never swept.
    virtual void keep_time(std::string_view realm, std::shared_ptr<time_shift const> by) = 0;
    // What that clock shows.
    virtual time_point now(std::string_view realm) const = 0;
    // All of a realm at one moment, used and expired ones too.
    virtual task<outcome<realm_records>> copy(std::string_view realm) = 0;
    // Those in the place of all that the realm has, at one moment. They get new versions, so that
    // nobody replaces one that was read before; groups that were erased are as good as new.
    virtual task<outcome<void>> replace_all(std::string_view realm, realm_records records) = 0;
    // Realms that have records, used and expired ones too; server_wide among them. Not fast.
    virtual task<outcome<std::vector<std::string>>> realms() = 0;
    // What it says to be written is there when the process begins again, however it ended.
    virtual bool is_durable() const noexcept { return false; }
};

// `time` must outlive the store; it is the real clock.
std::unique_ptr<store> make_memory_store(tollgate::clock const& time);

// The keys of all pages, each once, in their order: for kinds of which there are few.
task<outcome<std::vector<std::string>>> all_keys(store& s, std::string realm, kind k);

problem no_such_record();
problem record_conflict(std::string why);
problem group_is_dead();
problem store_unavailable();

}  // namespace tollgate::oauth
