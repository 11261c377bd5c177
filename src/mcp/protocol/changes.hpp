// Change notifications: what may change under a client's eyes, and who wants to hear of it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "mcp/protocol/jsonrpc.hpp"

namespace tollgate::mcp {

// One change, as its notification says it.
struct change {
    enum class kind { tools, prompts, resources, resource, task };
    change::kind kind;
    std::string name;     // of a resource: its URI; of a task: its id
    json::object params;  // of the notification, without _meta

    // "notifications/tools/list_changed"
    std::string_view method() const noexcept;
};

// The listeners of one realm. Thread-safe; knows no transport. Legacy sessions and modern
// subscriptions listen alike.
class change_hub {
public:
    // Called on the thread that announces, without a lock: must be quick, must not throw.
    using listener = std::function<void(change const&)>;

    // As long as the handle lives, `l` hears of every change. The hub may end before the handle.
    std::shared_ptr<void> listen(listener l);
    void announce(change const& what) const;

    void tools_changed() const { announce({change::kind::tools, {}, {}}); }
    void prompts_changed() const { announce({change::kind::prompts, {}, {}}); }
    void resources_changed() const { announce({change::kind::resources, {}, {}}); }
    void resource_updated(std::string_view uri) const;

private:
    mutable std::mutex lock_;
    mutable std::vector<std::weak_ptr<listener>> listeners_;
};

}  // namespace tollgate::mcp
