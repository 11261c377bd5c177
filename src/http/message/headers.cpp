#include "http/message/headers.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tollgate::http {

bool iequals(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return to_lower(x) == to_lower(y);
           });
}

void header_list::add(std::string name, std::string value) {
    lines_.emplace_back(std::move(name), std::move(value));
}

void header_list::set(std::string_view name, std::string value) {
    erase(name);
    lines_.emplace_back(std::string(name), std::move(value));
}

void header_list::erase(std::string_view name) {
    std::erase_if(lines_, [name](header const& h) { return iequals(h.name, name); });
}

std::string_view header_list::get(std::string_view name) const noexcept {
    for (auto const& h : lines_) {
        if (iequals(h.name, name)) return h.value;
    }
    return {};
}

bool header_list::has(std::string_view name) const noexcept {
    return std::any_of(lines_.begin(), lines_.end(),
                       [name](header const& h) { return iequals(h.name, name); });
}

}  // namespace tollgate::http
