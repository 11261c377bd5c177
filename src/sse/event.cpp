#include "sse/event.hpp"

#include <utility>

namespace tollgate::sse {

namespace {

bool has_break_or_nul(std::string_view text) noexcept {
    return text.find_first_of(std::string_view("\0\r\n", 3)) != std::string_view::npos;
}

// A reader ends a line at CR LF, LF or CR alike, so each starts a new field line here.
void append_lines(std::string& out, std::string_view prefix, std::string_view text) {
    for (;;) {
        auto const end = text.find_first_of("\r\n");
        out.append(prefix);
        out.append(text.substr(0, end));
        out += '\n';
        if (end == std::string_view::npos) return;
        auto const crlf = text.substr(end).starts_with("\r\n");
        text.remove_prefix(end + (crlf ? 2 : 1));
    }
}

problem refused(std::string sentence) {
    return problem(500, "bad_event", std::move(sentence));
}

std::string_view wrong(event const& e) noexcept {
    if (has_break_or_nul(e.event)) return "the event name holds a line break or NUL";
    if (e.id && has_break_or_nul(*e.id)) return "the event id holds a line break or NUL";
    if (e.retry && e.retry->count() < 0) return "retry is negative";
    if (!e.data && !e.id && !e.retry && e.event.empty() && e.comment.empty()) {
        return "the event is empty";
    }
    return {};
}

}  // namespace

outcome<frame> encode(event const& e) {
    if (auto const why = wrong(e); !why.empty()) return refused(std::string(why));
    std::string out;
    out.reserve(32 + e.event.size() + (e.data ? e.data->size() : 0));
    if (!e.comment.empty()) append_lines(out, ": ", e.comment);
    if (!e.event.empty()) append_lines(out, "event: ", e.event);
    if (e.id) append_lines(out, "id: ", *e.id);
    if (e.retry) append_lines(out, "retry: ", std::to_string(e.retry->count()));
    if (e.data) append_lines(out, "data: ", *e.data);
    out += '\n';
    return frame(std::move(out));
}

frame message(std::string_view data) {
    std::string out;
    out.reserve(32 + data.size());
    out += "event: message\n";
    append_lines(out, "data: ", data);
    out += '\n';
    return frame(std::move(out));
}

frame comment(std::string_view text) {
    std::string out;
    append_lines(out, text.empty() ? ":" : ": ", text);
    out += '\n';
    return frame(std::move(out));
}

}  // namespace tollgate::sse
