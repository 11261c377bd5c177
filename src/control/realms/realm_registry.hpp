// Realm registry: knows the realms, makes them, finds them, lets them go.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/clock.hpp"
#include "base/single_flight.hpp"
#include "control/realms/journal_keeper.hpp"
#include "control/realms/realm_setup.hpp"
#include "control/realms/realm_state.hpp"
#include "http/message/listener.hpp"
#include "http/message/listener_conduct.hpp"
#include "http/realm/resolver.hpp"
#include "store/ownership.hpp"
#include "store/store.hpp"

namespace tollgate::control {

struct realm_snapshot;

// Listeners of a realm's own (isolation "port"), opened and closed by `app`.
struct realm_listeners {
    std::shared_ptr<http::listener_info> as;
    std::shared_ptr<http::listener_info> mcp;  // the same one where both share an origin
};
struct port_opener {
    // Listeners that serve that realm alone; a problem when none can be had.
    std::function<outcome<realm_listeners>(std::string const& realm_name)> open;
    std::function<void(realm_listeners const&)> close;
    // How that listener treats connections from now on. Returns when it does so; not to be called
    // on a thread that serves connections, one call at a time.
    std::function<outcome<void>(std::shared_ptr<http::listener_info> const&,
                                http::listener_conduct)>
        conduct;
    // The CA (PEM) of the certificates that such listeners show.
    std::function<std::string()> authority;
};

// What POST /control/realms asks for; already checked.
struct realm_request {
    std::string name;
    isolation way = isolation::path;
    control::scenario const* scenario = &plain_scenario();
    policy_patch policy;
    std::uint64_t seed = 0;
    std::optional<milliseconds> ttl;
};

// What POST /control/realms/NAME/fork asks for; already checked.
struct fork_request {
    std::vector<std::string> names;  // all different
    isolation way = isolation::path;
    std::optional<milliseconds> ttl;  // nothing: that of the realm they are copies of
    std::shared_ptr<http::other_names const> kin;
};

// Thread-safe. The look-up of the realm `default` takes no lock, that of another one a shared
// lock; making and removing realms is serialised apart from both.
class realm_registry final : public http::realm_directory {
public:
    struct options {
        bool implicit = true;            // realms.implicit
        milliseconds ttl{3'600'000};     // realms.ttl
        std::size_t max = 1000;          // realms.max, without `default`
        std::size_t max_per_peer = 250;  // realms.max_per_peer: implicit ones that one peer made
        // Implicit realms that may be made in a minute: limits.peer_realms, limits.realms.
        http::rate_budget::bounds made{120, 300};
        port_opener ports;                      // empty: isolation "port" is refused
        std::size_t journal_bytes = 256 << 10;  // journal.bytes
        std::shared_ptr<mcp::examiner> exam;    // null: none is held
        // A store that outlives the process, and realms and their state with it; null: they end
        // with the process. Must outlive the registry.
        oauth::store* lasting = nullptr;
        std::string secret;  // of that store: seals journals
        // Where other instances use that store too: whose each realm is. Null: all are ours. Must
        // outlive the registry.
        oauth::realm_owners* owners = nullptr;
    };

    // Makes the realm `default`. Everything passed must outlive the registry.
    realm_registry(options o, tollgate::clock const& time, oauth::administration& oauth,
                   mcp::administration& mcp);
    ~realm_registry() override;

    // Where the state of realms that had to go is forgotten at once; without it that waits for
    // sweep(). The executor's context must be destroyed before the registry.
    void forget_on(boost::asio::any_io_executor executor);

    http::realm_ptr find(std::string_view name) override;
    http::cell_words const* cells() const noexcept override;
    outcome<http::realm_ptr> implicit(std::string_view scenario, std::string_view run,
                                      http::founder const* by) override;

    // 409 when the name is taken, 503 when there is no room, else what the port opener says.
    outcome<http::realm_ptr> create(realm_request wanted);
    // Likewise; it is found when it is written down, if it outlives the process.
    task<outcome<http::realm_ptr>> make(realm_request wanted);
    // Realms that begin as `parent` is now, all of the names or none. Failures as create(), with
    // the place of the name; 409 while `parent` is being set back.
    task<outcome<std::vector<http::realm_ptr>>> fork(http::realm_ptr parent, fork_request wanted);
    // 404 for an unknown name, 409 for `default`. The realm is gone for new requests at once, and
    // when this succeeds so is all that is stored of it. 503 with Retry-After when that could not
    // be forgotten; who asks again tries again, and so does sweep(). Of a realm that was left out
    // of restore() it forgets what is stored.
    task<outcome<void>> remove(std::string name);
    // The listeners of a realm with ports of its own treat connections as its faults now say. To be
    // called when these have changed; what expires ends by itself. Else it does nothing.
    task<outcome<void>> settle_connections(http::realm_ptr r);
    // Of the certificates that its connection faults show.
    std::string authority() const { return options_.ports.authority(); }
    // Nothing is waited for any more: the executor of forget_on() is to run out of work.
    void stop_waiting();
    // What outlived the last process: named realms and what all realms were. Once, before anybody
    // is served. Fails as the store does. A realm that this program cannot make any more is left
    // out: its records stay, and nobody makes one of its name before it is removed.
    task<outcome<void>> restore();
    bool is_lasting() const noexcept { return options_.lasting != nullptr; }
    // Whether that realm outlives the process, at whichever instance.
    bool keeps(http::realm const& r) const noexcept;
    // Writes down what a realm is now: for who has changed it, before anybody is told. keep_whole
    // how it was made as well: for who has made it, and takes it back when this fails. 503 with
    // Retry-After when that fails, also because the realm went to another instance. Of realms that
    // do not outlive the process, and without such a store, nothing.
    task<outcome<void>> keep(http::realm_ptr r);
    task<outcome<void>> keep_whole(http::realm_ptr r);
    // Events of its journal before number `until` outlive the process when this succeeds: for who
    // is about to tell them. 503 with Retry-After when that fails. Likewise, else nothing.
    task<outcome<void>> keep_journal(http::realm_ptr r, std::uint64_t until);
    // All journals, as they are now. To be called now and then, and at the end.
    task<void> keep_journals();
    // Removes what is over its time and forgets what was evicted. To be called now and then.
    task<void> sweep();

    // Any realm by its name, implicit ones too; not a use.
    http::realm_ptr look(std::string_view name) const;
    std::vector<http::realm_ptr> all() const;
    // Without `default` where that is another instance's.
    std::vector<http::realm_ptr> own() const;

    // Several instances (realm_ownership.cpp). A realm by scenario path is of whoever has
    // `default`.

    // Whether this instance has that realm, as it is.
    bool has(std::string_view name) const;
    // Makes it ours where it is nobody's, and what it is then is here. `sure` as
    // realm_owners::claim. Only of a named realm that is there, or `default`. 503 where that cannot
    // be told, or it cannot be read.
    task<outcome<oauth::realm_claim>> have(std::string name, bool sure);
    // Other instances are there, at this moment.
    bool is_shared() const { return options_.owners && !options_.owners->others().empty(); }
    // Whether the store has a named realm of that name.
    task<outcome<bool>> is_kept(std::string name);

    administrations const& servers() const noexcept { return to_; }
    tollgate::clock const& clock() const noexcept { return clock_; }

private:
    using realm_map = std::map<std::string, http::realm_ptr, std::less<>>;

    outcome<http::realm_ptr> make_implicit(scenario const& s, std::string const& name,
                                           realm_settings birth, http::founder const& by);
    outcome<realm_listeners> ports_for(scenario const& s, std::string const& name,
                                       http::founder const& by);
    outcome<void> may_found(http::founder const& by);
    outcome<void> make_room(std::string const& name);
    void make_room_among_own(std::string const& peer);
    struct begun_realm {
        http::realm_ptr realm;
        realm_listeners listeners;
    };
    std::size_t journal_bytes(realm_settings const& birth) const;
    outcome<void> may_be_made(std::string const& name);
    realm_settings settings_of_fork(http::realm const& parent, fork_request const& wanted,
                                    std::string const& name, realm_listeners const& ports) const;
    outcome<begun_realm> begin(realm_request wanted);
    outcome<begun_realm> begin_fork(http::realm const& parent, fork_request const& wanted,
                                    std::size_t i);
    outcome<void> begin_forks(http::realm const& parent, fork_request const& wanted,
                              std::vector<begun_realm>& begun);
    task<outcome<void>> complete_forks(std::vector<begun_realm> const& begun,
                                       std::shared_ptr<realm_snapshot const> image);
    void give_up(begun_realm const& begun);
    task<void> take_back(std::vector<begun_realm> const& begun);
    outcome<realm_listeners> open_ports(realm_request const& wanted);
    http::realm_ptr build(std::string name, realm_settings birth);
    void attach_lasting(http::realm& r) const;
    void publish(http::realm_ptr const& r, realm_listeners const& listeners);
    outcome<void> settle_now(http::realm_ptr const& r);
    // The faults that its listeners follow; null: none.
    struct in_force {
        std::weak_ptr<http::realm> realm;
        fault_ptr as;
        fault_ptr mcp;
        std::weak_ptr<boost::asio::steady_timer> expiry;
    };
    outcome<void> settle_listener(http::realm_ptr const& r, unsigned sides,
                                  std::shared_ptr<http::listener_info> const& at,
                                  fault_ptr& followed);
    void wait_for_expiry(http::realm_ptr const& r, in_force& now);
    // Whoever withdraws a realm has to forget it (forget_one); let_go() leaves that to home_, or to
    // the next sweep. False when somebody else was faster.
    bool withdraw(http::realm_ptr const& r);
    bool let_go(http::realm_ptr const& r);
    outcome<void> take_away(std::string const& name);
    std::size_t withdraw_expired();
    struct idle_realm {
        http::realm_ptr realm;  // the longest idle one; null: there is none
        std::size_t of = 0;     // how many there are
    };
    // Of the implicit realms that `peer` made; of all where it is empty.
    idle_realm longest_idle_implicit(std::string const& peer) const;
    class forgetting;
    task<outcome<bool>> may_erase(std::string name);
    task<outcome<void>> forget_one(std::string name);
    std::optional<std::string> next_withdrawn();
    task<void> forget_withdrawn();
    // realm_restart.cpp
    task<outcome<void>> keep_state(http::realm_ptr r);
    task<outcome<void>> keep_birth(http::realm_ptr r);
    task<outcome<void>> forget_birth(std::string name);
    task<outcome<void>> restore_state(http::realm_ptr r);
    task<outcome<http::realm_ptr>> rebuild(std::string name);
    task<outcome<void>> restore_named(std::string name);
    task<outcome<void>> forget_strangers();
    task<outcome<std::vector<std::string>>> kept_names();
    task<void> keep_counters();
    void end_journal(http::realm const& r) const;
    // realm_ownership.cpp
    http::realm_ptr const& default_realm() const noexcept { return *default_.load(); }
    void begin_default();
    bool is_owned(std::string const& name) const;
    task<outcome<oauth::realm_claim>> have_now(std::string name, bool sure);
    task<outcome<void>> bring_here(std::string name, bool taken_over);
    task<outcome<void>> bring_default(bool taken_over);
    task<outcome<void>> claim_new(std::string name);
    task<void> unclaim(std::string name);
    task<outcome<void>> restore_shared();
    task<outcome<bool>> may_forget(std::string name);
    task<void> claim_free();
    void drop(std::string const& name);
    static void count_alive(int change) noexcept;

    options const options_;
    tollgate::clock const& clock_;
    administrations const to_;
    // The last of `defaults_`; those before are kept, for who looks at this moment.
    std::atomic<http::realm_ptr const*> default_{nullptr};
    std::deque<http::realm_ptr> defaults_;
    std::atomic<bool> default_is_whole_{false};  // it is what the store has of it
    std::atomic<bool> default_was_here_{false};  // somebody may have used the last of them
    single_flight<outcome<oauth::realm_claim>> claims_;
    std::optional<journal_keeper> journals_;  // with a store that outlives the process
    http::rate_budget made_;

    std::mutex making_;  // one realm is made at a time; taken before the next one
    mutable std::shared_mutex map_mutex_;
    realm_map realms_;
    std::map<std::string, realm_listeners, std::less<>> listeners_;
    std::vector<std::string> withdrawn_;           // still to be forgotten, and nobody is at it
    std::set<std::string, std::less<>> closing_;   // those, and what is being forgotten right now
    std::set<std::string, std::less<>> founding_;  // built, and not to be found yet
    std::set<std::string, std::less<>> left_out_;  // in the store, and not restored
    boost::asio::any_io_executor home_;
    std::map<std::uint64_t, in_force> in_force_;  // by the id of the realm; on home_ alone
};

}  // namespace tollgate::control
