// Prompt: what one is. To add one: a `prompt const` in a file prompts/NAME.cpp, a line in
// prompt_book.cpp.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/task.hpp"
#include "http/message/problem.hpp"
#include "mcp/call/call.hpp"
#include "mcp/offerings/availability.hpp"

namespace tollgate::mcp {

using prompt_arguments = std::map<std::string, std::string, std::less<>>;

struct prompt_argument {
    std::string_view name{};
    std::string_view title{};
    std::string_view description{};
    bool required = false;
    // Values for it (completion/complete); nullptr: none are known.
    std::vector<std::string> (*suggest)() = nullptr;
};

struct prompt_result {
    json::array messages;
    // The request ends otherwise: with a result of another kind, complete, or with an error.
    std::optional<std::variant<json::object, rpc_error>> instead;

    explicit prompt_result(call const& c) : messages(c.memory) {}
    // A message of the user; `block` as in content.hpp.
    void add(json::object block);
};

// Written with designated initializers.
struct prompt {
    std::string_view name{};
    std::string_view title{};
    std::string_view description{};
    std::span<prompt_argument const> arguments{};
    bool icon = false;
    availability available{};
    // `given` holds every required argument and none that is not declared.
    task<outcome<prompt_result>> (*get)(call const& c, prompt_arguments const& given) = nullptr;

    prompt_argument const* find(std::string_view argument) const noexcept;
};

extern prompt const greet;

extern prompt const simple_prompt_fixture;
extern prompt const arguments_prompt_fixture;
extern prompt const resource_prompt_fixture;
extern prompt const image_prompt_fixture;
extern prompt const asking_prompt_fixture;

}  // namespace tollgate::mcp
