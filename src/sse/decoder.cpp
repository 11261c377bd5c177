#include "sse/decoder.hpp"

#include <charconv>
#include <cstdint>
#include <utility>

namespace tollgate::sse {

std::vector<received> decoder::feed(std::string_view piece) {
    std::vector<received> out;
    for (auto const c : piece) {
        if (failed_) break;
        // CR LF is one end of a line, also where a piece ends between the two.
        auto const second_half = after_cr_ && c == '\n';
        after_cr_ = c == '\r';
        if (second_half) continue;
        if (c == '\r' || c == '\n') {
            end_line(out);
        } else {
            line_ += c;
            failed_ = line_.size() + data_.size() > max_event_;
        }
    }
    return out;
}

void decoder::end_line(std::vector<received>& out) {
    auto line = std::exchange(line_, std::string());
    // 9.2.5: one leading byte order mark is ignored.
    if (std::exchange(first_line_, false) && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (line.empty()) {
        dispatch(out);
        return;
    }
    if (line.front() == ':') {
        ++comments_;
        return;
    }
    auto const colon = line.find(':');
    if (colon == std::string::npos) {
        field(line, {});
        return;
    }
    auto value = std::string_view(line).substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    field(std::string_view(line).substr(0, colon), value);
}

void decoder::field(std::string_view name, std::string_view value) {
    if (name == "event") {
        event_ = value;
    } else if (name == "data") {
        data_.append(value);
        data_ += '\n';
    } else if (name == "id") {
        if (value.find('\0') == std::string_view::npos) pending_id_ = value;
    } else if (name == "retry") {
        std::int64_t ms = 0;
        auto const [end, ec] = std::from_chars(value.data(), value.data() + value.size(), ms);
        // Only ASCII digits count.
        if (ec == std::errc() && end == value.data() + value.size() && value.front() != '-') {
            retry_ = std::chrono::milliseconds(ms);
        }
    }
}

void decoder::dispatch(std::vector<received>& out) {
    // 9.2.6: also by an event without data, such as the one that a resumable stream begins with.
    id_ = pending_id_;
    auto type = std::exchange(event_, std::string());
    auto data = std::exchange(data_, std::string());
    if (data.empty()) return;
    data.pop_back();
    out.push_back({type.empty() ? std::string("message") : std::move(type), std::move(data), id_});
}

}  // namespace tollgate::sse
