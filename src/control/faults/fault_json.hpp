// Faults as JSON: POST /control/faults in, descriptions out.
#pragma once

#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "control/faults/fault.hpp"
#include "control/input/json_input.hpp"

namespace tollgate::control {

// What a selector may name: a value that no request can have would be silent for ever. An empty
// list allows anything.
struct vocabulary {
    std::vector<std::string_view> grant_types;
    std::vector<std::string_view> mcp_methods;
    std::vector<std::string_view> tools;
    bool recorded = true;  // there is a journal, whose events a trigger may wait for
};

// {"name", "trigger", "select", "expires_in", "params"}; every mistake by its JSON pointer.
outcome<fault_settings> read_fault(boost::json::object const& body, time_point now,
                                   vocabulary const& words);

// The member "trigger"; always where there is none. Mistakes are told to the reader.
trigger read_trigger(object_reader& body);
boost::json::object describe(trigger const& t);
// What else must be true of a request, but for its parameters.
void add_condition(boost::json::object& o, condition const& c);
// The member "select"; everything where there is none. Mistakes are told to the reader.
selector read_select(object_reader& body, vocabulary const& words);

// The params of "name": "raw". Sets action and stage.
void read_raw(object_reader& params, fault_settings& s);
// How the catalogue shows "raw".
boost::json::value describe_raw();

boost::json::value describe(fault const& f);
// The last request to one of its endpoints that it was not about, and the member of the selector in
// which it differed; null when there was none.
boost::json::value explain(fault const& f);

}  // namespace tollgate::control
