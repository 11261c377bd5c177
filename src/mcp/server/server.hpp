// MCP server: one for the process, its state hangs on the realms.
//
//   routes.cpp            which path and method goes where
//     streamable.cpp      POST, GET, DELETE on the MCP endpoint: media types, body, era
//       legacy_post.cpp   2025-03-26 to 2025-11-25: sessions, or none where configured so
//       modern.cpp        2026-07-28: every request stands for itself
//     legacy_sse.cpp      2024-11-05: GET opens the stream, POST /messages feeds it
//     resource_metadata.cpp
//   dispatch.cpp          JSON-RPC request → method → tool; knows no transport
//
// To add a method: a function in src/mcp/methods and a row in dispatch.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "http/pipeline/router.hpp"
#include "http/realm/place.hpp"
#include "mcp/administration.hpp"
#include "mcp/offerings/tools/authenticated_request.hpp"
#include "mcp/offerings/tools/toolbox.hpp"
#include "mcp/policy.hpp"
#include "mcp/server/builtin.hpp"
#include "mcp/session/session_keeper.hpp"

namespace tollgate::mcp {

struct active_policy;

// Thread-safe. Outlives its routes.
class server final : public administration {
public:
    // `methods`: known_methods(), for who wants to know them (administration::methods).
    server(policy configured, tollgate::clock const& time, std::vector<std::string_view> methods,
           toolbox const& tools = builtin_tools());

    void open(http::realm& r) override;
    std::shared_ptr<policy const> current_policy(http::realm const& r) const override;
    void set_policy(http::realm& r, policy p) override;
    policy configured_policy() const override { return configured_; }
    std::vector<std::string_view> methods() const override { return methods_; }
    std::vector<std::string_view> tool_names() const override;
    std::size_t sessions(http::realm const& r) const override;
    task<outcome<void>> end_sessions(http::realm_ptr r) override;
    void drop_sessions(http::realm& r) override;
    http::image_ptr save(http::realm const& r) override;
    void load(http::realm& r, http::image_ptr const& image) override;
    task<outcome<void>> end_session(http::realm_ptr r, std::string id) override;
    void announce_tools(http::realm& r) override;
    policy policy_of_request(http::context const& c) const override;
    void use_policy(http::context& c, policy p) override;

    // The policy of the request: one snapshot, whatever the control plane changes meanwhile.
    std::shared_ptr<active_policy const> policy_of(http::context const& c) const;

    toolbox const& tools() const noexcept { return *tools_; }
    // Offers make_authenticated_request. Before the first request; `p.client` outlives them all.
    void allow_authenticated_request(passthrough p);
    passthrough const* api() const noexcept { return api_ ? &*api_ : nullptr; }
    tollgate::clock const& clock() const noexcept { return clock_; }

    // Sessions outlive the process there. Before the first request; `k` outlives them all.
    void keep_sessions(session_keeper& k) noexcept { keeper_ = &k; }
    // Null: they end with it.
    session_keeper* keeper() const noexcept { return keeper_; }

    // The process speaks to one client over stdin and stdout: requests have no headers of their
    // own. Before the first request.
    void speak_on_stdio() noexcept { stdio_ = true; }
    bool on_stdio() const noexcept { return stdio_; }

private:
    policy const configured_;
    tollgate::clock const& clock_;
    std::vector<std::string_view> const methods_;
    toolbox const* tools_;
    std::optional<passthrough> api_;
    session_keeper* keeper_ = nullptr;
    bool stdio_ = false;
};

// The MCP endpoints and the resource metadata documents. Throws when two paths are equal.
void add_routes(http::router& routes, server& s, http::mcp_paths const& paths);

}  // namespace tollgate::mcp
