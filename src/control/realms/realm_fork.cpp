// Realms that begin as a copy of another one.
#include <utility>

#include "control/realms/realm_names.hpp"
#include "control/realms/realm_registry.hpp"
#include "control/realms/realm_snapshot.hpp"

namespace tollgate::control {

namespace {

// Unless it has a place of its own.
problem at_name(std::size_t i, problem const& why) {
    auto const& text = why.description();
    if (text.starts_with('/')) return why;
    problem told(why.status(), why.error(), "/names/" + std::to_string(i) + ": " + text);
    return why.status() == 503 ? told.with("Retry-After", "1") : told;
}

// What its parent is itself a copy of has ended for it before: the earlier end of a name counts.
std::shared_ptr<http::other_names const> with_ends(http::other_names const& all,
                                                   http::realm const& parent, time_point now) {
    auto ended = std::make_shared<http::other_names>(all);
    if (parent.kin()) ended->until = parent.kin()->until;
    for (auto const* names : {&all.issuers, &all.mcp_bases})
        for (auto const& name : *names)
            ended->until.try_emplace(name, now);
    return ended;
}

}  // namespace

// Like the realm that it is a copy of, but for how it is reached and how long it lives.
realm_settings realm_registry::settings_of_fork(http::realm const& parent,
                                                fork_request const& wanted, std::string const& name,
                                                realm_listeners const& ports) const {
    auto birth = parent.get<realm_state>().birth();
    birth.way = wanted.way;
    birth.founder.clear();
    birth.base = wanted.way == isolation::path ? "/r/" + name : std::string();
    birth.as_port = ports.as ? ports.as->port : static_cast<unsigned short>(0);
    birth.mcp_port = ports.mcp ? ports.mcp->port : static_cast<unsigned short>(0);
    if (wanted.ttl) birth.ttl = wanted.ttl;
    if (!birth.ttl) birth.ttl = options_.ttl;
    return birth;
}

// One of them, built and not yet to be found. The caller holds making_.
outcome<realm_registry::begun_realm> realm_registry::begin_fork(http::realm const& parent,
                                                                fork_request const& wanted,
                                                                std::size_t i) {
    auto const& name = wanted.names[i];
    auto const room = may_be_made(name);
    if (!room) return at_name(i, room.error());
    realm_request ports_for;
    ports_for.name = name;
    ports_for.way = wanted.way;
    auto const ports = open_ports(ports_for);
    if (!ports) return at_name(i, ports.error());
    {
        std::scoped_lock const lock(map_mutex_);
        founding_.insert(name);
    }
    begun_realm made;
    made.listeners = *ports;
    made.realm = build(name, settings_of_fork(parent, wanted, name, *ports));
    made.realm->set_kin(wanted.kin);
    return made;
}

// As far as it goes.
outcome<void> realm_registry::begin_forks(http::realm const& parent, fork_request const& wanted,
                                          std::vector<begun_realm>& begun) {
    std::scoped_lock const lock(making_);
    for (std::size_t i = 0; i < wanted.names.size(); ++i) {
        auto made = begin_fork(parent, wanted, i);
        if (!made) return made.error();
        begun.push_back(std::move(*made));
    }
    return outcome<void>();
}

task<outcome<void>> realm_registry::complete_forks(std::vector<begun_realm> const& begun,
                                                   snapshot_ptr image) {
    for (auto const& one : begun) {
        auto const done = co_await load_snapshot(one.realm, image, to_, clock_, keeps(*one.realm));
        if (!done) co_return done.error();
    }
    for (auto const& one : begun) {
        auto const kept = co_await keep_whole(one.realm);
        if (!kept) co_return kept.error();
    }
    for (auto const& one : begun)
        publish(one.realm, one.listeners);
    for (auto const& one : begun) {
        auto const settled = co_await settle_connections(one.realm);
        if (!settled) co_return settled.error();
    }
    co_return outcome<void>();
}

void realm_registry::give_up(begun_realm const& begun) {
    if (withdraw(begun.realm)) return;
    if (begun.listeners.as && options_.ports.close) options_.ports.close(begun.listeners);
    std::scoped_lock const lock(map_mutex_);
    founding_.erase(begun.realm->name());
    // Its records may be there already.
    closing_.insert(begun.realm->name());
}

task<void> realm_registry::take_back(std::vector<begun_realm> const& begun) {
    for (auto const& one : begun)
        give_up(one);
    for (auto const& one : begun) {
        auto name = one.realm->name();
        [[maybe_unused]] auto const done = co_await forget_one(std::move(name));
    }
}

// Found by others when it is written down: who deletes it then deletes what is there.
task<outcome<http::realm_ptr>> realm_registry::make(realm_request wanted) {
    auto name = wanted.name;
    auto const ours = co_await claim_new(name);
    if (!ours) co_return ours.error();
    auto const begun = begin(std::move(wanted));
    if (!begun) co_await unclaim(std::move(name));
    if (!begun) co_return begun.error();
    auto const kept = co_await keep_whole(begun->realm);
    if (!kept) {
        std::vector<begun_realm> const all{*begun};
        co_await take_back(all);
        co_return kept.error();
    }
    publish(begun->realm, begun->listeners);
    co_return begun->realm;
}

task<outcome<std::vector<http::realm_ptr>>> realm_registry::fork(http::realm_ptr parent,
                                                                 fork_request wanted) {
    // It shall not be the longest idle one, which goes where its copies want room.
    parent->get<realm_state>().touch(clock_.now());
    auto const image = co_await take_snapshot(parent, to_, clock_);
    if (!image) co_return image.error();
    if (wanted.kin) {
        wanted.kin = with_ends(*wanted.kin, *parent, parent->time().at(clock_.now()));
    }
    // All or none.
    std::vector<begun_realm> begun;
    outcome<void> done;
    for (std::size_t i = 0; i < wanted.names.size() && done; ++i) {
        auto const ours = co_await claim_new(wanted.names[i]);
        if (!ours) done = at_name(i, ours.error());
    }
    if (done) done = begin_forks(*parent, wanted, begun);
    if (done) done = co_await complete_forks(begun, *image);
    if (!done) {
        co_await take_back(begun);
        for (auto const& name : wanted.names)
            co_await unclaim(name);
        co_return done.error();
    }
    std::vector<http::realm_ptr> made;
    for (auto const& one : begun)
        made.push_back(one.realm);
    co_return made;
}

}  // namespace tollgate::control
