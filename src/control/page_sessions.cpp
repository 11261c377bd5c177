#include "control/page_sessions.hpp"

#include "base/crypto.hpp"

namespace tollgate::control {

std::string page_sessions::begin() {
    auto value = random_token();
    std::lock_guard const lock(mutex_);
    auto const now = time_.now();
    open_.put(digest_of(value), true, now + length);
    return value;
}

bool page_sessions::knows(std::string_view value) {
    auto const key = digest_of(value);
    std::lock_guard const lock(mutex_);
    return open_.find(key, time_.now()) != nullptr;
}

void page_sessions::end(std::string_view value) {
    auto const key = digest_of(value);
    std::lock_guard const lock(mutex_);
    open_.erase(key);
}

}  // namespace tollgate::control
