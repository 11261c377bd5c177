// Until when a change that is sent may be done, by the clock of the server.
#include <algorithm>
#include <charconv>

#include "store/redis/lane.hpp"

namespace tollgate::oauth::redis {

using std::chrono::milliseconds;

namespace {

std::int64_t milliseconds_of(steady::time_point t) {
    return std::chrono::floor<milliseconds>(t.time_since_epoch()).count();
}

}  // namespace

std::string lane::deadline_of(call const& one) const {
    auto const end = std::min(one.until, owner_.latest_change());
    auto const moment = std::to_string(milliseconds_of(end) + ahead_);
    return one.what.fence.empty() ? moment : moment + ' ' + one.what.fence;
}

void lane::learn_time(std::string_view seconds, std::string_view microseconds) {
    std::int64_t s = 0;
    std::int64_t us = 0;
    std::from_chars(seconds.data(), seconds.data() + seconds.size(), s);
    std::from_chars(microseconds.data(), microseconds.data() + microseconds.size(), us);
    // The reply took its time: theirs seems to be a little behind, and changes are late too early
    // rather than too late.
    ahead_ = s * 1000 + us / 1000 - milliseconds_of(steady::now());
}

}  // namespace tollgate::oauth::redis
