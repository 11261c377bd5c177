#include "support/lent_context.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace test {

namespace {

struct context_store {
    std::mutex mutex;
    std::vector<std::unique_ptr<boost::asio::io_context>> idle;
};

context_store& contexts() {
    static context_store all;
    return all;
}

}  // namespace

lent_context::lent_context() {
    std::scoped_lock const lock(contexts().mutex);
    auto& idle = contexts().idle;
    if (idle.empty()) idle.push_back(std::make_unique<boost::asio::io_context>());
    io_ = idle.back().release();
    idle.pop_back();
}

lent_context::~lent_context() {
    std::scoped_lock const lock(contexts().mutex);
    contexts().idle.emplace_back(io_);
}

}  // namespace test
