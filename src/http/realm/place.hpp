// Place of a request: its realm, the base path that led there, and the URLs to speak of.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "http/message/listener.hpp"
#include "http/realm/endpoint_paths.hpp"
#include "http/realm/realm.hpp"

namespace tollgate::http {

// The MCP paths below a realm's base, from the configuration. With {agent} in them (in all or in
// none) each agent is an MCP server and a resource of its own.
struct mcp_paths {
    std::string mcp = "/mcp";
    std::string sse = "/sse";
    std::string messages = "/messages";
    // With {agent}: the realm's base is a resource, too, and stands for every agent.
    bool agents_shared = false;
};

// Origins have no trailing slash ("http://localhost:9100"). They name the host that the
// request used when it is a loopback name, because clients compare issuer and resource as
// strings; with a public URL they are that URL. One value per way of reaching a realm;
// requests share it.
struct place {
    realm_ptr realm;
    std::string base;                      // "", "/r/NAME" or "/s/SCENARIO/RUN"
    std::string as_origin;                 // of the authorization server
    std::string mcp_origin;                // of the MCP server
    site at = site::authorization_server;  // the origin that was called
    mcp_paths paths;
    std::shared_ptr<endpoint_paths const> endpoints = standard_endpoint_paths();  // never null
    // False: the MCP origin serves no endpoint of the authorization server and is no issuer name.
    bool mcp_is_issuer = true;
    std::string agent;  // the one that was addressed, where the paths hold {agent}
    // An address of this process that serves this realm's AS (with base), never a public URL:
    // "http://127.0.0.1:9100/r/NAME". For asking our own AS.
    std::string internal_issuer;
    std::shared_ptr<other_names const> before;  // and besides; null: it was never called otherwise
    std::shared_ptr<other_names const> kin;     // null: it is no copy (realm::kin)
    bool has_public_url = false;                // either server has one: anybody may ask

    std::string issuer() const { return as_origin + base; }
    // The MCP origin is a second issuer name of the same AS, unless `mcp_is_issuer` is false.
    std::string mcp_base() const { return mcp_origin + base; }
    // The issuer name of the origin that was called.
    std::string issuer_here() const { return at == site::mcp_server ? mcp_base() : issuer(); }
    // Below the base, with the agent in its place; the pattern where no agent was addressed.
    std::string mcp_path() const;
    std::string sse_path() const;
    std::string messages_path() const;
    std::string mcp_url() const { return mcp_base() + mcp_path(); }
    std::string sse_url() const { return mcp_base() + sse_path(); }
    std::string messages_url() const { return mcp_base() + messages_path(); }
    bool has_agents() const noexcept;
    // True when a token that names no agent is meant for all of them: the base is a resource.
    bool agents_are_shared() const noexcept { return has_agents() && paths.agents_shared; }
    // The resource of who names none; "" where each agent is one of its own.
    std::string default_resource() const;

    // RFC 9728 §3.1: the well-known segment goes between origin and path.
    // `below_base` is "" for the origin's own document, else the path of /mcp or /sse.
    std::string resource_metadata_url(std::string_view below_base) const;

    // True when `uri` names this realm's MCP server: its base with or without '/', its MCP URL
    // or its SSE URL, under any loopback alias of the same port. With agents the URLs of an
    // agent: of the one addressed, or of any where none was; and the base where they share it.
    // Former names count as well, and those of the realm that this one is a copy of.
    bool is_own_resource(std::string_view uri) const;
    // True when both are spellings of one own resource.
    bool is_one_resource(std::string_view a, std::string_view b) const;
    // True when a grant for the resource `granted` may be narrowed to `asked`: another spelling of
    // it, or one agent of those that the base stands for.
    bool covers_resource(std::string_view granted, std::string_view asked) const;
    // True when `uri` is one of this AS's issuer names, likewise: of our own tokens. What somebody
    // else signed for us names us as we are called now: a former name (of a tunnel) may have come
    // to others, who then get what was meant for it. The names of the realm that this one is a copy
    // of are its names now.
    bool is_own_issuer(std::string_view uri) const;
    bool is_issuer_now(std::string_view uri) const;
    // True when a token of that issuer, issued then, is not ours: the realm that this one is a copy
    // of issued it after the copy was made.
    bool is_issued_beside(std::string_view issuer, time_point then) const;
    // What that issuer name is now: another one only where it is a former name of ours, or of kin.
    std::string issuer_today(std::string const& name) const;

private:
    bool is_spoken_issuer(std::string_view uri) const;
    bool is_mcp_base(std::string_view uri) const;
    // The path of `uri` below the base of the MCP server, as it is called or was.
    std::optional<std::string_view> below_mcp_base(std::string_view uri) const;
    std::optional<std::string_view> agent_of(std::string_view uri) const;
};

}  // namespace tollgate::http
