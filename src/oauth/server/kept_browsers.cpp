#include "oauth/server/kept_browsers.hpp"

#include <exception>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "oauth/records/store_errors.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

std::string body_of(login_session const& s) {
    json::array accounts;
    for (auto const& a : s.accounts)
        accounts.push_back({{"subject", a.subject}, {"authenticated_at", a.authenticated_at}});
    json::object agreed;
    for (auto const& [with, scopes] : s.agreed)
        agreed[with] = json::array(scopes.begin(), scopes.end());
    json::object o;
    o["accounts"] = std::move(accounts);
    o["agreed"] = std::move(agreed);
    return json::serialize(o);
}

login_session session_in(std::string_view body) {
    auto const o = json::parse(body);
    login_session s;
    for (auto const& one : o.at("accounts").as_array())
        s.accounts.push_back({std::string(one.at("subject").as_string()),
                              one.at("authenticated_at").to_number<std::int64_t>()});
    for (auto const& [with, scopes] : o.at("agreed").as_object()) {
        auto& list = s.agreed[with];
        for (auto const& scope : scopes.as_array())
            list.emplace_back(scope.as_string());
    }
    return s;
}

}  // namespace

std::string browser_keeper::name_key(std::string_view realm) const {
    return hmac_sha256(secret_, "names of browsers of " + std::string(realm));
}

task<outcome<void>> browser_keeper::keep(std::string realm, std::string former, std::string cookie,
                                         kept_browser b) {
    auto const key = digest_of(cookie);
    record r(body_of(b.session), {}, b.until);
    auto const done = co_await store_.put(realm, kind::browser, key, std::move(r));
    if (!done) co_return as_oauth_error(done);
    auto const gone = digest_of(former);
    auto const erased = co_await store_.erase(realm, kind::browser, gone);
    co_return as_oauth_error(erased);
}

task<outcome<std::optional<kept_browser>>> browser_keeper::find(std::string realm,
                                                                std::string cookie) {
    auto const key = digest_of(cookie);
    auto const there = co_await store_.get(realm, kind::browser, key);
    std::optional<kept_browser> found;
    if (!there && there.error().status() != 404) co_return as_oauth_error(there.error());
    if (!there) co_return found;
    try {
        found.emplace(kept_browser{session_in(there->body), there->expires_at});
    } catch (std::exception const&) {
        // Somebody is asked again who was asked before.
    }
    co_return found;
}

}  // namespace tollgate::oauth
