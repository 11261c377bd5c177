// Expectation: what a client is to do in a scenario, as data. Predicates are rows of one table
// (control/expectations/predicates.cpp).
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/conversation/conversation.hpp"
#include "control/input/json_input.hpp"

namespace tollgate::control {

// When an expectation is judged.
struct moment {
    time_point now{};
    bool done = false;  // the client is: what has not come will not come
    bool over = false;  // the scenario is: what has not happened until now did not happen
};

struct answer {
    enum class kind {
        unreached,  // what it is about has not begun
        waiting,    // it has, and nothing is decided
        holds,
        broken,
    };
    kind is = kind::unreached;
    observation const* at = nullptr;  // that shows it
};

class predicate {
public:
    virtual ~predicate() = default;
    virtual answer judge(conversation const& c, moment const& m) const = 0;
    // Waits for something, and does not watch that nothing happens: such decide when a scenario is
    // over.
    virtual bool waits() const noexcept = 0;
};

struct expectation {
    std::string id;
    bool must = true;               // else SHOULD
    bool report = false;            // told, and neither wanted nor warned of
    bool optional = false;          // nothing is missing where it was not reached
    std::vector<std::string> eras;  // the revisions in which it holds; empty: all
    std::string text;               // the sentence where it holds
    std::string broken;             // and where it does not
    std::string clause;
    std::string url;
    std::shared_ptr<predicate const> holds;
};

// The member "eras", whose texts are revisions of MCP. Mistakes are told to the reader.
std::vector<std::string> read_eras(object_reader& in);

// A table of [[scenario.expect]]. Mistakes are told to the reader.
expectation read_expectation(object_reader& in);

}  // namespace tollgate::control
