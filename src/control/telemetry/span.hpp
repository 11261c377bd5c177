// Span: one exchange as traces have it (OpenTelemetry, Trace API). No secrets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace tollgate::control {

// Where a span is: ids in lower-case hexadecimal digits, of 16 and of 8 bytes.
struct span_place {
    std::string trace;
    std::string span;   // "": none
    std::string state;  // W3C tracestate of it
};

struct span_attribute {
    enum class kind { text, number, list };
    std::string key;
    kind is = kind::text;  // which of these it is
    std::string text;
    std::int64_t number = 0;
    std::vector<std::string> list;
    span_attribute(std::string_view k, kind what) : key(k), is(what) {}
};

struct span {
    span_place at;
    std::string parent;             // a span of the same trace; "": none
    std::vector<span_place> links;  // spans of other traces that it belongs to
    std::string name;
    time_point start{};
    time_point end{};
    bool failed = false;  // the server's own failure: status 5xx
    std::vector<span_attribute> attributes;

    // Nothing for an empty text. What is no UTF-8 or longer than 256 bytes is told as far as it
    // can.
    void tell(std::string_view key, std::string_view text);
    void tell(std::string_view key, std::int64_t number);
    void tell(std::string_view key, std::vector<std::string> list);
};

}  // namespace tollgate::control
