#include "control/realms/realm_registry.hpp"

#include <algorithm>
#include <utility>

#include "control/faults/realm_faults.hpp"
#include "control/gates/realm_gates.hpp"
#include "control/journal/journal.hpp"
#include "control/own_origin.hpp"
#include "control/realms/realm_names.hpp"
#include "control/realms/realm_snapshot.hpp"
#include "control/verdict/exam_progress.hpp"
#include "http/message/url.hpp"

namespace tollgate::control {

namespace {

// It is reached by its scenario path and by its ports, under the host that it was asked for by.
std::shared_ptr<http::other_names const> names_by_both_ways(http::realm const& r,
                                                            http::founder const& by) {
    http::other_names all{{by.issuer}, {by.mcp_base}};
    auto const& birth = r.get<realm_state>().birth();
    auto const at = [](std::string const& url, unsigned short port) {
        auto const a = http::split_url(url);
        return a ? http::make_origin(a->tls, a->host, port) : std::string();
    };
    for (std::string const& base : {std::string(), "/r/" + r.name()}) {
        all.issuers.push_back(at(by.issuer, birth.as_port) + base);
        all.mcp_bases.push_back(at(by.mcp_base, birth.mcp_port) + base);
    }
    return std::make_shared<http::other_names const>(std::move(all));
}

// A new realm of that name would find what the old one has in the store.
problem was_left_out(std::string const& name) {
    return problem(409, "realm_not_restored",
                   "the store has a realm called \"" + name +
                       "\" that could not be brought back when the server started (the line "
                       "not_restored in the log says why). DELETE /control/realms/" +
                       name + " forgets it, and then the name is free");
}

// An exam is longer than what else is judged.
constexpr std::size_t journal_of_exam = 4 << 20;
// So many exams of strangers have that much at a time; further ones have what other realms have.
constexpr std::size_t long_exams_of_strangers = 16;

}  // namespace

realm_registry::realm_registry(options o, tollgate::clock const& time, oauth::administration& oauth,
                               mcp::administration& mcp)
    : options_(std::move(o)), clock_(time), to_{oauth, mcp, options_.exam}, made_(options_.made) {
    if (options_.lasting) journals_.emplace(*options_.lasting);
    begin_default();
    count_alive(1);
    if (options_.owners) options_.owners->on_loss([this](std::string const& name) { drop(name); });
}

realm_registry::~realm_registry() {
    if (options_.owners) options_.owners->on_loss({});
    count_alive(-1 - static_cast<int>(realms_.size()));
}

void realm_registry::forget_on(boost::asio::any_io_executor executor) {
    home_ = std::move(executor);
}

http::realm_ptr realm_registry::look(std::string_view name) const {
    if (name == default_name) return default_realm();
    std::shared_lock const lock(map_mutex_);
    auto const at = realms_.find(name);
    return at == realms_.end() ? nullptr : at->second;
}

std::vector<http::realm_ptr> realm_registry::all() const {
    std::vector<http::realm_ptr> list{default_realm()};
    std::shared_lock const lock(map_mutex_);
    for (auto const& [name, realm] : realms_)
        list.push_back(realm);
    return list;
}

http::cell_words const* realm_registry::cells() const noexcept {
    static constexpr http::cell_words words{&is_mcp_revision, &scenario_at_the_beginning};
    return &words;
}

http::realm_ptr realm_registry::find(std::string_view name) {
    if (name == default_name) return default_realm();
    auto realm = look(name);
    if (!realm) return nullptr;
    // Implicit realms are reached by their scenario path, which with a public URL is a secret, and
    // by ports of their own, which there are without one alone.
    if (!is_realm_name(name) && realm->get<own_origin>().as_port == 0) return nullptr;
    auto& state = realm->get<realm_state>();
    auto const now = clock_.now();
    if (state.expired(now)) {
        let_go(realm);
        return nullptr;
    }
    state.touch(now);
    return realm;
}

outcome<http::realm_ptr> realm_registry::implicit(std::string_view scenario_name,
                                                  std::string_view run, http::founder const* by) {
    auto const how = find_scenario(scenario_name);
    if (!how) return how.error();
    auto const slash = run.find('/');
    auto const revision = slash == run.npos ? std::string_view() : run.substr(slash + 1);
    bool const of_cell = slash != run.npos;
    run = run.substr(0, slash);
    if (!is_run_name(run) || (of_cell && !is_mcp_revision(revision))) {
        return problem(404, "bad_run",
                       "the part behind the scenario names a run: 1 to 64 letters, digits, '-' "
                       "or '_'");
    }
    auto const name = implicit_name(**how, run, revision);
    if (auto realm = look(name)) {
        // One that is over its time and not swept yet is as good as one that was never idle.
        realm->get<realm_state>().touch(clock_.now());
        return realm;
    }
    if (!options_.implicit) {
        return problem(404, "no_implicit_realms",
                       "realms by scenario path are off here (realms.implicit)");
    }
    if (!by) {
        return problem(404, "unknown_realm",
                       "nobody has used this scenario path yet: it begins with a request for "
                       "metadata, a registration or a request to its MCP endpoints");
    }
    realm_settings birth;
    birth.base = by->base.empty() ? implicit_base(**how, run) : by->base;
    birth.run = run;
    birth.revision = revision;
    if (!revision.empty()) birth.policy = versions_of_cell(revision);
    return make_implicit(**how, name, std::move(birth), *by);
}

outcome<http::realm_ptr> realm_registry::make_implicit(scenario const& s, std::string const& name,
                                                       realm_settings birth,
                                                       http::founder const& by) {
    std::scoped_lock const lock(making_);
    if (auto realm = look(name)) return realm;  // somebody was faster
    auto const may = may_found(by);
    if (!may) return may.error();
    if (!by.trusted && leads_around_login(s, configured(to_)))
        return problem(403, "access_denied",
                       "the scenario " + s.name +
                           " has clients and keys that everybody knows, or asks for no token, and "
                           "people must log in at this server: make its realm by POST "
                           "/control/realms, or send control.token as bearer token with the first "
                           "request");
    if (!by.trusted) make_room_among_own(by.who.peer);
    auto const room = make_room(name);
    if (!room) return room.error();
    auto const ports = s.own_origin ? ports_for(s, name, by) : realm_listeners();
    if (!ports) return ports.error();
    if (ports->as) birth.as_port = ports->as->port;
    if (ports->mcp) birth.mcp_port = ports->mcp->port;
    birth.way = isolation::scenario_path;
    birth.scenario = &s;
    if (!by.trusted) birth.founder = by.who.peer;
    birth.ttl = options_.ttl;
    auto realm = build(name, std::move(birth));
    if (ports->as) realm->set_kin(names_by_both_ways(*realm, by));
    publish(realm, *ports);
    return realm;
}

// Of a realm by scenario path whose scenario is about the root of an origin. The caller holds
// making_.
outcome<realm_listeners> realm_registry::ports_for(scenario const& s, std::string const& name,
                                                   http::founder const& by) {
    std::string const about = "the scenario " + s.name + " is about what stands at the root of an ";
    // Further ports are opened on loopback: others could not reach them, and must not use them up.
    if (options_.owners)
        return problem(404, "no_own_origin",
                       about +
                           "origin, and with store.backend = \"redis\" no realm has ports of its "
                           "own: a port is one instance's, and others may serve the realm");
    auto const asked = http::split_url(by.issuer);
    bool const reachable = asked && is_local(asked->host) && (by.trusted || by.who.local);
    if (by.public_names || !reachable || !options_.ports.open)
        return problem(404, "no_own_origin",
                       about + "origin, and this server opens no further ports for strangers");
    if (s.own_mcp_origin)
        return problem(421, "misdirected_request",
                       about +
                           "MCP server, and an address with a path is none: make a realm with "
                           "ports of its own by POST /control/realms {\"name\": \"mine\", "
                           "\"scenario\": \"" +
                           s.name + "\", \"isolation\": \"port\"}, or use tollgate test");
    return options_.ports.open(name);
}

// Built, and not yet to be found.
outcome<realm_registry::begun_realm> realm_registry::begin(realm_request wanted) {
    std::scoped_lock const lock(making_);
    auto const room = may_be_made(wanted.name);
    if (!room) return room.error();
    auto const ports = open_ports(wanted);
    if (!ports) return ports.error();
    realm_settings birth;
    birth.way = wanted.way;
    birth.scenario = wanted.scenario;
    birth.policy = wanted.policy;
    birth.seed = wanted.seed;
    birth.ttl = wanted.ttl.value_or(options_.ttl);
    if (wanted.way == isolation::path) birth.base = "/r/" + wanted.name;
    if (ports->as) birth.as_port = ports->as->port;
    if (ports->mcp) birth.mcp_port = ports->mcp->port;
    {
        std::scoped_lock const map(map_mutex_);
        founding_.insert(wanted.name);
    }
    begun_realm made;
    made.listeners = *ports;
    made.realm = build(std::move(wanted.name), std::move(birth));
    return made;
}

outcome<http::realm_ptr> realm_registry::create(realm_request wanted) {
    auto const begun = begin(std::move(wanted));
    if (!begun) return begun.error();
    publish(begun->realm, begun->listeners);
    return begun->realm;
}

// The caller holds making_.
outcome<void> realm_registry::may_be_made(std::string const& name) {
    // Not look(): one of that name whose time is over goes first.
    auto const taken = find(name);
    if (taken) return problem(409, "realm_exists", "there is a realm called \"" + name + '"');
    {
        std::shared_lock const lock(map_mutex_);
        if (left_out_.contains(name)) return was_left_out(name);
    }
    return make_room(name);
}

outcome<realm_listeners> realm_registry::open_ports(realm_request const& wanted) {
    if (wanted.way != isolation::port) return realm_listeners();
    if (options_.owners) {
        return problem(400, "invalid_request",
                       "/isolation: with store.backend = \"redis\" other instances may serve a "
                       "realm, and a port is one instance's; use \"path\" or \"host\"");
    }
    if (!options_.ports.open) {
        return problem(400, "invalid_request",
                       "/isolation: this server opens no further ports; use \"path\" or \"host\"");
    }
    return options_.ports.open(wanted.name);
}

std::size_t realm_registry::journal_bytes(realm_settings const& birth) const {
    auto const configured = options_.journal_bytes;
    if (configured == 0 || birth.scenario->stations.empty()) return configured;
    auto const is_exam_of_a_stranger = [](http::realm_ptr const& r) {
        auto const& b = r->get<realm_state>().birth();
        return !b.founder.empty() && !b.scenario->stations.empty();
    };
    bool const many =
        !birth.founder.empty() && std::ranges::count_if(all(), is_exam_of_a_stranger) >=
                                      std::ptrdiff_t(long_exams_of_strangers);
    return many ? configured : std::max(configured, journal_of_exam);
}

// The caller holds making_. A realm is not published before it is complete.
http::realm_ptr realm_registry::build(std::string name, realm_settings birth) {
    auto const now = clock_.now();
    auto const& how = *birth.scenario;
    auto realm = std::make_shared<http::realm>(std::move(name));
    realm->attach(std::make_shared<journal>(journal_bytes(birth)));
    realm->attach(std::make_shared<realm_faults>(birth.seed));
    realm->attach(std::make_shared<realm_gates>());
    realm->attach(std::make_shared<realm_snapshots>());
    own_origin own;
    own.as_port = birth.as_port;
    realm->attach(std::make_shared<own_origin>(own));
    realm->attach(std::make_shared<exam_progress>());
    realm->attach(std::make_shared<realm_state>(std::move(birth), now));
    attach_lasting(*realm);
    to_.oauth.open(*realm);
    to_.mcp.open(*realm);
    enter_scenario(*realm, how, to_, now);
    return realm;
}

void realm_registry::publish(http::realm_ptr const& r, realm_listeners const& listeners) {
    std::scoped_lock const lock(map_mutex_);
    realms_.emplace(r->name(), r);
    founding_.erase(r->name());
    if (listeners.as) listeners_.emplace(r->name(), listeners);
    count_alive(1);
}

}  // namespace tollgate::control
