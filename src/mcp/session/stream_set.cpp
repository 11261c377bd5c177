#include "mcp/session/stream_set.hpp"

#include <utility>

namespace tollgate::mcp {

void stream_set::forget_closed_locked() {
    std::erase_if(streams_, [](std::weak_ptr<sse::channel> const& weak) {
        auto const stream = weak.lock();
        return !stream || !stream->is_open();
    });
}

bool stream_set::add(std::shared_ptr<sse::channel> const& stream, std::size_t limit) {
    std::lock_guard const hold(lock_);
    if (sealed_) return false;
    if (streams_.size() >= limit) forget_closed_locked();
    if (streams_.size() >= limit) return false;
    streams_.push_back(stream);
    return true;
}

void stream_set::close_all() noexcept {
    std::vector<std::weak_ptr<sse::channel>> all;
    {
        std::lock_guard const hold(lock_);
        all.swap(streams_);
    }
    for (auto const& weak : all) {
        if (auto const stream = weak.lock()) stream->close();
    }
}

void stream_set::seal() noexcept {
    {
        std::lock_guard const hold(lock_);
        sealed_ = true;
    }
    close_all();
}

bool stream_set::is_sealed() const noexcept {
    std::lock_guard const hold(lock_);
    return sealed_;
}

bool stream_set::any_open() {
    std::lock_guard const hold(lock_);
    forget_closed_locked();
    return !streams_.empty();
}

}  // namespace tollgate::mcp
