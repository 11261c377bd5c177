// Where in an answer values stand that differ from run to run: the one table of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace test::wire {

// Shorter ones could stand in a text by chance.
constexpr std::size_t shortest_value = 8;

struct lasting_value {
    std::string_view name;
    std::string_view text;
};

// Identifiers and secrets, which a client sends again, and which a transcript therefore names.
std::vector<lasting_value> lasting(std::string_view text);

// The text with {date} for dates, {now+60} for times, {almost_60} for what is left of a minute and
// {number} for measurements.
std::string without_passing(std::string text);

}  // namespace test::wire
