#include "base/clock.hpp"

#include <ctime>

namespace tollgate {

std::string rfc3339(time_point t) {
    auto const seconds = std::chrono::system_clock::to_time_t(t);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[sizeof "2027-01-15T08:00:00Z"] = {};
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

}  // namespace tollgate
