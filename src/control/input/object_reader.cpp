// object_reader: the members of one JSON object, strictly.
#include <algorithm>
#include <cmath>

#include "base/nearest.hpp"
#include "base/quantity.hpp"
#include "base/text.hpp"
#include "control/input/json_input.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

std::string plain(double n) {
    if (n == std::floor(n) && std::abs(n) < 1e15) return std::to_string(static_cast<long long>(n));
    auto text = std::to_string(n);
    while (text.back() == '0')
        text.pop_back();
    return text;
}

std::string range_text(std::string_view what, double least, double most) {
    return std::string(what) + " from " + plain(least) + " to " + plain(most);
}

std::string listed(std::span<std::string_view const> names) {
    std::string all;
    for (auto const name : names) {
        if (!all.empty()) all += ", ";
        all += '"';
        all += name;
        all += '"';
    }
    return all;
}

}  // namespace

object_reader::object_reader(json::object const& o, std::string pointer)
    : object_(o), pointer_(std::move(pointer)) {}

json::value const* object_reader::find(std::string_view name) {
    if (std::ranges::find(asked_, name) == asked_.end()) asked_.emplace_back(name);
    return object_.if_contains(name);
}

void object_reader::fail(std::string_view name, std::string_view what) {
    if (!first_) first_ = mistake(pointer_to(pointer_, name), what);
}

void object_reader::fail(problem p) {
    if (!first_) first_ = std::move(p);
}

void object_reader::wrong_kind(std::string_view name, std::string_view expected,
                               json::value const& got) {
    fail(name, "expected " + std::string(expected) + ", got " + std::string(kind_of(got)));
}

object_reader& object_reader::need(std::string_view name, std::string_view expected) {
    if (find(name) == nullptr) fail(name, "is missing; expected " + std::string(expected));
    return *this;
}

void object_reader::need_something(std::string_view name, std::string_view expected) {
    std::string const is = find(name) == nullptr ? "is missing" : "changes nothing";
    fail(name, is + "; expected " + std::string(expected));
}

std::optional<bool> object_reader::boolean(std::string_view name) {
    auto const* v = find(name);
    if (v == nullptr) return std::nullopt;
    if (v->is_bool()) return v->get_bool();
    wrong_kind(name, "true or false", *v);
    return std::nullopt;
}

std::optional<std::int64_t> object_reader::integer(std::string_view name, std::int64_t least,
                                                   std::int64_t most) {
    auto const* v = find(name);
    if (v == nullptr) return std::nullopt;
    if (!v->is_number()) {
        wrong_kind(name, "a whole number", *v);
        return std::nullopt;
    }
    json::error_code error;
    auto const n = v->to_number<std::int64_t>(error);  // refuses fractions and overflow
    if (!error && n >= least && n <= most) return n;
    fail(name,
         "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
}

std::optional<double> object_reader::number(std::string_view name, double least, double most) {
    auto const* v = find(name);
    if (v == nullptr) return std::nullopt;
    if (!v->is_number()) {
        wrong_kind(name, "a number", *v);
        return std::nullopt;
    }
    json::error_code error;
    auto const n = v->to_number<double>(error);
    if (!error && n >= least && n <= most) return n;
    fail(name, "expected " + range_text("a number", least, most));
    return std::nullopt;
}

std::optional<std::string> object_reader::text(std::string_view name, std::size_t most) {
    auto const* v = find(name);
    if (v == nullptr) return std::nullopt;
    if (!v->is_string()) {
        wrong_kind(name, "a string", *v);
        return std::nullopt;
    }
    auto const& s = v->get_string();
    if (s.size() > most) {
        fail(name, "is longer than " + std::to_string(most) + " bytes");
        return std::nullopt;
    }
    return std::string(s.data(), s.size());
}

std::optional<std::size_t> object_reader::choice(std::string_view name,
                                                 std::span<std::string_view const> allowed) {
    auto const* v = find(name);
    if (v == nullptr) return std::nullopt;
    if (!v->is_string()) {
        wrong_kind(name, "one of " + listed(allowed), *v);
        return std::nullopt;
    }
    auto const& s = v->get_string();
    for (std::size_t i = 0; i < allowed.size(); ++i) {
        if (allowed[i] == std::string_view(s.data(), s.size())) return i;
    }
    fail(name, "expected one of " + listed(allowed));
    return std::nullopt;
}

std::optional<milliseconds> object_reader::duration(std::string_view name, milliseconds least,
                                                    milliseconds most) {
    auto const* v = find(name);
    if (v == nullptr) return std::nullopt;
    if (!v->is_string()) {
        auto const seconds = number(name, static_cast<double>(least.count()) / 1000,
                                    static_cast<double>(most.count()) / 1000);
        if (!seconds) return std::nullopt;
        return milliseconds(std::llround(*seconds * 1000));
    }
    auto const& s = v->get_string();
    auto const parsed = parse_duration(std::string_view(s.data(), s.size()));
    if (parsed && *parsed >= least && *parsed <= most) return parsed;
    auto const range = range_text("seconds", static_cast<double>(least.count()) / 1000,
                                  static_cast<double>(most.count()) / 1000);
    fail(name, "expected a duration like \"10m\" or " + range);
    return std::nullopt;
}

json::object const* object_reader::object(std::string_view name) {
    auto const* v = find(name);
    if (v == nullptr) return nullptr;
    if (!v->is_object()) wrong_kind(name, "an object", *v);
    return v->if_object();
}

json::array const* object_reader::array(std::string_view name) {
    auto const* v = find(name);
    if (v == nullptr) return nullptr;
    if (!v->is_array()) wrong_kind(name, "an array", *v);
    return v->if_array();
}

std::optional<std::string> object_reader::sentence(std::string_view name, std::size_t most) {
    auto read = text(name, most);
    if (!read) return std::nullopt;
    auto const is_control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
    if (trim(*read).empty()) {
        fail(name, "is empty; expected words on one line");
    } else if (std::ranges::any_of(*read, is_control)) {
        fail(name, "has more than one line, or a control character; expected one line");
    } else {
        return read;
    }
    return std::nullopt;
}

std::vector<std::string> object_reader::texts(std::string_view name) {
    std::vector<std::string> all;
    auto const* list = array(name);
    if (list == nullptr) return all;
    for (auto const& one : *list) {
        if (auto const* text = one.if_string())
            all.emplace_back(*text);
        else
            fail(name, "expected texts");
    }
    return all;
}

json::value const* object_reader::any(std::string_view name) {
    return find(name);
}

outcome<void> object_reader::finish() {
    if (first_) return *first_;
    for (auto const& member : object_) {
        std::string_view const name(member.key().data(), member.key().size());
        if (std::ranges::find(asked_, name) != asked_.end()) continue;
        std::vector<std::string_view> const known(asked_.begin(), asked_.end());
        auto const close = nearest_name(name, known);
        auto text = std::string("is not known here");
        if (!close.empty()) text += "; the nearest known member is \"" + std::string(close) + '"';
        return mistake(pointer_to(pointer_, name), text);
    }
    return outcome<void>();
}

}  // namespace tollgate::control
