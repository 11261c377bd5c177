// Persona: the deviations of a real provider that a scenario imitates, and where they are known
// from.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "control/input/json_input.hpp"

namespace tollgate::control {

// How a deviation is known. seen: somebody published what came over the wire; documented: the
// provider says so; reported: somebody else says so.
enum class fidelity { seen, documented, reported };

struct deviation {
    std::string what;    // the provider does
    std::string client;  // a client sees
    fidelity known_by = fidelity::reported;
    std::vector<std::string> sources;  // https URLs
    std::string date;                  // of the latest source: "2026-08-25"
};

struct persona {
    std::string provider;
    std::string as_of;  // when its sources were read
    std::vector<deviation> deviations;
    std::vector<std::string> not_imitated;  // sentences: what is not known, or cannot be told here
};

// [scenario.persona]. Mistakes are told to the reader, which stands at that table.
persona read_persona(object_reader& in);
boost::json::object describe(persona const& p);

}  // namespace tollgate::control
