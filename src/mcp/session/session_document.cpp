#include "mcp/session/session_document.hpp"

#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/json.hpp"

namespace tollgate::mcp {

namespace {

constexpr std::string_view empty_text;

json::object object_of(session_owner const& o) {
    return {{"subject", o.subject}, {"client_id", o.client_id}, {"token_digest", o.digest}};
}

std::string text_of_member(json::object const& o, std::string_view name) {
    return std::string(text_member(o, name).value_or(empty_text));
}

json::object object_in(json::object const& o, std::string_view name) {
    auto const* const v = o.if_contains(name);
    return v != nullptr && v->is_object() ? v->get_object() : json::object();
}

bool flag_in(json::object const& o, std::string_view name) {
    auto const* const v = o.if_contains(name);
    return v != nullptr && v->is_bool() && v->get_bool();
}

std::optional<session_owner> opener_in(json::object const& o) {
    auto const* const v = o.if_contains("opener");
    if (v == nullptr || !v->is_object()) return std::nullopt;
    auto const& who = v->get_object();
    return session_owner{text_of_member(who, "subject"), text_of_member(who, "client_id"),
                         text_of_member(who, "token_digest")};
}

std::set<std::string, std::less<>> subscriptions_in(json::object const& o) {
    std::set<std::string, std::less<>> out;
    auto const* const v = o.if_contains("subscriptions");
    if (v == nullptr || !v->is_array()) return out;
    for (auto const& one : v->get_array())
        if (one.is_string()) out.emplace(one.get_string());
    return out;
}

}  // namespace

std::string document_of(session::image const& s) {
    json::object o{{"revision", to_string(s.revision)},
                   {"initialized", s.initialized},
                   {"agent", s.agent},
                   {"client_capabilities", s.client->capabilities},
                   {"client_info", s.client->info}};
    if (s.opener) o["opener"] = object_of(*s.opener);
    if (s.log_level) o["log_level"] = to_string(*s.log_level);
    json::array subscriptions;
    for (auto const& uri : s.subscriptions)
        subscriptions.emplace_back(uri);
    o["subscriptions"] = std::move(subscriptions);
    return json::serialize(o);
}

std::optional<session::image> session_from(std::string id, std::string_view document) {
    json::error_code wrong;
    auto const whole = json::parse(document, wrong);
    if (wrong || !whole.is_object()) return std::nullopt;
    auto const& o = whole.get_object();
    auto const spoken = parse_revision(text_of_member(o, "revision"));
    if (!spoken) return std::nullopt;
    client_profile client{object_in(o, "client_capabilities"), object_in(o, "client_info")};
    return session::image{std::move(id),
                          transport::streamable_http,
                          text_of_member(o, "agent"),
                          *spoken,
                          flag_in(o, "initialized"),
                          opener_in(o),
                          std::make_shared<client_profile const>(std::move(client)),
                          parse_logging_level(text_of_member(o, "log_level")),
                          subscriptions_in(o)};
}

}  // namespace tollgate::mcp
