#include "http/pipeline/request_log.hpp"

#include <algorithm>
#include <chrono>

#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "http/message/form.hpp"
#include "http/message/secret_names.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::http {

namespace {

std::string mask(std::string_view) {
    return "***";
}

// name=value. Names are compared decoded: "%63ode" must not slip through.
std::string mask_pair(std::string_view pair) {
    auto const equals = std::min(pair.find('='), pair.size());
    auto const name = pair.substr(0, equals);
    auto const value = pair.substr(equals);
    auto const decoded = percent_decode(name, true);
    auto const how = secrecy_of(decoded ? std::string_view(*decoded) : name);
    auto masked = replace_own_tokens(name, mask);
    if (how == secrecy::open) return masked.append(value);
    if (how == secrecy::none) return masked.append(replace_own_tokens(value, mask));
    return value.empty() ? masked : masked.append("=***");
}

unsigned status_of(outcome<reply> const& answer) {
    return answer ? answer->status : answer.error().status();
}

void log_answer(context& c, arrival const& when, outcome<reply>& answer) {
    if (!log_enabled(log_level::info)) return;
    request_line line;
    line.id = c.request_id();
    line.realm = c.realm().name();
    line.endpoint = c.endpoint();
    line.status = status_of(answer);
    line.took = std::chrono::steady_clock::now() - when.at;
    log_request(c.request(), line, c.notes());
}

void count_answer(context& c, arrival const& when, outcome<reply>& answer) {
    count_request(c.endpoint(), status_of(answer), std::chrono::steady_clock::now() - when.at);
}

// "12.345", without the cost of formatting a double on every request.
std::string milliseconds_text(std::chrono::steady_clock::duration took) {
    auto const us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    auto fraction = std::to_string(us % 1000);
    fraction.insert(0, 3 - fraction.size(), '0');
    return std::to_string(us / 1000) + '.' + fraction;
}

}  // namespace

std::string mask_target(std::string_view target) {
    auto const question = target.find('?');
    auto masked = replace_tokens(target.substr(0, question), mask);
    if (question == std::string_view::npos) return masked;
    auto query = target.substr(question + 1);
    char separator = '?';
    for (;;) {
        auto const end = query.find('&');
        masked += separator;
        separator = '&';
        masked += mask_pair(query.substr(0, end));
        if (end == std::string_view::npos) return masked;
        query.remove_prefix(end + 1);
    }
}

void log_request(request const& r, request_line const& line,
                 std::vector<std::pair<std::string, std::string>> const& notes) {
    if (!log_enabled(log_level::info)) return;
    auto const target = mask_target(r.target);
    auto const status = std::to_string(line.status);
    auto const ms = milliseconds_text(line.took);
    std::vector<log_field> fields{{"id", line.id},
                                  {"realm", line.realm},
                                  {"endpoint", line.endpoint},
                                  {"method", r.method_text},
                                  {"target", target},
                                  {"status", status},
                                  {"ms", ms},
                                  {"peer", r.peer}};
    fields.reserve(fields.size() + notes.size());
    std::vector<std::string> values;
    values.reserve(notes.size());  // the fields are views of them
    for (auto const& [key, value] : notes)
        fields.emplace_back(key, values.emplace_back(replace_own_tokens(value, mask)));
    log(log_level::info, "request", std::span<log_field const>(fields));
}

layer request_log_layer() {
    return plain_layer{{}, &log_answer};
}

layer metrics_layer() {
    return plain_layer{{}, &count_answer};
}

}  // namespace tollgate::http
