#include "control/conversation/conversation.hpp"

#include <algorithm>
#include <array>

#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "base/json.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 3> of_mcp{"mcp", "sse", "messages"};
constexpr std::array<std::string_view, 9> of_clients{
    "mcp",      "sse",       "messages", "resource_metadata", "as_metadata", "openid_configuration",
    "register", "authorize", "token"};

bool among(std::span<std::string_view const> names, std::string_view name) noexcept {
    return std::ranges::find(names, name) != names.end();
}

std::string text_in(json::value const& v, std::string_view name) {
    auto const* o = v.if_object();
    return o ? std::string(text_member(*o, name).value_or("")) : std::string();
}

std::int64_t number_in(json::value const& v, std::string_view name) {
    auto const* o = v.if_object();
    auto const* n = o ? o->if_contains(name) : nullptr;
    return n && n->is_int64() ? n->get_int64() : -1;
}

std::string registration_text(json::value const& body) {
    auto const* o = body.if_object();
    if (!o) return {};
    auto const* redirects = o->if_contains("redirect_uris");
    return text_in(body, "client_name") + '|' + (redirects ? json::serialize(*redirects) : "");
}

}  // namespace

std::string client_of(observation const& o) {
    if (auto const id = o.form.one("client_id")) return std::string(*id);
    if (http::iequals(o.scheme, "Basic")) {
        auto const pair = from_base64(o.credential).value_or("");
        auto const id = http::percent_decode(pair.substr(0, pair.find(':')), true);
        if (id && !id->empty()) return *id;
    }
    return o.facts().client_id;
}

conversation::conversation(std::span<event_ptr const> events, std::uint64_t dropped)
    : dropped_(dropped) {
    // Never grows afterwards: pointers lead into it.
    all_.reserve(events.size());
    for (auto const& e : events)
        all_.push_back(observe(e));
    for (auto const& o : all_)
        sort_in(o);
}

void conversation::sort_in(observation const& o) {
    bool const outside = o.is_exchange() && o.method != "OPTIONS" && o.endpoint() != "introspect";
    if (!outside) return;
    exchanges_.push_back(&o);
    if (among(of_mcp, o.endpoint())) mcp_.push_back(&o);
    tried_ = tried_ || among(of_clients, o.endpoint());
    if (o.endpoint() == "register") note_registration(o);
    if (o.endpoint() == "token") note_tokens(o);
    if (o.endpoint() == "authorize" || o.endpoint() == "callback") note_login(o);
}

void conversation::note_registration(observation const& o) {
    auto id = text_in(o.answer, "client_id");
    if (o.method != "POST" || !o.succeeded() || id.empty()) return;
    registrations_.push_back(
        {&o, std::move(id), text_in(o.answer, "client_secret"), registration_text(o.body)});
}

void conversation::note_tokens(observation const& o) {
    auto access = text_in(o.answer, "access_token");
    if (!o.succeeded() || access.empty()) return;
    tokens_seen t;
    t.at = &o;
    t.access = std::move(access);
    t.refresh = text_in(o.answer, "refresh_token");
    t.client_id = client_of(o);
    t.lifetime = number_in(o.answer, "expires_in");
    t.by_refresh = o.form.one("grant_type") == "refresh_token";
    t.received = !o.cut();
    by_access_.try_emplace(t.access, tokens_.size());
    // An answer may give the same refresh token again.
    if (!t.refresh.empty()) by_refresh_.try_emplace(t.refresh, tokens_.size());
    tokens_.push_back(std::move(t));
}

// A login begins with a request that names its client; what a page posts belongs to the last one.
void conversation::note_login(observation const& o) {
    auto const location = o.answer_header("Location");
    auto code = parameter_of(location, "code");
    bool const leads_back = !code.empty() || !parameter_of(location, "error").empty();
    bool const begins = o.endpoint() == "authorize" && o.method == "GET";
    if (begins) {
        auto const client = o.query.one("client_id");
        logins_.push_back(
            {&o, leads_back ? &o : nullptr, std::move(code), std::string(client.value_or(""))});
        return;
    }
    if (!leads_back) return;
    auto const state = parameter_of(location, "state");
    for (auto login = logins_.rbegin(); login != logins_.rend(); ++login) {
        if (login->back || login->at->query.one("state").value_or("") != state) continue;
        login->back = &o;
        login->code = std::move(code);
        return;
    }
}

tokens_seen const* conversation::of_access(std::string_view token) const noexcept {
    auto const at = by_access_.find(token);
    return at == by_access_.end() ? nullptr : &tokens_[at->second];
}

tokens_seen const* conversation::of_refresh(std::string_view token) const noexcept {
    auto const at = by_refresh_.find(token);
    return at == by_refresh_.end() ? nullptr : &tokens_[at->second];
}

login_seen const* conversation::of_code(std::string_view code) const noexcept {
    auto const at = std::ranges::find(logins_, code, &login_seen::code);
    return code.empty() || at == logins_.end() ? nullptr : &*at;
}

}  // namespace tollgate::control
