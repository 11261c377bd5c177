#include "control/journal/message_view.hpp"

#include <charconv>

#include "control/journal/redaction.hpp"
#include "http/message/request.hpp"

namespace tollgate::control {

namespace {

// The lines of recorded_message::fields.
std::vector<http::header> fields_of(std::string_view block) {
    std::vector<http::header> fields;
    while (!block.empty()) {
        auto const end = block.find("\r\n");
        auto const line = block.substr(0, end);
        block = end == block.npos ? std::string_view() : block.substr(end + 2);
        auto const colon = line.find(": ");
        if (colon == line.npos) continue;
        auto const name = line.substr(0, colon);
        fields.emplace_back(std::string(name), redact_field(name, line.substr(colon + 2)));
    }
    return fields;
}

void read_body(message_view& into, recorded_message const& from) {
    into.body_size = from.body_size;
    auto const type = http::media_type(into.field("Content-Type"));
    into.body = redact_body(type, from.body, from.body_size);
}

}  // namespace

std::string_view message_view::field(std::string_view name) const noexcept {
    for (auto const& f : fields)
        if (http::iequals(f.name, name)) return f.value;
    return {};
}

message_view view_request(recorded_message const& m) {
    message_view v;
    auto const space = m.start.find(' ');
    v.method = m.start.substr(0, space);
    v.target = redact_target(std::string_view(m.start).substr(space + 1));
    v.fields = fields_of(m.fields);
    read_body(v, m);
    return v;
}

message_view view_response(recorded_message const& m) {
    message_view v;
    std::from_chars(m.start.data(), m.start.data() + m.start.size(), v.status);
    v.fields = fields_of(m.fields);
    read_body(v, m);
    return v;
}

std::string rfc3339_milliseconds(time_point t) {
    auto const whole = std::chrono::floor<std::chrono::seconds>(t);
    auto const ms = std::chrono::floor<std::chrono::milliseconds>(t - whole).count();
    auto text = rfc3339(t);
    auto digits = std::to_string(1000 + ms);
    digits.front() = '.';
    return text.insert(text.size() - 1, digits);
}

}  // namespace tollgate::control
