#include "control/telemetry/span.hpp"

#include <utility>

#include "base/text.hpp"

namespace tollgate::control {

namespace {

constexpr std::size_t longest_value = 256;

}  // namespace

void span::tell(std::string_view key, std::string_view text) {
    if (text.empty()) return;
    bool const fits = text.size() <= longest_value && is_utf8(text);
    auto& a = attributes.emplace_back(key, span_attribute::kind::text);
    a.text = fits ? std::string(text) : printable(text, longest_value);
}

void span::tell(std::string_view key, std::int64_t number) {
    attributes.emplace_back(key, span_attribute::kind::number).number = number;
}

void span::tell(std::string_view key, std::vector<std::string> list) {
    if (list.empty()) return;
    attributes.emplace_back(key, span_attribute::kind::list).list = std::move(list);
}

}  // namespace tollgate::control
