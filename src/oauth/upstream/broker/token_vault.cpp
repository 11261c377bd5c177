#include "oauth/upstream/broker/token_vault.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "base/log/log.hpp"
#include "oauth/records/store_errors.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

std::int64_t to_milliseconds(time_point t) {
    return std::chrono::floor<std::chrono::milliseconds>(t.time_since_epoch()).count();
}

time_point from_milliseconds(json::value const& v) {
    return time_point(std::chrono::milliseconds(v.as_int64()));
}

std::string to_text(provider_grant const& g) {
    json::object o;
    o["access"] = g.access_token;
    o["refresh"] = g.refresh_token;
    o["subject"] = g.subject;
    o["iat"] = to_milliseconds(g.issued_at);
    if (g.expires_at) o["exp"] = to_milliseconds(*g.expires_at);
    return json::serialize(o);
}

outcome<provider_grant> grant_from(std::string_view text) {
    try {
        auto const value = json::parse(text);
        auto const& o = value.as_object();
        provider_grant g;
        g.access_token = o.at("access").as_string();
        g.refresh_token = o.at("refresh").as_string();
        g.subject = o.at("subject").as_string();
        g.issued_at = from_milliseconds(o.at("iat"));
        if (auto const* end = o.if_contains("exp")) g.expires_at = from_milliseconds(*end);
        return g;
    } catch (std::exception const&) {
        return errors::server_error.log("a stored provider token is damaged");
    }
}

// What one family's record holds is nothing in another's.
std::string bound_to(std::string_view realm, std::string_view family) {
    std::string text(realm);
    text += '\n';
    text += family;
    return text;
}

}  // namespace

task<outcome<void>> provider_token_vault::add(std::string_view realm, grant const& owner,
                                              provider_grant const& g, time_point keep_until) {
    auto const key = digest_of(owner.family);
    record r(sealer_.seal(to_text(g), bound_to(realm, owner.family)), owner.family,
             owner.other_groups(), keep_until);
    auto done = co_await store_.put(realm, kind::upstream_token, key, std::move(r));
    co_return as_oauth_error(std::move(done));
}

task<outcome<found_provider_grant>> provider_token_vault::find(std::string_view realm,
                                                               std::string_view family) {
    auto const key = digest_of(family);
    auto const found = co_await store_.get(realm, kind::upstream_token, key);
    if (!found) co_return as_oauth_error(found.error());
    auto const text = sealer_.open(found->body, bound_to(realm, family));
    if (!text) {
        log(log_level::warning, "provider_token_unreadable",
            {{"why", "it was sealed under another upstream.token_key"}});
        // As if it were not there: the person logs in again, and nothing is wrong with the server.
        co_return problem(404, "not_found", {});
    }
    auto grant = grant_from(*text);
    if (!grant) co_return grant.error();
    found_provider_grant f;
    f.grant = std::move(*grant);
    f.keep_until = found->expires_at;
    f.version = found->version;
    f.groups = found->others;
    co_return f;
}

task<outcome<void>> provider_token_vault::replace(std::string_view realm, std::string_view family,
                                                  found_provider_grant const& changed) {
    auto const key = digest_of(family);
    record r(sealer_.seal(to_text(changed.grant), bound_to(realm, family)), std::string(family),
             changed.groups, changed.keep_until);
    auto done =
        co_await store_.replace(realm, kind::upstream_token, key, std::move(r), changed.version);
    co_return as_oauth_error(std::move(done));
}

std::string provider_token_vault::for_realm(std::string_view body, std::string_view family,
                                            std::string_view from, std::string_view to) const {
    auto const text = sealer_.open(body, bound_to(from, family));
    return text ? sealer_.seal(*text, bound_to(to, family)) : std::string();
}

}  // namespace tollgate::oauth
