// Realm state of the MCP server: what it keeps for one realm.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "http/pipeline/discovery_reply.hpp"
#include "mcp/policy.hpp"
#include "mcp/protocol/changes.hpp"
#include "mcp/protocol/revision.hpp"
#include "mcp/session/call_table.hpp"
#include "mcp/session/session_table.hpp"
#include "mcp/session/stream_set.hpp"
#include "mcp/tasks/task_table.hpp"

namespace tollgate::mcp {

// A policy with what follows from it, worked out once.
struct active_policy : policy {
    revision_set spoken;
    bool streamable_http;
    bool legacy_sse;
    mutable http::discovery_documents metadata;  // that this policy has led to

    explicit active_policy(mcp::policy p)
        : policy(std::move(p)),
          spoken(versions),
          streamable_http(offers("streamable-http")),
          legacy_sse(offers("sse")) {}
};

// Attached to the realm. Thread-safe.
class realm_state {
public:
    explicit realm_state(policy p)
        : policy_(std::make_shared<active_policy const>(std::move(p))),
          for_sessions_(changes.listen([this](change const& c) { sessions.tell(c); })) {}

    // Read once per request. A mutex and not atomic<shared_ptr>: as quick, and the thread
    // sanitizer understands it.
    std::shared_ptr<active_policy const> policy_now() const {
        std::lock_guard const hold(lock_);
        return policy_;
    }
    // The policy until now.
    std::shared_ptr<active_policy const> set_policy(policy p) {
        auto fresh = std::make_shared<active_policy const>(std::move(p));
        std::lock_guard const hold(lock_);
        policy_.swap(fresh);
        return fresh;
    }

    session_table sessions;
    change_hub changes;  // outlives the tasks, which announce theirs
    task_table tasks;
    call_table loose_calls{4096};  // requests without a session, by the id of their exchange
    stream_set loose_streams;      // that belong to no session: subscriptions/listen

private:
    mutable std::mutex lock_;
    std::shared_ptr<active_policy const> policy_;
    std::shared_ptr<void> for_sessions_;  // the sessions hear of changes
};

}  // namespace tollgate::mcp
