#include "http/pipeline/cookie.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "http/message/url.hpp"

namespace tollgate::http {

namespace {

constexpr std::size_t name_digest_length = 12;

std::string attributes(context const& c) {
    bool const tls = over_tls(c);
    // The prefix __Host- demands Path=/.
    auto const path = tls || c.place().base.empty() ? std::string("/") : c.place().base;
    return "; Path=" + path + "; HttpOnly; SameSite=Lax" + (tls ? "; Secure" : "");
}

}  // namespace

bool over_tls(context const& c) {
    if (c.request().tls) return true;
    if (!c.place().issuer_here().starts_with("https://")) return false;
    auto const called = split_host(c.request().host());
    return !called || !is_loopback_name(called->host);
}

std::optional<std::string_view> cookie_value(request const& r, std::string_view name) {
    for (auto const& h : r.headers) {
        if (!iequals(h.name, "Cookie")) continue;
        auto rest = h.value;
        while (!rest.empty()) {
            auto pair = next_part(rest, ';');
            auto const found = next_part(pair, '=');
            if (found == name) return pair;
        }
    }
    return std::nullopt;
}

std::string cookie_name(context const& c, std::string_view purpose) {
    auto const whose = digest_of(c.realm().name() + '\n' + c.place().issuer_here());
    std::string name(over_tls(c) ? "__Host-tollgate-" : "tollgate-");
    name += purpose;
    return name + '-' + whose.substr(0, name_digest_length);
}

std::string set_cookie(context const& c, std::string_view name, std::string_view value,
                       std::optional<std::chrono::seconds> lives) {
    std::string line(name);
    line += '=';
    line += value;
    line += attributes(c);
    if (lives) line += "; Max-Age=" + std::to_string(lives->count());
    return line;
}

std::string drop_cookie(context const& c, std::string_view name) {
    return set_cookie(c, name, "", std::chrono::seconds(0));
}

}  // namespace tollgate::http
