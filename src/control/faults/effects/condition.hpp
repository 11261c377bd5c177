// Condition: which requests a fault, or one effect of it, is about, by what stands in them and
// needs nobody to be asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control/input/json_input.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control {

// Empty members match everything.
struct condition {
    // A parameter of the query or the form, or a member of a JSON body that is a text.
    struct parameter {
        std::string name;
        std::optional<std::string> value;  // nothing: any
        bool there = true;                 // false: it must be missing
        bool begins = false;               // the value is what it begins with
    };

    std::vector<std::string> endpoints;
    std::string method;          // "GET"
    std::string target;          // what the request target begins with
    std::string not_target;      // what it must not begin with
    std::string path;            // below the base of the realm
    std::string with_header;     // a header field that must be there
    std::string without_header;  // or must not
    std::vector<parameter> parameters;

    bool everything() const noexcept;
    bool holds(http::context& c) const;
    // The first member in which the request differs; empty when it holds.
    std::string difference(http::context& c) const;
};

// The members method, target, not_target, path, with_header, without_header and parameter of `in`:
// a parameter is true (there), false (missing), its value, or {"begins": what it begins with}.
// Mistakes are told to `in`.
void read_condition(object_reader& in, condition& into);
// Likewise of the object `o`, which may have "endpoint" as well: one, or a list of them.
condition read_place(boost::json::object const& o, std::string const& pointer, object_reader& in);

}  // namespace tollgate::control
