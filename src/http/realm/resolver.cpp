#include "http/realm/resolver.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <unordered_map>

#include "base/log/log.hpp"
#include "base/text.hpp"
#include "http/limits/guess_limit.hpp"
#include "http/message/authorization.hpp"
#include "http/message/url.hpp"
#include "http/realm/agent_path.hpp"
#include "http/realm/former_names.hpp"
#include "http/realm/forwarded.hpp"
#include "http/realm/host.hpp"
#include "http/realm/peer.hpp"

namespace tollgate::http {

namespace {

constexpr std::size_t max_name = 64;
// With a public URL anyone may ask: the name of a new realm must be a secret of its user's.
constexpr std::size_t unguessable_run = 22;  // 128 bits in base64url
constexpr std::size_t max_cached_places = 4096;

bool is_name(std::string_view text) noexcept {
    auto const fits = [](char c) {
        return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= max_name && std::all_of(text.begin(), text.end(), fits);
}

// "RUN", or "RUN/REVISION" of a cell.
std::string run_of(realm_path const& at) {
    std::string run(at.run);
    return at.revision.empty() ? run : run + '/' + std::string(at.revision);
}

problem no_such_cell(realm_path const& at) {
    std::string const why =
        at.scenario.empty()
            ? "a revision of MCP stands in the second place, and no scenario in the third"
            : "the RUN is a revision of MCP";
    return problem(400, "invalid_request",
                   why +
                       ": the address is /s/SCENARIO/RUN/... or /s/RUN/REVISION/SCENARIO/..., "
                       "and a RUN is never a revision");
}

bool is_own_name(realm_path const& at, std::string_view realm) noexcept {
    return at.named == realm_path::by::name && at.name == realm;
}

problem nothing_there(std::string sentence) {
    return problem(404, "not_found", std::move(sentence));
}

problem no_such_realm(std::string_view name) {
    return nothing_there("there is no realm \"" + printable(name, max_name) + '"');
}

template <class T>
void append_bytes(std::string& key, T const& of) {
    key.append(reinterpret_cast<char const*>(&of), sizeof of);
}

// A way of reaching a realm; good until the thread asks for the next one. With the generation:
// after a rename no place with the old names is found.
std::string const& place_key(host_match const& q, std::string_view base, std::string_view agent) {
    thread_local std::string key;
    auto const& l = q.from;
    key.assign(q.host).append(1, '|').append(l.realm).append(base).append(1, '|').append(agent);
    append_bytes(key, l.at);
    append_bytes(key, l.tls);
    append_bytes(key, l.as_port);
    append_bytes(key, l.mcp_port);
    append_bytes(key, q.names->generation);
    return key;
}

}  // namespace

// Places are made once per way of reaching a realm. An entry serves only as long as the directory
// names the very same realm object.
class resolver::place_cache {
public:
    std::shared_ptr<place const> find(std::string const& key, realm const* realm) const {
        std::shared_lock const lock(mutex_);
        auto const at = places_.find(key);
        if (at == places_.end() || at->second->realm.get() != realm) return nullptr;
        return at->second;
    }

    void keep(std::string key, std::shared_ptr<place const> made) {
        std::unique_lock const lock(mutex_);
        // Paths may name any agent, so it can be filled; a place is cheap to make again.
        if (places_.size() >= max_cached_places) places_.clear();
        places_.insert_or_assign(std::move(key), std::move(made));
    }

private:
    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<place const>> places_;
};

// Names that requests came under and that no document speaks, each told once. Bounded: anybody can
// think of more.
class resolver::told_names {
public:
    bool first_time(std::string const& name) {
        constexpr std::size_t most = 16;
        std::lock_guard const lock(mutex_);
        return told_.size() < most && told_.insert(name).second;
    }

private:
    std::mutex mutex_;
    std::set<std::string> told_;
};

resolver::resolver(naming names, realm_directory& realms)
    : names_(std::make_shared<naming const>(std::move(names))),
      realms_(realms),
      cache_(std::make_unique<place_cache>()),
      told_(std::make_unique<told_names>()) {}

resolver::~resolver() = default;

std::shared_ptr<naming const> resolver::names() const {
    std::shared_lock const lock(names_mutex_);
    return names_;
}

void resolver::rename(renaming const& wanted) {
    std::unique_lock const lock(names_mutex_);
    names_ = std::make_shared<naming const>(renamed(*names_, wanted));
}

std::shared_ptr<place const> resolver::place_of(host_match const& q, realm_ptr realm,
                                                std::string base, std::string_view agent) const {
    auto const& l = q.from;
    auto const& names = *q.names;
    auto const& key = place_key(q, base, agent);
    if (realm) {
        if (auto cached = cache_->find(key, realm.get())) return cached;
    }
    auto made = std::make_shared<place>();
    made->as_origin = names.as_public_url.empty() || q.own_port()
                          ? make_origin(l.tls, q.host, l.as_port)
                          : names.as_public_url;
    made->mcp_origin = names.mcp_public_url.empty() || q.own_port()
                           ? make_origin(l.tls, q.host, l.mcp_port)
                           : names.mcp_public_url;
    made->at = l.at;
    made->paths = names.paths;
    made->endpoints = names.endpoints;
    made->mcp_is_issuer = names.mcp_is_issuer;
    made->agent = agent;
    made->has_public_url = names.has_public_url();
    auto const path =
        !base.empty() || !realm || realm->name() == default_realm ? base : "/r/" + realm->name();
    made->internal_issuer = names.internal_as + path;
    if (realm && !q.own_port()) made->before = names_of_before(names, l, realm->name(), path);
    if (realm && q.own_port()) made->before = names_besides(*made, base, realm->name());
    if (realm) made->kin = realm->kin();
    made->base = std::move(base);
    made->realm = realm;
    if (realm) cache_->keep(key, made);
    return made;
}

outcome<resolved> resolver::found(host_match const& q, realm_ptr realm, realm_path at) const {
    auto const agent = agent_at(q.names->paths, at.rest);
    if (!agent) return agent.error();
    auto where = place_of(q, std::move(realm), std::move(at.base), *agent);
    return resolved{std::move(where), std::move(at.rest), {}};
}

outcome<resolved> resolver::by_scenario(realm_path at, host_match const& q) const {
    bool const cell = !at.revision.empty();
    if ((!cell && !is_name(at.scenario)) || !is_name(at.run)) {
        return nothing_there(
            "a scenario's address is /s/SCENARIO/RUN/..., each of 1 to 64 letters, "
            "digits, '.', '_' or '-'");
    }
    // No founder: only a request to a route that may open a realm makes one (adopt).
    auto realm = realms_.implicit(at.scenario, run_of(at), nullptr);
    if (realm) return found(q, *realm, std::move(at));
    auto why = realm.error();
    if (why.status() != 404) return why;
    auto missing = found(q, nullptr, std::move(at));
    if (missing) missing->absent = std::move(why);
    return missing;
}

// Without a public URL documents speak of this listener: clients that compare `resource` with the
// URL they asked (RFC 9728 §3.3) refuse them behind a proxy, and others walk around it.
void resolver::warn_of_names(request const& r, host_match const& q) const {
    bool const mcp = q.from.at == site::mcp_server;
    auto const& names = *q.names;
    auto const& spoken =
        mcp || names.as_public_url.empty() ? names.mcp_public_url : names.as_public_url;
    if (!spoken.empty() || q.own_port()) return;
    auto const origin = foreign_origin(r, q.from);
    if (origin.empty()) return;
    // A name of server.allowed_hosts is spoken as it was asked for.
    auto const said = make_origin(q.from.tls, q.host, q.from.port);
    if (origin == said || !told_->first_time(origin)) return;
    log(log_level::warning, "name_not_spoken",
        {{"asked_as", printable(origin, 120)},
         {"documents_say", said},
         {"set", mcp ? "mcp.public_url" : "authorization_server.public_url"}});
    if (names.control_is_open)
        log(log_level::warning, "control_behind_a_proxy",
            {{"why",
              "a proxy that adds no forwarding header makes its clients look like this "
              "machine, and /control is open to this machine"},
             {"set", "control.token"}});
}

outcome<resolved> resolver::resolve(request const& r, listener_info const& l) const {
    // One set of names for the whole request: a rename meanwhile is for the next.
    auto const asked = match_host(r, l, names());
    if (!asked) return asked.error();
    auto const& q = *asked;
    warn_of_names(r, q);
    auto at = split_realm_path(r.path, realms_.cells());
    // Where the realm has the origin to itself a path names nothing, but for its own name: so that
    // it has an issuer with a path there, too.
    if (q.whole_origin && !(q.own_port() && is_own_name(at, q.realm))) {
        at = realm_path{};
        at.rest = r.path;
    }
    if (at.named == realm_path::by::misplaced_well_known) {
        auto const here = place_of(q, nullptr, {}, {});
        auto const& origin = l.at == site::mcp_server ? here->mcp_origin : here->as_origin;
        return nothing_there("this document stands at " + origin + printable(at.rest) +
                             " (RFC 8414 section 3.1, RFC 9728 section 3.1)");
    }
    if (at.named == realm_path::by::wrong_cell) return no_such_cell(at);
    if (at.named == realm_path::by::scenario) return by_scenario(std::move(at), q);
    bool const by_path = at.named == realm_path::by::name;
    auto const name = by_path ? at.name : std::string_view(q.realm);
    // The default realm stands at the origin only: a second name would be a second issuer.
    bool const named = by_path || (q.whole_origin && l.realm.empty());
    if (named && (!is_name(name) || name == default_realm)) return no_such_realm(name);
    auto realm = realms_.find(name);
    if (!realm) return no_such_realm(name);
    return found(q, std::move(realm), std::move(at));
}

outcome<void> resolver::adopt(resolved& r, request const& by) const {
    if (r.where->realm) return {};
    auto const at = split_realm_path(r.where->base, realms_.cells());
    bool const guessable = r.where->has_public_url && at.run.size() < unguessable_run;
    founder f;
    f.who = account_of(by, *r.where);
    f.trusted = has_bearer_token(by, names()->realm_token);
    f.base = r.where->base;
    f.issuer = r.where->issuer();
    f.mcp_base = r.where->mcp_base();
    f.public_names = r.where->has_public_url;
    if (guessable && !f.trusted) {
        if (by.has("Authorization")) count_wrong(secret_kind::control_token);
        return problem(403, "access_denied",
                       "on a public server the RUN of /s/SCENARIO/RUN must have at least 22 "
                       "characters that nobody can guess, or its first request control.token as "
                       "bearer token");
    }
    auto realm = realms_.implicit(at.scenario, run_of(at), &f);
    if (!realm) return realm.error();
    // A place is never changed, so this is another one.
    auto made = std::make_shared<place>(*r.where);
    made->realm = std::move(*realm);
    r.where = std::move(made);
    return {};
}

bool resolver::origin_allowed(std::string_view origin) const {
    // Any sandboxed frame and any local file has it.
    if (origin == "null") return false;
    auto const now = names();
    auto const& listed_origins = now->allowed_origins;
    if (std::find(listed_origins.begin(), listed_origins.end(), origin) != listed_origins.end())
        return true;
    auto const address = split_url(origin);
    if (!address || !address->rest.empty()) return false;
    if (is_loopback_name(address->host) || address->host.ends_with(local_suffix)) return true;
    auto const same = [&](std::string_view url) {
        auto const own = split_url(url);
        return own && own->origin() == address->origin();
    };
    return same(now->as_public_url) || same(now->mcp_public_url);
}

}  // namespace tollgate::http
