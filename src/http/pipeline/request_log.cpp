#include "http/pipeline/request_log.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "base/text.hpp"
#include "http/message/form.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::http {

namespace {

// Whoever reads the log must not be able to go on with what is under way: so state, user_code and
// the id of a session are among them.
constexpr std::array<std::string_view, 21> secret_parameters{"access_token",
                                                             "actor_token",
                                                             "assertion",
                                                             "client_assertion",
                                                             "client_secret",
                                                             "code",
                                                             "code_verifier",
                                                             "device_code",
                                                             "id_token",
                                                             "id_token_hint",
                                                             "initial_access_token",
                                                             "logout_token",
                                                             "password",
                                                             "refresh_token",
                                                             "registration_access_token",
                                                             "request",
                                                             "sessionid",
                                                             "state",
                                                             "subject_token",
                                                             "token",
                                                             "user_code"};

// Names are compared decoded and without case: "%63ode" must not slip through.
bool is_secret(std::string_view name) {
    auto decoded = percent_decode(name, true);
    auto const plain = to_lower(decoded ? std::string_view(*decoded) : name);
    return std::find(secret_parameters.begin(), secret_parameters.end(), plain) !=
           secret_parameters.end();
}

task<outcome<reply>> run_logged(context& c, handler const& next) {
    auto const started = std::chrono::steady_clock::now();
    auto result = co_await next(c);
    request_line line;
    line.id = c.request_id();
    line.realm = c.realm().name();
    line.endpoint = c.endpoint();
    line.status = result ? result->status : result.error().status();
    line.took = std::chrono::steady_clock::now() - started;
    log_request(c.request(), line, c.notes());
    co_return result;
}

task<outcome<reply>> log_layer(context& c, handler const& next) {
    return log_enabled(log_level::info) ? run_logged(c, next) : next(c);
}

task<outcome<reply>> run_counted(context& c, handler const& next) {
    auto const started = std::chrono::steady_clock::now();
    auto result = co_await next(c);
    count_request(c.endpoint(), result ? result->status : result.error().status(),
                  std::chrono::steady_clock::now() - started);
    co_return result;
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
    if (question == std::string_view::npos) return std::string(target);
    std::string masked(target.substr(0, question));
    auto query = target.substr(question + 1);
    char separator = '?';
    for (;;) {
        auto const end = query.find('&');
        auto const pair = query.substr(0, end);
        auto const equals = pair.find('=');
        masked += separator;
        separator = '&';
        if (equals != std::string_view::npos && is_secret(pair.substr(0, equals))) {
            masked += pair.substr(0, equals + 1);
            masked += "***";
        } else {
            masked += pair;
        }
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
    for (auto const& [key, value] : notes)
        fields.emplace_back(key, value);
    log(log_level::info, "request", std::span<log_field const>(fields));
}

layer request_log_layer() {
    return &log_layer;
}

layer metrics_layer() {
    return &run_counted;
}

}  // namespace tollgate::http
