// Realm resolver: from (listener, Host, path) to a realm and the path below its base.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "http/limits/rate_budget.hpp"
#include "http/message/listener.hpp"
#include "http/message/problem.hpp"
#include "http/message/request.hpp"
#include "http/realm/place.hpp"

namespace tollgate::http {

// Who asks for a realm that is not there yet.
struct founder {
    account who;
    bool trusted = false;  // bears control.token: no budget holds it up
    // The base and the names by which the realm was asked for.
    std::string base{};
    std::string issuer{};
    std::string mcp_base{};
    bool public_names = false;  // nobody outside reaches other ports
};

// What tells /s/RUN/REVISION/SCENARIO, as the official suite's hosted mode has it, from
// /s/SCENARIO/RUN.
struct cell_words {
    bool (*is_revision)(std::string_view segment) noexcept;
    // How much of `rest` ("auth/basic-cimd/mcp") names a scenario: the longest there is; 0:
    // nothing.
    std::size_t (*scenario_in)(std::string_view rest);
};

// Who knows the realms. Implemented by `control`; thread-safe.
class realm_directory {
public:
    virtual ~realm_directory() = default;
    // Nothing when there is no such realm. Counts as a use (realms.ttl).
    virtual realm_ptr find(std::string_view name) = 0;
    // Null: there are no addresses of that form.
    virtual cell_words const* cells() const noexcept { return nullptr; }
    // The realm of /s/SCENARIO/RUN; of /s/RUN/REVISION/SCENARIO, where `run` is "RUN/REVISION".
    // Problem 404 (naming the nearest scenario) for an unknown
    // scenario; 404 when it does not exist and there is no founder; 503 when there is no room, 429
    // or 503 when the founder's budget or everybody's is used up.
    virtual outcome<realm_ptr> implicit(std::string_view scenario, std::string_view run,
                                        founder const* by) = 0;
};

// How origins are named; ports come from the listener that was used.
struct naming {
    std::string as_public_url;   // "" = speak of the loopback name that the request used
    std::string mcp_public_url;  // no trailing slash
    std::vector<std::string> allowed_hosts;    // host names, without port
    std::vector<std::string> allowed_origins;  // origins besides loopback
    mcp_paths paths;
    std::shared_ptr<endpoint_paths const> endpoints = standard_endpoint_paths();  // never null
    bool mcp_is_issuer = true;  // place::mcp_is_issuer
    std::string internal_as;    // "http://127.0.0.1:9100": our own listener, for asking ourselves
    // Public URLs of before, the youngest last; "" stands for the names of a server without one.
    std::vector<std::string> former_as;
    std::vector<std::string> former_mcp;
    bool control_is_open = false;  // on loopback, without a token
    // Who sends it as bearer token may make an implicit realm of any name; "" = nobody may.
    std::string realm_token;
    std::uint64_t generation = 0;  // grows with every renaming

    bool has_public_url() const noexcept {
        return !as_public_url.empty() || !mcp_public_url.empty();
    }
};

// Public URLs to take on from now on; "" is none, nothing leaves that one alone.
struct renaming {
    std::optional<std::string> as;
    std::optional<std::string> mcp;
};

struct resolved {
    std::shared_ptr<place const> where;
    std::string path;  // below the base; well-known documents without the inserted base
    // Why `where->realm` is empty: what to answer when the request may not create it.
    std::optional<problem> absent;
};

// Pure: what a path says about the realm. `well_known` paths have their base taken out:
// "/.well-known/oauth-protected-resource/r/alpha/mcp" → realm alpha, base "/r/alpha",
// rest "/.well-known/oauth-protected-resource/mcp".
struct realm_path {
    // misplaced_well_known: a document that RFC 8414 §3.1 and RFC 9728 §3.1 want by insertion,
    // asked for below the base; `rest` is then the right path from the origin.
    // wrong_cell: a revision stands where a run should, or what follows one names no scenario.
    enum class by { origin, name, scenario, wrong_cell, misplaced_well_known } named = by::origin;
    std::string_view name;      // by name
    std::string_view scenario;  // by scenario ("." stands for "/")
    std::string_view run;
    std::string_view revision;  // of a cell; empty: of none
    std::string base;
    std::string rest;
};
// The views point into `path`.
realm_path split_realm_path(std::string_view path, cell_words const* cells = nullptr);

struct host_match;  // a listener, what its Host means, and the names to speak of

class resolver {
public:
    resolver(naming names, realm_directory& realms);
    ~resolver();
    resolver(resolver const&) = delete;
    resolver& operator=(resolver const&) = delete;

    // 421 for a foreign or missing Host, 404 for an unknown realm. Does not create an implicit
    // realm: when it would have to, `where->realm` stays empty and adopt() may make it.
    outcome<resolved> resolve(request const& r, listener_info const& l) const;
    // With a public URL 403, unless `by` names a RUN that nobody can guess or bears `realm_token`.
    outcome<void> adopt(resolved& r, request const& by) const;

    // An Origin value that may use CORS here: loopback (any port), our own origins, the allowed.
    bool origin_allowed(std::string_view origin) const;

    // The names of now. They are never changed, only replaced: a request looks once and keeps to
    // what it saw.
    std::shared_ptr<naming const> names() const;
    // From the next request on every document speaks of the new names, and only they are answered
    // to; tokens that name the old ones stay good. Any thread.
    void rename(renaming const& wanted);

private:
    class place_cache;
    class told_names;

    std::shared_ptr<place const> place_of(host_match const& q, realm_ptr realm, std::string base,
                                          std::string_view agent) const;
    outcome<resolved> found(host_match const& q, realm_ptr realm, realm_path at) const;
    outcome<resolved> by_scenario(realm_path at, host_match const& q) const;
    void warn_of_names(request const& r, host_match const& q) const;

    mutable std::shared_mutex names_mutex_;
    std::shared_ptr<naming const> names_;
    realm_directory& realms_;
    std::unique_ptr<place_cache> cache_;
    std::unique_ptr<told_names> told_;
};

}  // namespace tollgate::http
