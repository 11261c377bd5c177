// Administration of an MCP server, by the control plane: an interface, so that `control` needs
// nothing else of `mcp`.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "http/message/problem.hpp"
#include "http/realm/realm.hpp"
#include "mcp/policy.hpp"

namespace tollgate::http {
class context;
}

namespace tollgate::mcp {

class administration {
public:
    virtual ~administration() = default;
    // Gives a new realm its state.
    virtual void open(http::realm& r) = 0;
    virtual std::shared_ptr<policy const> current_policy(http::realm const& r) const = 0;
    virtual void set_policy(http::realm& r, policy p) = 0;
    virtual policy configured_policy() const = 0;
    // Every method that a client may call or notify of, in any revision.
    virtual std::vector<std::string_view> methods() const = 0;
    // Every tool, whether or not the policy of a realm offers it.
    virtual std::vector<std::string_view> tool_names() const = 0;
    virtual std::size_t sessions(http::realm const& r) const = 0;
    // Ends every session of the realm and its streams, for good. Fails as the store does where they
    // are kept.
    virtual task<outcome<void>> end_sessions(http::realm_ptr r) = 0;
    // What is here of them ends: the realm goes, or is another instance's from now on.
    virtual void drop_sessions(http::realm& r) = 0;

    // Policy, sessions and tasks of this moment, and those again in the place of what the realm
    // has: of itself, or of a realm that begins as its copy. Streams and calls that are open end; a
    // task that was at work then has failed.
    virtual http::image_ptr save(http::realm const& r) = 0;
    virtual void load(http::realm& r, http::image_ptr const& image) = 0;
    // Ends that session and its streams, for good; none of that id is no failure.
    virtual task<outcome<void>> end_session(http::realm_ptr r, std::string id) = 0;
    // Tells every client that listens that the list of tools is another (MCP 2025-11-25, Tools,
    // List Changed Notification).
    virtual void announce_tools(http::realm& r) = 0;
    // Of this one request: its policy, and another one.
    virtual policy policy_of_request(http::context const& c) const = 0;
    virtual void use_policy(http::context& c, policy p) = 0;
};

}  // namespace tollgate::mcp
