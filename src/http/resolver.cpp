#include "http/resolver.hpp"

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "http/agent_path.hpp"
#include "http/text.hpp"
#include "http/web_address.hpp"

namespace tollgate::http {

namespace {

constexpr std::string_view default_realm = "default";
constexpr std::string_view local_suffix = ".localhost";
constexpr std::size_t max_name = 64;
// With a public URL anyone may ask: the name of a new realm must be a secret of its user's.
constexpr std::size_t unguessable_run = 22;
constexpr std::size_t max_cached_places = 4096;

bool is_name(std::string_view text) noexcept {
    auto const fits = [](char c) {
        return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= max_name && std::all_of(text.begin(), text.end(), fits);
}

problem not_found(std::string sentence) {
    return problem(404, "not_found", std::move(sentence));
}

problem no_such_realm(std::string_view name) {
    return not_found("there is no realm \"" + printable(name, max_name) + '"');
}

// The loopback name to speak of when the request's own name cannot be: the one configured.
std::string loopback_name(listener_info const& l) {
    if (l.host == "::1" || l.host == "[::1]") return "[::1]";
    return l.host == "127.0.0.1" ? l.host : "localhost";
}

bool is_host_of(std::string_view host, std::string_view url) {
    auto const address = split_url(url);
    return address && address->host == host;
}

bool listed(std::string_view host, std::vector<std::string> const& names) {
    return std::any_of(names.begin(), names.end(),
                       [host](std::string const& n) { return iequals(n, host); });
}

}  // namespace

struct resolver::spoken {
    std::string host;           // to speak of where no public URL is set
    std::string realm;          // "default", that of the listener or that of the Host
    bool whole_origin = false;  // the realm has the origin to itself: no base in the path
};

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
        if (places_.size() >= max_cached_places) places_.clear();
        places_.insert_or_assign(std::move(key), std::move(made));
    }

private:
    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<place const>> places_;
};

resolver::resolver(naming names, realm_directory& realms)
    : names_(std::move(names)), realms_(realms), cache_(std::make_unique<place_cache>()) {}

resolver::~resolver() = default;

bool resolver::has_public_url() const noexcept {
    return !names_.as_public_url.empty() || !names_.mcp_public_url.empty();
}

problem resolver::foreign_host(std::string_view host) const {
    std::string sentence = host.empty() ? "exactly one Host is needed"
                                        : "this server does not answer for " + printable(host);
    sentence += "; it answers for localhost, 127.0.0.1 and [::1]";
    if (!names_.as_public_url.empty()) sentence += ", " + names_.as_public_url;
    if (!names_.mcp_public_url.empty()) sentence += ", " + names_.mcp_public_url;
    for (auto const& h : names_.allowed_hosts)
        sentence += ", " + h;
    if (!has_public_url()) sentence += ", and NAME.localhost for a realm";
    sentence += " (further names: server.allowed_hosts)";
    return problem(421, "misdirected_request", std::move(sentence)).as(problem::shown_as::text);
}

outcome<resolver::spoken> resolver::host_of(request const& r, listener_info const& l) const {
    auto const sent = r.host();
    auto const host = r.count("Host") == 1 ? split_host(sent) : std::nullopt;
    if (!host) return foreign_host({});
    bool const own_port = !l.realm.empty();
    spoken s{host->host, own_port ? l.realm : std::string(default_realm), own_port};
    if (is_loopback_name(s.host) || listed(s.host, names_.allowed_hosts)) return s;
    if (!own_port &&
        (is_host_of(s.host, names_.as_public_url) || is_host_of(s.host, names_.mcp_public_url))) {
        s.host = loopback_name(l);
        return s;
    }
    // A public URL names the default realm's origin, so no other origin can be spoken of then.
    bool const local = s.host.ends_with(local_suffix) && !own_port && !has_public_url();
    if (!local) return foreign_host(sent);
    s.realm = s.host.substr(0, s.host.size() - local_suffix.size());
    s.whole_origin = true;
    return s;
}

std::shared_ptr<place const> resolver::place_of(listener_info const& l, spoken const& s,
                                                realm_ptr realm, std::string base,
                                                std::string_view agent) const {
    auto key = s.host + '|' + std::to_string(static_cast<int>(l.at)) + (l.tls ? 's' : '-') +
               std::to_string(l.as_port) + '/' + std::to_string(l.mcp_port) + '|' + l.realm + base +
               '|' + std::string(agent);
    if (realm) {
        if (auto cached = cache_->find(key, realm.get())) return cached;
    }
    auto made = std::make_shared<place>();
    bool const own_port = !l.realm.empty();
    made->as_origin = names_.as_public_url.empty() || own_port
                          ? make_origin(l.tls, s.host, l.as_port)
                          : names_.as_public_url;
    made->mcp_origin = names_.mcp_public_url.empty() || own_port
                           ? make_origin(l.tls, s.host, l.mcp_port)
                           : names_.mcp_public_url;
    made->at = l.at;
    made->paths = names_.paths;
    made->agent = agent;
    made->internal_issuer = names_.internal_as;
    if (!base.empty()) {
        made->internal_issuer += base;
    } else if (realm && realm->name() != default_realm) {
        made->internal_issuer += "/r/" + realm->name();
    }
    made->base = std::move(base);
    made->realm = realm;
    if (realm) cache_->keep(std::move(key), made);
    return made;
}

// The agent that `path` (below a realm's base) addresses, by its endpoints or its metadata
// document;
// "" when it is none of these. 404 when what stands in that place is no name.
outcome<std::string_view> resolver::agent_at(std::string_view path) const {
    constexpr std::string_view document = "/.well-known/oauth-protected-resource";
    if (path.starts_with(document)) path.remove_prefix(document.size());
    for (auto const* pattern : {&names_.paths.mcp, &names_.paths.sse, &names_.paths.messages}) {
        auto const name = agent_in(path, *pattern);
        if (!name) continue;
        if (is_agent_name(*name)) return *name;
        return not_found("there is no agent \"" + printable(*name, max_name) + '"');
    }
    return std::string_view();
}

outcome<resolved> resolver::found(listener_info const& l, spoken const& s, realm_ptr realm,
                                  realm_path at) const {
    auto const agent = agent_at(at.rest);
    if (!agent) return agent.error();
    auto where = place_of(l, s, std::move(realm), std::move(at.base), *agent);
    return resolved{std::move(where), std::move(at.rest), {}};
}

outcome<resolved> resolver::by_scenario(realm_path at, listener_info const& l,
                                        spoken const& s) const {
    if (!is_name(at.scenario) || !is_name(at.run)) {
        return not_found(
            "a scenario's address is /s/SCENARIO/RUN/..., each of 1 to 64 letters, "
            "digits, '.', '_' or '-'");
    }
    auto realm = realms_.implicit(at.scenario, at.run, false);
    if (realm) return found(l, s, *realm, std::move(at));
    auto why = realm.error();
    if (why.status() != 404) return why;
    auto missing = found(l, s, nullptr, std::move(at));
    if (missing) missing->absent = std::move(why);
    return missing;
}

outcome<resolved> resolver::resolve(request const& r, listener_info const& l) const {
    auto s = host_of(r, l);
    if (!s) return s.error();
    realm_path at;
    if (s->whole_origin) {
        at.rest = r.path;
    } else {
        at = split_realm_path(r.path);
    }
    if (at.how == realm_path::by::misplaced_well_known) {
        auto const here = place_of(l, *s, nullptr, {}, {});
        auto const& origin = l.at == site::mcp_server ? here->mcp_origin : here->as_origin;
        return not_found("this document stands at " + origin + printable(at.rest) +
                         " (RFC 8414 section 3.1, RFC 9728 section 3.1)");
    }
    if (at.how == realm_path::by::scenario) return by_scenario(std::move(at), l, *s);
    bool const by_path = at.how == realm_path::by::name;
    auto const name = by_path ? at.name : std::string_view(s->realm);
    // The default realm stands at the origin only: a second name would be a second issuer.
    bool const named = by_path || (s->whole_origin && l.realm.empty());
    if (named && (!is_name(name) || name == default_realm)) return no_such_realm(name);
    auto realm = realms_.find(name);
    if (!realm) return no_such_realm(name);
    return found(l, *s, std::move(realm), std::move(at));
}

outcome<void> resolver::adopt(resolved& r) const {
    if (r.where->realm) return {};
    auto const at = split_realm_path(r.where->base);
    if (has_public_url() && at.run.size() < unguessable_run) {
        return problem(403, "access_denied",
                       "on a public server the RUN of /s/SCENARIO/RUN must have at least 22 "
                       "characters that nobody can guess");
    }
    auto realm = realms_.implicit(at.scenario, at.run, true);
    if (!realm) return realm.error();
    auto made = std::make_shared<place>(*r.where);
    made->realm = std::move(*realm);
    r.where = std::move(made);
    return {};
}

bool resolver::origin_allowed(std::string_view origin) const {
    if (origin == "null") return false;
    auto const& listed_origins = names_.allowed_origins;
    if (std::find(listed_origins.begin(), listed_origins.end(), origin) != listed_origins.end()) {
        return true;
    }
    auto const address = split_url(origin);
    if (!address || !address->rest.empty()) return false;
    if (is_loopback_name(address->host) || address->host.ends_with(local_suffix)) return true;
    auto const same = [&](std::string_view url) {
        auto const own = split_url(url);
        return own && own->origin() == address->origin();
    };
    return same(names_.as_public_url) || same(names_.mcp_public_url);
}

}  // namespace tollgate::http
