// Streams of a realm that are open and belong to no session.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "sse/stream.hpp"

namespace tollgate::mcp {

// Thread-safe. Holds no stream alive.
class stream_set {
public:
    // False when `limit` streams are open already, or the owner has ended.
    bool add(std::shared_ptr<sse::channel> const& stream, std::size_t limit);
    // Ends all of them politely.
    void close_all() noexcept;
    // Likewise, and for good: a stream that is opened at the same moment is refused.
    void seal() noexcept;
    bool is_sealed() const noexcept;
    bool any_open();

private:
    void forget_closed_locked();

    mutable std::mutex lock_;
    bool sealed_ = false;
    std::vector<std::weak_ptr<sse::channel>> streams_;
};

}  // namespace tollgate::mcp
