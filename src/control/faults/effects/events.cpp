// events: what is sent on an event stream.
#include <algorithm>

#include <boost/json/array.hpp>

#include "control/faults/effects/altered_stream.hpp"
#include "control/faults/effects/kinds.hpp"
#include "control/faults/effects/templates.hpp"

namespace tollgate::control::effects {

namespace json = boost::json;

namespace {

// A stream that has fallen silent ends after this at last.
constexpr std::chrono::minutes longest_silence{10};
constexpr std::size_t largest_preface = 64 << 20;

bool is_comment(std::string_view event) noexcept {
    return event.starts_with(':');
}

// Without the lines of that field.
std::string without_field(std::string_view event, std::string_view field) {
    std::string out;
    while (!event.empty()) {
        auto const end = event.find('\n');
        auto const line = event.substr(0, end == event.npos ? event.size() : end + 1);
        event.remove_prefix(line.size());
        if (!line.starts_with(std::string(field) + ':')) out += line;
    }
    return out;
}

std::string with_field(std::string_view event, std::string_view field, std::string_view value) {
    return std::string(field) + ": " + std::string(value) + '\n' + without_field(event, field);
}

std::string with_each(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

// After its first brace a JSON text may break the line: "data: {" and "data: …" are one datum.
std::string in_two_lines(std::string event) {
    constexpr std::string_view data = "data: {";
    auto const at = event.find(data);
    if (at != std::string::npos) event.insert(at + data.size(), "\ndata: ");
    return event;
}

std::string padded(std::string event, std::size_t by) {
    constexpr std::string_view data = "data: ";
    auto const at = event.find(data);
    if (at != std::string::npos) event.insert(at + data.size(), by, ' ');
    return event;
}

struct events_rule {
    std::vector<std::size_t> drop;
    std::vector<std::size_t> twice;
    std::optional<std::size_t> end_after;
    std::optional<std::size_t> silent_after;
    std::chrono::milliseconds wait{0};
    bool without_id = false;
    bool split = false;
    bool unfinished = false;  // the last event lacks its empty line
    std::string line_end;     // empty: as it is
    std::string name;         // another event type
    std::optional<std::string> id, retry, data;
    std::string between;          // in front of each event
    std::vector<std::size_t> of;  // those that are altered; none: all of them
    std::string replace, by;      // the first of it in each
    std::chrono::milliseconds silence{longest_silence};
    std::size_t padding = 0;

    handling operator()(std::size_t number, std::string event) const {
        handling h;
        auto const in = [&](auto const& list) {
            return std::ranges::find(list, number) != list.end();
        };
        if (silent_after && number > *silent_after) {
            h.wait = silence;
            h.end = true;
            return h;
        }
        // Silence begins with that event, and not with the one that does not come.
        bool const last = silent_after && number == *silent_after;
        if (last) h.hold = silence;
        h.end = last || (end_after && number >= *end_after);
        if (in(drop)) return h;
        h.wait = wait;
        bool const meant = of.empty() || in(of);
        if (meant && !is_comment(event)) event = altered(std::move(event));
        if (h.end && unfinished) event.pop_back();
        if (!line_end.empty()) event = with_each(std::move(event), "\n", line_end);
        h.text = between + (in(twice) ? event + event : event);
        return h;
    }

private:
    std::string altered(std::string event) const {
        if (without_id) event = without_field(event, "id");
        if (!name.empty()) event = with_field(event, "event", name);
        if (id) event = with_field(event, "id", *id);
        if (retry) event = with_field(event, "retry", *retry);
        auto const at = replace.empty() ? std::string::npos : event.find(replace);
        if (at != std::string::npos) event.replace(at, replace.size(), by);
        if (data) event = with_field(event, "data", *data);
        if (padding != 0) event = padded(std::move(event), padding);
        return split ? in_two_lines(std::move(event)) : event;
    }
};

class other_events final : public effect {
public:
    events_rule rule;
    std::string first;
    std::size_t times = 1;

    unsigned seams() const noexcept override { return after_handler; }
    task<bool> after(http::context& c, http::reply& r, administrations const&) const override {
        if (!r.stream) co_return false;
        auto now = rule;
        now.by = filled(now.by, c);
        if (now.data) now.data = filled(*now.data, c);
        handling preface;
        for (std::size_t i = 0; i < times; ++i)
            preface.text += first;
        preface.end = rule.end_after == 0u;
        r.stream =
            alter_events(std::move(r.stream), std::move(now), c.executor(), std::move(preface));
        co_return true;
    }
};

std::vector<std::size_t> numbers(object_reader& in, std::string_view name) {
    std::vector<std::size_t> all;
    auto const* list = in.array(name);
    if (list == nullptr) return all;
    for (auto const& one : *list) {
        json::error_code wrong;
        auto const n = one.to_number<std::int64_t>(wrong);
        if (wrong || n < 1)
            in.fail(name, "expected numbers of events, from 1 on");
        else
            all.push_back(static_cast<std::size_t>(n));
    }
    return all;
}

std::optional<std::size_t> number(object_reader& in, std::string_view name, std::int64_t most) {
    auto const n = in.integer(name, 0, most);
    return n ? std::optional(static_cast<std::size_t>(*n)) : std::nullopt;
}

void read_which_and_when(object_reader& in, events_rule& rule) {
    constexpr std::int64_t most = 1'000'000;
    rule.drop = numbers(in, "drop");
    rule.twice = numbers(in, "twice");
    rule.end_after = number(in, "end_after", most);
    rule.silent_after = number(in, "silent_after", most);
    rule.wait = std::chrono::milliseconds(in.integer("delay_ms", 0, 120'000).value_or(0));
    auto const silence = in.integer("silence_ms", 0, 600'000);
    if (silence) rule.silence = std::chrono::milliseconds(*silence);
    if (silence && !rule.silent_after) in.fail("silence_ms", "needs silent_after");
    rule.unfinished = in.boolean("unfinished").value_or(false);
    if (rule.unfinished && !rule.end_after) in.fail("unfinished", "needs end_after");
}

void read_form(object_reader& in, events_rule& rule) {
    rule.without_id = in.boolean("without_id").value_or(false);
    rule.split = in.boolean("split_data").value_or(false);
    constexpr std::string_view ends[] = {"crlf", "cr"};
    if (auto const i = in.choice("line_end", ends)) rule.line_end = *i == 0 ? "\r\n" : "\r";
    rule.name = in.text("event").value_or("");
    rule.id = in.text("id");
    rule.retry = in.text("retry");
    rule.data = in.text("data", 64 << 10);
    rule.between = in.text("between", 64 << 10).value_or("");
    rule.of = numbers(in, "of");
    rule.replace = in.text("replace", 2048).value_or("");
    rule.by = in.text("by", 2048).value_or("");
    rule.padding = number(in, "pad", largest_preface).value_or(0);
}

}  // namespace

new_effect read_events(object_reader& in) {
    auto e = std::make_shared<other_events>();
    auto& rule = e->rule;
    read_which_and_when(in, rule);
    read_form(in, rule);
    e->first = in.text("first", 64 << 10).value_or("");
    e->times = number(in, "first_times", 100'000).value_or(1);
    if (e->first.size() * e->times > largest_preface)
        in.fail("first_times", "makes more than 64 MiB");
    bool const which = !rule.drop.empty() || !rule.twice.empty() || rule.end_after ||
                       rule.silent_after || rule.wait.count() != 0;
    bool const form = rule.without_id || rule.split || !rule.line_end.empty() ||
                      !rule.name.empty() || rule.id || rule.retry || rule.data ||
                      !rule.between.empty() || rule.padding != 0 || !rule.replace.empty();
    if (!which && !form && e->first.empty())
        in.need_something(
            "drop",
            "drop, twice, end_after, silent_after, delay_ms, without_id, split_data, line_end, "
            "event, id, retry, data, replace, between, pad or first");
    return e;
}

}  // namespace tollgate::control::effects
