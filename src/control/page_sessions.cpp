#include "control/page_sessions.hpp"

#include <charconv>

#include "base/crypto.hpp"

namespace tollgate::control {

// "END.RANDOM.SIGNATURE", END in seconds since 1970.
std::string page_sessions::begin_signed() const {
    auto const end =
        std::chrono::floor<std::chrono::seconds>((time_.now() + length).time_since_epoch());
    auto const text = std::to_string(end.count()) + '.' + random_token(16);
    return text + '.' + base64url(hmac_sha256(shared_key_, text));
}

bool page_sessions::is_signed(std::string_view value) const {
    auto const dot = value.rfind('.');
    if (shared_key_.empty() || dot == std::string_view::npos) return false;
    auto const text = value.substr(0, dot);
    auto const right = base64url(hmac_sha256(shared_key_, text));
    if (!equal_in_constant_time(right, value.substr(dot + 1))) return false;
    std::int64_t end = 0;
    std::from_chars(text.data(), text.data() + text.size(), end);
    return time_.now().time_since_epoch() < std::chrono::seconds(end);
}

std::string page_sessions::begin() {
    if (!shared_key_.empty()) return begin_signed();
    auto value = random_token();
    std::lock_guard const lock(mutex_);
    auto const now = time_.now();
    open_.put(digest_of(value), true, now + length);
    return value;
}

bool page_sessions::knows(std::string_view value) {
    auto const key = digest_of(value);
    bool const signed_by_us = is_signed(value);
    std::lock_guard const lock(mutex_);
    if (signed_by_us) return ended_.find(key, time_.now()) == nullptr;
    return open_.find(key, time_.now()) != nullptr;
}

void page_sessions::end(std::string_view value) {
    auto const key = digest_of(value);
    bool const signed_by_us = is_signed(value);
    std::lock_guard const lock(mutex_);
    if (signed_by_us) ended_.put(key, true, time_.now() + length);
    open_.erase(key);
}

}  // namespace tollgate::control
