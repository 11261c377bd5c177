// The named faults, compiled in: what each does, by which clause it is wrong or right.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "control/faults/fault.hpp"
#include "control/input/json_input.hpp"

namespace tollgate::control {

struct fault_parameter {
    std::string_view name;
    std::string_view summary;
};

// The requests that a named fault is about; empty members match everything.
struct fault_target {
    std::span<std::string_view const> endpoints;
    std::string_view grant_type;
    std::string_view mcp_method;
};

struct named_fault {
    std::string_view name;
    std::string_view summary;  // one sentence: what the client sees
    std::string_view clause;   // what the answer is, or breaks
    fault_target const& about;
    stage at;
    std::span<fault_parameter const> parameters;
    // The action for these parameters; mistakes are told to the reader.
    action (*make)(object_reader& parameters);
};

std::span<named_fault const> catalogue() noexcept;
named_fault const* find_named_fault(std::string_view name) noexcept;
// With default parameters, on for every request it is about. `name` must be in the catalogue.
fault_settings settings_of(std::string_view name);
// With the parameters in `params` (may be null); mistakes are told to it.
fault_settings settings_of(named_fault const& f, object_reader& params);

boost::json::value describe(named_fault const& f);

}  // namespace tollgate::control
