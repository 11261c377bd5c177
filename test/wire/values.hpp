// What differs from run to run, and the names that stand for it in a transcript.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test::wire {

struct unknown_value : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class values {
public:
    // What a transcript itself makes; takes the place of an earlier one.
    void set(std::string const& name, std::string value);
    // A port is named where it follows a colon.
    void set_port(std::string const& name, unsigned short port);

    // A line of a request, its {names} replaced by their values. Throws unknown_value.
    std::string fill(std::string_view text) const;

    // Gives names to what stands at a known place of an answer (places.hpp), unless `said`, the
    // request as the file has it, spells it out: then it does not differ. A name that is taken gets
    // a number: {code}, {code_2}.
    void learn(std::string_view text, std::string_view said = {});
    // A part of an answer as a transcript says it: every value as its name, braces that look like
    // a name as {=name}.
    std::string named(std::string_view text) const;

    // Names that `learn` gave since the last call, with their values.
    std::vector<std::pair<std::string, std::string>> take_new();

private:
    std::string value_of(std::string_view name) const;
    std::string const* find(std::string_view name) const;
    void give_name(std::string_view name, std::string value);

    std::vector<std::pair<std::string, std::string>> known_;
    std::vector<std::pair<std::string, std::string>> ports_;
    std::size_t told_ = 0;
};

// Seconds since the epoch.
long now();
// {now+3600}: rounded to minutes, because a machine may be slow.
std::string relative_time(long time);

}  // namespace test::wire
