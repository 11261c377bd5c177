#include "oauth/model/records.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/record_text.hpp"
#include "oauth/model/redirect_uri.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

std::string text_of(json::object const& o, std::string_view name) {
    return std::string(o.at(name).as_string());
}

std::vector<std::string> texts_of(json::object const& o, std::string_view name) {
    std::vector<std::string> texts;
    for (auto const& v : o.at(name).as_array())
        texts.emplace_back(v.as_string());
    return texts;
}

time_point time_of(json::object const& o, std::string_view name) {
    return time_point(std::chrono::seconds(o.at(name).as_int64()));
}

// A window of grace may be shorter than a second.
std::int64_t to_milliseconds(time_point t) {
    return std::chrono::floor<std::chrono::milliseconds>(t.time_since_epoch()).count();
}

time_point from_milliseconds(json::value const& v) {
    return time_point(std::chrono::milliseconds(v.as_int64()));
}

void add_grant(record_serializer& o, grant const& g) {
    o.text("client", g.client_id);
    o.text("subject", g.subject);
    o.text("issuer", g.issuer);
    o.texts("scopes", g.scopes);
    o.texts("audience", g.audience);
    o.number("auth_time", g.authenticated_at);
    if (!g.actor.empty()) o.object("act", g.actor);
    if (!g.key.empty()) o.text("jkt", g.key);
    if (g.brokered) o.flag("brokered", true);
    if (!g.ancestors.empty()) o.texts("ancestors", g.ancestors);
}

grant grant_of(json::object const& o) {
    grant g;
    g.client_id = text_of(o, "client");
    g.subject = text_of(o, "subject");
    g.issuer = text_of(o, "issuer");
    g.scopes = texts_of(o, "scopes");
    g.audience = texts_of(o, "audience");
    g.authenticated_at = o.at("auth_time").as_int64();
    if (auto const* actor = o.if_contains("act")) g.actor = actor->as_object();
    if (o.contains("jkt")) g.key = text_of(o, "jkt");
    g.brokered = o.contains("brokered");
    if (o.contains("ancestors")) g.ancestors = texts_of(o, "ancestors");
    return g;
}

void read_grant(record_parser& o, grant& g) {
    o.text("client", g.client_id);
    o.text("subject", g.subject);
    o.text("issuer", g.issuer);
    o.texts("scopes", g.scopes);
    o.texts("audience", g.audience);
    o.number("auth_time", g.authenticated_at);
    if (o.has("jkt")) o.text("jkt", g.key);
    if (o.has("brokered")) o.flag("brokered", g.brokered);
    if (o.has("ancestors")) o.texts("ancestors", g.ancestors);
}

// These two are read at every request. Nothing: it has to be parsed.
std::optional<access_token> plain_access_token(std::string_view body) {
    access_token t;
    std::int64_t issued = 0;
    record_parser o(body);
    read_grant(o, t.grant);
    o.text("id", t.id);
    o.number("iat", issued);
    if (!o.is_plain()) return std::nullopt;
    t.issued_at = time_point(std::chrono::seconds(issued));
    return t;
}

std::optional<authorization_code> plain_code(std::string_view body) {
    authorization_code c;
    record_parser o(body);
    read_grant(o, c.grant);
    o.text("redirect_uri", c.redirect_uri);
    o.flag("redirect_sent", c.redirect_sent);
    o.text("challenge", c.challenge);
    o.text("nonce", c.nonce);
    if (!o.is_plain()) return std::nullopt;
    return c;
}

// Boost.JSON's accessors throw on the first thing that is not as it should be.
template <class T, class Read>
outcome<T> decoded(std::string_view body, Read read) {
    try {
        // Most records fit, and nothing of the tree needs the heap. What is read of it is a copy.
        std::array<unsigned char, 4096> room;
        json::monotonic_resource memory(room.data(), room.size());
        auto const tree = json::parse(body, &memory);
        return read(tree.as_object());
    } catch (std::exception const& e) {
        return errors::server_error.log(std::string("a stored record is damaged: ") + e.what());
    }
}

}  // namespace

std::int64_t to_epoch(time_point t) noexcept {
    return std::chrono::floor<std::chrono::seconds>(t.time_since_epoch()).count();
}

std::string client_group(std::string_view client_id) {
    // A family is base64url, which has no colon.
    return "client:" + std::string(client_id);
}

std::vector<std::string> grant::other_groups() const {
    auto groups = ancestors;
    if (client_id.empty()) return groups;
    auto own = client_group(client_id);
    if (std::ranges::find(groups, own) == groups.end()) groups.push_back(std::move(own));
    return groups;
}

std::string client::shown_name() const {
    auto const* name = metadata.if_contains("client_name");
    if (!name || !name->is_string()) return {};
    return without_invisible(std::string_view(name->get_string()));
}

bool client::may_use(std::string_view grant_type) const noexcept {
    return std::ranges::find(grant_types, grant_type) != grant_types.end();
}

bool client::has_secret() const noexcept {
    return auth_method.starts_with("client_secret_");
}

bool client::is_public() const noexcept {
    return secret_digest.empty() && auth_method != "private_key_jwt";
}

bool client::can_be_impersonated() const {
    return from_document && std::ranges::all_of(redirect_uris, [](auto const& u) {
               return is_loopback_redirect(u);
           });
}

void read_metadata(client& c) {
    c.auth_method = text_of(c.metadata, "token_endpoint_auth_method");
    c.grant_types = texts_of(c.metadata, "grant_types");
    c.redirect_uris.clear();
    if (c.metadata.contains("redirect_uris"))
        c.redirect_uris = texts_of(c.metadata, "redirect_uris");
}

// Only registered clients are stored: what those of the configuration have besides is not there.
std::string to_body(client const& c) {
    json::object o;
    o["id"] = c.id;
    o["secret"] = c.secret_digest;
    o["metadata"] = c.metadata;
    o["registration"] = c.registration_digest;
    o["iat"] = c.issued_at;
    if (c.unused) o["unused"] = true;
    return json::serialize(o);
}

std::string to_body(authorization_code const& c) {
    record_serializer o;
    add_grant(o, c.grant);
    o.text("redirect_uri", c.redirect_uri);
    o.flag("redirect_sent", c.redirect_sent);
    o.text("challenge", c.challenge);
    o.text("nonce", c.nonce);
    if (c.spoiled) o.flag("spoiled", true);
    return o.take();
}

std::string to_body(access_token const& t) {
    record_serializer o;
    add_grant(o, t.grant);
    o.text("id", t.id);
    o.number("iat", to_epoch(t.issued_at));
    return o.take();
}

std::string to_body(refresh_token const& t) {
    record_serializer o;
    add_grant(o, t.grant);
    o.number("iat", to_epoch(t.issued_at));
    if (t.used_at) o.number("used_at", to_milliseconds(*t.used_at));
    if (!t.predecessor.empty()) o.text("predecessor", t.predecessor);
    if (!t.successor.empty()) o.text("successor", t.successor);
    return o.take();
}

std::string to_body(device_authorization const& d) {
    record_serializer o;
    add_grant(o, d.grant);
    o.text("user_code", d.user_code);
    o.number("decided", static_cast<int>(d.decided));
    o.number("until", to_milliseconds(d.expires_at));
    if (d.polled_at) o.number("polled", to_milliseconds(*d.polled_at));
    o.number("interval", d.interval.count());
    return o.take();
}

outcome<client> client_from(std::string_view body) {
    return decoded<client>(body, [](json::object const& o) {
        client c;
        c.id = text_of(o, "id");
        c.secret_digest = text_of(o, "secret");
        c.metadata = o.at("metadata").as_object();
        c.registration_digest = text_of(o, "registration");
        c.issued_at = o.at("iat").as_int64();
        c.unused = o.contains("unused");
        read_metadata(c);
        return c;
    });
}

outcome<authorization_code> code_from(std::string_view body) {
    if (auto plain = plain_code(body)) return std::move(*plain);
    return decoded<authorization_code>(body, [](json::object const& o) {
        authorization_code c;
        c.grant = grant_of(o);
        c.redirect_uri = text_of(o, "redirect_uri");
        c.redirect_sent = o.at("redirect_sent").as_bool();
        c.challenge = text_of(o, "challenge");
        c.nonce = text_of(o, "nonce");
        c.spoiled = o.contains("spoiled");
        return c;
    });
}

outcome<access_token> access_token_from(std::string_view body) {
    if (auto plain = plain_access_token(body)) return std::move(*plain);
    return decoded<access_token>(body, [](json::object const& o) {
        access_token t;
        t.grant = grant_of(o);
        t.id = text_of(o, "id");
        t.issued_at = time_of(o, "iat");
        return t;
    });
}

outcome<device_authorization> device_from(std::string_view body) {
    return decoded<device_authorization>(body, [](json::object const& o) {
        device_authorization d;
        d.grant = grant_of(o);
        d.user_code = text_of(o, "user_code");
        auto const decided = o.at("decided").as_int64();
        // No other number may pass for a yes.
        if (decided < 0 || decided > 2) throw std::out_of_range("decided");
        d.decided = static_cast<device_authorization::decision>(decided);
        d.expires_at = from_milliseconds(o.at("until"));
        if (auto const* at = o.if_contains("polled")) d.polled_at = from_milliseconds(*at);
        d.interval = std::chrono::milliseconds(o.at("interval").as_int64());
        return d;
    });
}

outcome<refresh_token> refresh_token_from(std::string_view body) {
    return decoded<refresh_token>(body, [](json::object const& o) {
        refresh_token t;
        t.grant = grant_of(o);
        t.issued_at = time_of(o, "iat");
        if (auto const* at = o.if_contains("used_at")) t.used_at = from_milliseconds(*at);
        if (o.contains("predecessor")) t.predecessor = text_of(o, "predecessor");
        if (o.contains("successor")) t.successor = text_of(o, "successor");
        return t;
    });
}

}  // namespace tollgate::oauth
