#include "wire/values.hpp"

#include <algorithm>
#include <cmath>

#include "wire/places.hpp"

namespace test::wire {

namespace {

// The end of "{name}" or "{now+60}" at `at`, where `at` is an opening brace; 0: it is no name.
std::size_t end_of_name(std::string_view text, std::size_t at) {
    auto i = at + 1;
    while (i < text.size() && text[i] == '=')
        ++i;
    if (i == text.size() || text[i] < 'a' || text[i] > 'z') return 0;
    i = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_+", i);
    return i != std::string_view::npos && text[i] == '}' ? i + 1 : 0;
}

void replace_all(std::string& text, std::string_view old, std::string_view by) {
    for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += by.size())
        text.replace(at, old.size(), by);
}

std::string braced(std::string_view name) {
    return '{' + std::string(name) + '}';
}

std::string escaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        out += text[i];
        if (text[i] == '{' && end_of_name(text, i) != 0) out += '=';
    }
    return out;
}

}  // namespace

void values::set(std::string const& name, std::string value) {
    auto const same = [&](auto const& k) { return k.first == name; };
    auto const found = std::ranges::find_if(known_, same);
    if (found != known_.end())
        found->second = std::move(value);
    else
        known_.insert(known_.begin() + static_cast<std::ptrdiff_t>(told_++),
                      {name, std::move(value)});
}

void values::set_port(std::string const& name, unsigned short port) {
    ports_.emplace_back(name, std::to_string(port));
}

std::string const* values::find(std::string_view name) const {
    for (auto const* list : {&known_, &ports_})
        for (auto const& [known, value] : *list)
            if (known == name) return &value;
    return nullptr;
}

std::string values::value_of(std::string_view name) const {
    if (name.starts_with('=')) return braced(name.substr(1));
    if (name == "now") return std::to_string(now());
    if (name.starts_with("now+"))
        return std::to_string(now() + std::stol(std::string(name.substr(4))));
    if (auto const* value = find(name)) return *value;
    throw unknown_value("nothing is called " + braced(name) + " here");
}

std::string values::fill(std::string_view text) const {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        auto const end = text[i] == '{' ? end_of_name(text, i) : 0;
        if (end == 0) {
            out += text[i++];
            continue;
        }
        out += value_of(text.substr(i + 1, end - i - 2));
        i = end;
    }
    return out;
}

void values::give_name(std::string_view name, std::string value) {
    for (auto const& [known, v] : known_)
        if (v == value) return;
    std::string free(name);
    for (int n = 2; find(free) != nullptr; ++n)
        free = std::string(name) + '_' + std::to_string(n);
    known_.emplace_back(std::move(free), std::move(value));
}

void values::learn(std::string_view text, std::string_view said) {
    for (auto const& found : lasting(text))
        if (said.find(found.text) == std::string_view::npos)
            give_name(found.name, std::string(found.text));
}

std::string values::named(std::string_view text) const {
    auto out = without_passing(escaped(text));
    for (auto const& [name, port] : ports_)
        for (auto const* colon : {":", "%3A"})
            replace_all(out, colon + port, colon + braced(name));
    auto longest_first = known_;
    std::ranges::stable_sort(longest_first, std::ranges::greater{},
                             [](auto const& k) { return k.second.size(); });
    for (auto const& [name, value] : longest_first)
        if (value.size() >= shortest_value) replace_all(out, value, braced(name));
    return out;
}

std::vector<std::pair<std::string, std::string>> values::take_new() {
    std::vector<std::pair<std::string, std::string>> fresh(
        known_.begin() + static_cast<std::ptrdiff_t>(told_), known_.end());
    told_ = known_.size();
    return fresh;
}

long now() {
    using namespace std::chrono;
    return static_cast<long>(
        duration_cast<seconds>(system_clock::now().time_since_epoch()).count());
}

std::string relative_time(long time) {
    auto const minutes = std::lround(static_cast<double>(time - now()) / 60);
    if (minutes == 0) return "{now}";
    return "{now" + std::string(minutes > 0 ? "+" : "") + std::to_string(minutes * 60) + '}';
}

}  // namespace test::wire
