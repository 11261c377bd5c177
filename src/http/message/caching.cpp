#include "http/message/caching.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <string>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace tollgate::http {

namespace {

using std::chrono::seconds;

// 2200-01-01.
constexpr std::time_t last_second = 7'258'118'400;
constexpr seconds stale_by_default{3'600};

struct directives {
    bool no_store = false;
    bool no_cache = false;
    bool never_stale = false;
    std::optional<seconds> max_age;
    std::optional<seconds> shared_max_age;  // RFC 9111 §5.2.2.10: ours is a shared cache
    std::optional<seconds> stale_if_error;
};

// RFC 9111 §1.2.2: a number too large is as good as for ever; what is no number is stale.
seconds delta_seconds(std::string_view text) {
    if (text.size() > 1 && text.front() == '"' && text.back() == '"')
        text = text.substr(1, text.size() - 2);
    bool const digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
    if (!digits) return seconds(0);
    text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
    if (text.empty()) return seconds(0);
    if (text.size() > 9) return seconds(2147483647);
    long n = 0;
    std::from_chars(text.data(), text.data() + text.size(), n);
    return seconds(n);
}

void read_directive(std::string_view one, directives& into) {
    auto value = one;
    auto const name = next_part(value, '=');
    if (iequals(name, "no-store") || iequals(name, "private")) into.no_store = true;
    if (iequals(name, "no-cache")) into.no_cache = true;
    for (auto const* strict : {"no-cache", "must-revalidate", "proxy-revalidate", "s-maxage"})
        if (iequals(name, strict)) into.never_stale = true;
    if (iequals(name, "stale-if-error")) into.stale_if_error = delta_seconds(trim(value));
    if (iequals(name, "s-maxage")) into.shared_max_age = delta_seconds(trim(value));
    if (iequals(name, "max-age")) {
        auto const age = delta_seconds(trim(value));
        // Said twice: the shorter one.
        into.max_age = into.max_age ? std::min(*into.max_age, age) : age;
    }
}

// Up to the next comma that is in no quoted-string (RFC 9110 §5.6.4), trimmed.
std::string_view next_directive(std::string_view& rest) noexcept {
    bool quoted = false;
    std::size_t at = 0;
    for (; at < rest.size(); ++at) {
        if (quoted && rest[at] == '\\')
            ++at;
        else if (rest[at] == '"')
            quoted = !quoted;
        else if (rest[at] == ',' && !quoted)
            break;
    }
    auto const one = trim(rest.substr(0, at));
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return one;
}

// RFC 9111 §4.1: one member "*" is enough for an answer that fits no other request.
bool varies_by_everything(header_list const& answer) {
    for (auto const& line : answer) {
        if (!iequals(line.name, "Vary")) continue;
        std::string_view rest = line.value;
        while (!rest.empty())
            if (next_part(rest, ',') == "*") return true;
    }
    return false;
}

directives cache_control(header_list const& answer) {
    directives d;
    for (auto const& line : answer) {
        if (!iequals(line.name, "Cache-Control")) continue;
        std::string_view rest = line.value;
        while (!rest.empty())
            read_directive(next_directive(rest), d);
    }
    return d;
}

std::optional<seconds> expiry(header_list const& answer, time_point now) {
    if (!answer.has("Expires")) return std::nullopt;
    auto const until = http_date(answer.get("Expires"));
    // RFC 9111 §5.3: what is no date, "0" above all, has passed.
    if (!until) return seconds(0);
    // RFC 9111 §4.2.1: counted from Date, which the same clock has written.
    auto const since = http_date(answer.get("Date")).value_or(now);
    return std::chrono::floor<seconds>(*until - since);
}

}  // namespace

std::string entity_tag(std::string_view body) {
    // Of a SHA-256 in base64url: 144 bits.
    constexpr std::size_t enough = 24;
    return '"' + digest_of(body).substr(0, enough) + '"';
}

bool matches_entity_tag(std::string_view if_none_match, std::string_view tag) {
    if (trim(if_none_match) == "*") return true;
    while (!if_none_match.empty()) {
        auto one = next_part(if_none_match, ',');
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == tag) return true;
    }
    return false;
}

std::optional<time_point> http_date(std::string_view text) {
    std::string const whole(text);
    for (auto const* form :
         {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
        std::tm parts{};
        auto const* end = ::strptime(whole.c_str(), form, &parts);
        if (!end || *end != '\0') continue;
        // Years beyond the clock's range are as far away as the clock can say.
        auto const at = std::clamp<std::time_t>(::timegm(&parts), 0, last_second);
        return std::chrono::system_clock::from_time_t(at);
    }
    return std::nullopt;
}

freshness freshness_of(header_list const& answer, time_point now, seconds by_default,
                       seconds at_most) {
    auto const said = cache_control(answer);
    freshness f;
    f.may_store = !said.no_store && !varies_by_everything(answer);
    if (said.no_cache || !f.may_store) return f;
    if (!said.never_stale)
        f.stale_life = std::min(said.stale_if_error.value_or(stale_by_default), at_most);
    auto lifetime = said.max_age ? said.max_age : expiry(answer, now);
    if (said.shared_max_age) lifetime = said.shared_max_age;
    auto const age = answer.has("Age") ? delta_seconds(trim(answer.get("Age"))) : seconds(0);
    f.lifetime = std::clamp(lifetime.value_or(by_default) - age, seconds(0), at_most);
    return f;
}

}  // namespace tollgate::http
