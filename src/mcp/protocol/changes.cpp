#include "mcp/protocol/changes.hpp"

#include <utility>

namespace tollgate::mcp {

std::string_view change::method() const noexcept {
    switch (kind) {
        case kind::tools:
            return "notifications/tools/list_changed";
        case kind::prompts:
            return "notifications/prompts/list_changed";
        case kind::resources:
            return "notifications/resources/list_changed";
        case kind::resource:
            return "notifications/resources/updated";
        case kind::task:
            return "notifications/tasks";
    }
    return {};
}

std::shared_ptr<void> change_hub::listen(listener l) {
    auto handle = std::make_shared<listener>(std::move(l));
    std::lock_guard const hold(lock_);
    std::erase_if(listeners_, [](auto const& weak) { return weak.expired(); });
    listeners_.push_back(handle);
    return handle;
}

// Held until they were called: a listener may end meanwhile.
void change_hub::announce(change const& what) const {
    std::vector<std::shared_ptr<listener>> all;
    {
        std::lock_guard const hold(lock_);
        for (auto const& weak : listeners_) {
            if (auto one = weak.lock()) all.push_back(std::move(one));
        }
    }
    for (auto const& one : all)
        (*one)(what);
}

void change_hub::resource_updated(std::string_view uri) const {
    change one{change::kind::resource, std::string(uri), {}};
    one.params["uri"] = json::string_view(uri.data(), uri.size());
    announce(one);
}

}  // namespace tollgate::mcp
