#include "http/message/http_date.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace tollgate::http {

// RFC 9110 §5.6.7: the names are English, whatever the locale.
std::string http_date(std::int64_t seconds_since_epoch) {
    using namespace std::chrono;
    constexpr std::array<char const*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<char const*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    sys_seconds const at{seconds(seconds_since_epoch)};
    auto const midnight = floor<std::chrono::days>(at);
    year_month_day const date(midnight);
    hh_mm_ss const time(at - midnight);
    std::array<char, 64> text;
    auto const n = std::snprintf(
        text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
        days[weekday(midnight).c_encoding()], static_cast<unsigned>(date.day()),
        months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return std::string(text.data(), static_cast<std::size_t>(n));
}

}  // namespace tollgate::http
