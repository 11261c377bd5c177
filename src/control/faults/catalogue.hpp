// Catalogue: the named faults. They are data (control/faults/data/*.toml), compiled in and read at
// first use by the reader that POST /control/faults has for effects.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "control/faults/fault.hpp"
#include "control/input/json_input.hpp"

namespace tollgate::control {

struct fault_definition {
    std::string id;  // in the catalogue of client-facing failures: "PRM-01"
    std::string name;
    std::vector<std::string> aliases;  // names that it had before
    std::string summary;               // one sentence: what the client sees
    std::string clause;                // what the answer is, or breaks
    bool clause_opened = true;         // it was compared with the text of the standard
    std::string client;                // what a right client does
    // The requests that it is about; empty members match everything.
    std::vector<std::string> endpoints;
    std::string grant_type;
    std::string mcp_method;
    condition also;
    trigger when;  // unless its creator says another
    // {"seconds": {"default": 3600, "least": 0, "most": 31536000, "what": "…"}}
    boost::json::object parameters;
    boost::json::array effects;  // with "{seconds}" where a parameter goes
};

// The texts of the data files, by their names.
struct data_file {
    std::string_view name;
    std::string_view text;
};
std::span<data_file const> fault_data() noexcept;

// [[fault]] tables. Throws std::logic_error with every mistake: the files are ours.
std::vector<fault_definition> read_definitions(data_file const& file);

// All of them, in the order of the files.
std::span<fault_definition const> catalogue();
// By its name or an alias.
fault_definition const* find_named_fault(std::string_view name);
// With default parameters, on for every request it is about. `name` must be in the catalogue.
fault_settings settings_of(std::string_view name);
// With the parameters in `params`; mistakes are told to it.
fault_settings settings_of(fault_definition const& f, object_reader& params);

boost::json::value describe(fault_definition const& f);

}  // namespace tollgate::control
