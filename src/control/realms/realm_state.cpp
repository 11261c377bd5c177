#include "control/realms/realm_state.hpp"

namespace tollgate::control {

std::string_view to_string(isolation way) noexcept {
    switch (way) {
        case isolation::origin:
            return "origin";
        case isolation::path:
            return "path";
        case isolation::host:
            return "host";
        case isolation::port:
            return "port";
        case isolation::scenario_path:
            return "scenario";
    }
    return "path";
}

realm_state::realm_state(realm_settings birth, time_point now)
    : birth_(std::move(birth)),
      scenario_(birth_.scenario),
      last_used_(now.time_since_epoch().count()) {}

void realm_state::touch(time_point now) noexcept {
    // A busy realm writes the shared line once a second, not once a request.
    constexpr auto grain = time_point::duration(std::chrono::seconds(1)).count();
    auto const ticks = now.time_since_epoch().count();
    if (ticks - last_used_.load(std::memory_order_relaxed) >= grain) {
        last_used_.store(ticks, std::memory_order_relaxed);
    }
}

time_point realm_state::last_used() const noexcept {
    return time_point(time_point::duration(last_used_.load(std::memory_order_relaxed)));
}

std::optional<time_point> realm_state::expires_at() const noexcept {
    if (!birth_.ttl) return std::nullopt;
    return last_used() + *birth_.ttl;
}

bool realm_state::expired(time_point now) const noexcept {
    auto const end = expires_at();
    return end && *end <= now;
}

}  // namespace tollgate::control
