// Pattern: which events an expectation is about, as data: {"endpoint": "token", "status": "2xx"}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "control/conversation/conversation.hpp"
#include "control/input/json_input.hpp"

namespace tollgate::control {

// Members are those of control/conversation/member.hpp, and "fault", the name of one that acted.
// A value is a text, a number or a list of them, of which one must fit: "*" is anything that is
// there, "" what is not there, "2xx" any status of that hundred, "x*" what begins with x, "!x"
// anything but x. What is injected into the conversation by nobody but the client is left:
// preflights and what the server asks itself match no pattern.
class pattern {
public:
    bool matches(observation const& o) const;

    struct condition {
        std::string member;
        std::vector<std::string> values;
    };
    explicit pattern(std::vector<condition> wants) : wants_(std::move(wants)) {}

private:
    std::vector<condition> wants_;
};

// The member `name` of what `in` reads; a mistake is told to it. "" gives what matches nothing.
pattern read_pattern(object_reader& in, std::string_view name);
// Likewise of an element of a list.
pattern read_pattern(object_reader& in, boost::json::value const& v, std::string const& pointer);

}  // namespace tollgate::control
