// The endpoint names that faults may select: those of the route tables of both servers.
#pragma once

#include <span>
#include <string_view>

namespace tollgate::control {

struct endpoint_name {
    std::string_view name;
    unsigned side;  // control::sides
};

std::span<endpoint_name const> known_endpoints() noexcept;
// The sides of that endpoint; 0 for an unknown name.
unsigned side_of(std::string_view endpoint) noexcept;

}  // namespace tollgate::control
