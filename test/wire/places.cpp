#include "wire/places.hpp"

#include <ctime>

#include "wire/values.hpp"

namespace test::wire {

namespace {

// A run of letters, digits, - and _, and what else there may be, of this length at least, behind
// these words.
struct place {
    std::string_view name;
    std::string_view before;
    std::size_t shortest;
    std::string_view also = "";
};

constexpr place places[] = {
    {"access_token", "\"access_token\":\"", 40, "."},
    {"refresh_token", "\"refresh_token\":\"", 40},
    {"id_token", "\"id_token\":\"", 40, "."},
    {"client_id", "\"client_id\":\"", 20},
    {"client_secret", "\"client_secret\":\"", 40},
    {"registration_access_token", "\"registration_access_token\":\"", 40},
    {"code", "?code=", 40},
    {"code", "&amp;code=", 40},
    {"code", "name=\"code\" value=\"", 40},
    {"device_code", "\"device_code\":\"", 40},
    {"user_code", "\"user_code\":\"", 9},
    {"session", "Mcp-Session-Id: ", 20},
    {"session", "sessionId=", 20},
    {"etag", "ETag: \"", 16},
    // Its name holds a digest of the issuer, and thereby of the port.
    {"cookie", "Set-Cookie: tollgate-login-", 40, "="},
    {"cookie", "Set-Cookie: tollgate-device-", 40, "="},
    // The beginning of a session's id, as whoami tells it, once more inside of a text.
    {"session_label", "\"session\":\"", 8},
    {"session_label", "\\\"session\\\":\\\"", 8},
    {"request_state", "\"requestState\":\"", 40},
    {"cookie", "Set-Cookie: tollgate-test-page-", 40, "="},
    {"state", "&state=", 40},
    {"code_challenge", "&code_challenge=", 40},
    {"nonce", "&nonce=", 20},
    {"instance", "Tollgate-Instance: ", 20},
    {"task", "\"taskId\":\"", 40},
    // Of an event: the stream, a dot, the number of the event.
    {"stream", "id: ", 16},
    {"form_request", "name=\"form_request\" value=\"", 40},
    {"form_seal", "name=\"form_seal\" value=\"", 40, "."},
    {"typed_code", "name=\"user_code\" value=\"", 8},
    {"jti", "\"jti\":\"", 16},
    {"kid", "\"kid\":\"", 20},
    {"modulus", "\"n\":\"", 300},
    {"x", "\"x\":\"", 40},
    {"y", "\"y\":\"", 40},
    {"at_hash", "\"at_hash\":\"", 20},
    {"dpop_nonce", "DPoP-Nonce: ", 16},
};

// Numbers of seconds since the epoch.
constexpr std::string_view times[] = {
    "\"iat\":",       "\"exp\":",        "\"nbf\":",
    "\"auth_time\":", "\"updated_at\":", "\"client_id_issued_at\":",
};

// The same as text (RFC 3339, with or without milliseconds).
constexpr std::string_view dates[] = {
    "\"expires_at\":\"",
    "\"createdAt\":\"",
    "\"lastUpdatedAt\":\"",
};

constexpr std::string_view measurements[] = {"\"pid\":"};

constexpr std::string_view digits = "0123456789";
constexpr std::string_view token_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string_view run(std::string_view text, std::size_t at, std::string_view characters) {
    auto const end = text.find_first_not_of(characters, at);
    return text.substr(at, end == std::string_view::npos ? end : end - at);
}

// Calls `take` with the position behind each `before`.
void each(std::string_view text, std::string_view before, auto const& take) {
    for (std::size_t at = 0; (at = text.find(before, at)) != std::string_view::npos;)
        take(at += before.size());
}

void replace_date(std::string& text) {
    constexpr std::string_view field = "\r\nDate: ";
    auto const at = text.find(field);
    if (at == std::string::npos) return;
    auto const begin = at + field.size();
    // RFC 9110 §5.6.7: always this long. Any other one is shown.
    auto const end = text.find("\r\n", begin);
    if (end - begin == std::string_view("Sun, 06 Nov 1994 08:49:37 GMT").size())
        text.replace(begin, end - begin, "{date}");
}

void replace_times(std::string& text, std::string_view before) {
    for (std::size_t at = 0; (at = text.find(before, at)) != std::string::npos;) {
        at += before.size();
        auto const time = std::string(run(text, at, digits));
        if (time.size() == 10) text.replace(at, time.size(), relative_time(std::stol(time)));
    }
}

long seconds_of(std::string const& date) {
    std::tm parts{};
    auto const* const end = ::strptime(date.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    return end == nullptr ? 0 : static_cast<long>(::timegm(&parts));
}

void replace_dates(std::string& text, std::string_view before) {
    for (std::size_t at = 0; (at = text.find(before, at)) != std::string::npos;) {
        at += before.size();
        auto const date = text.substr(at, text.find('"', at) - at);
        auto const seconds = seconds_of(date);
        if (seconds != 0 && date.ends_with('Z'))
            text.replace(at, date.size(), relative_time(seconds));
    }
}

void replace_number(std::string& text, std::string_view before) {
    for (std::size_t at = 0; (at = text.find(before, at)) != std::string::npos;) {
        at += before.size();
        text.replace(at, run(text, at, digits).size(), "{number}");
    }
}

// What is left of a life that began a moment ago. A whole life is shown.
void replace_remainders(std::string& text, std::string_view before) {
    for (std::size_t at = 0; (at = text.find(before, at)) != std::string::npos;) {
        at += before.size();
        std::string const left(run(text, at, digits));
        if (left.empty() || left.size() > 9) continue;
        auto const minute = std::stol(left) % 60;
        if (minute < 30) continue;
        auto const life = std::to_string(std::stol(left) - minute + 60);
        text.replace(at, left.size(), "{almost_" + life + '}');
    }
}

// Of the Prometheus text format: every sample's number.
void replace_samples(std::string& text) {
    if (!text.starts_with("# HELP ")) return;
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = text.find('\n', at);
        auto line = text.substr(at, end - at);
        if (!line.starts_with('#')) line = line.substr(0, line.rfind(' ')) + " {number}";
        out += line + '\n';
        at = end == std::string::npos ? end : end + 1;
    }
    text = std::move(out);
}

}  // namespace

std::vector<lasting_value> lasting(std::string_view text) {
    std::vector<lasting_value> found;
    for (auto const& p : places)
        each(text, p.before, [&](std::size_t at) {
            auto const value = run(text, at, std::string(token_characters).append(p.also));
            if (value.size() >= p.shortest) found.push_back({p.name, value});
        });
    return found;
}

std::string without_passing(std::string text) {
    replace_date(text);
    for (auto const t : times)
        replace_times(text, t);
    for (auto const d : dates)
        replace_dates(text, d);
    for (auto const m : measurements)
        replace_number(text, m);
    replace_remainders(text, "\"expires_in\":");
    replace_samples(text);
    return text;
}

}  // namespace test::wire
