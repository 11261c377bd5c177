// add: the sum of two numbers.
#include <charconv>
#include <cmath>
#include <cstdint>

#include "mcp/offerings/tools/tool.hpp"

namespace tollgate::mcp {

namespace {

// Integers that a double holds exactly are shown as integers.
constexpr double exact_limit = 9007199254740992.0;  // 2^53

json::value plain(double sum) {
    if (std::trunc(sum) == sum && std::fabs(sum) < exact_limit) {
        return static_cast<std::int64_t>(sum);
    }
    return sum;
}

json::value sum_of(json::value const& a, json::value const& b) {
    std::int64_t sum = 0;
    if (a.is_int64() && b.is_int64() &&
        !__builtin_add_overflow(a.get_int64(), b.get_int64(), &sum)) {
        return sum;
    }
    return plain(a.to_number<double>() + b.to_number<double>());
}

std::string as_text(json::value const& sum) {
    char digits[32];
    auto const* const n = sum.if_int64();
    auto const end = n != nullptr
                         ? std::to_chars(digits, digits + sizeof digits, *n).ptr
                         : std::to_chars(digits, digits + sizeof digits, sum.get_double()).ptr;
    return std::string(digits, end);
}

task<outcome<tool_result>> run_add(call const& c, json::object const& arguments) {
    auto const sum = sum_of(arguments.at("a"), arguments.at("b"));
    if (sum.is_double() && !std::isfinite(sum.get_double())) {
        co_return error_result(c, "The sum is too large for a number.");
    }
    json::object structured(c.memory);
    structured["sum"] = sum;
    auto r = text_result(c, as_text(sum));
    r.structured.emplace(std::move(structured));
    co_return r;
}

}  // namespace

tool const add{
    .name = "add",
    .description = "Returns the sum of two numbers.",
    .input_schema =
        R"({"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"}},)"
        R"("required":["a","b"]})",
    .output_schema = R"({"type":"object","properties":{"sum":{"type":"number"}},)"
                     R"("required":["sum"]})",
    .run = &run_add,
    .quick = true,
};

}  // namespace tollgate::mcp
