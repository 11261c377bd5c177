#include "oauth/upstream/broker/pending_login.hpp"

#include <exception>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "oauth/records/store_errors.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

std::string to_body(pending_login const& l) {
    json::object o;
    o["request"] = l.request;
    o["decision"] = l.decision;
    o["verifier"] = l.verifier;
    o["nonce"] = l.nonce;
    o["redirect_uri"] = l.redirect_uri;
    o["browser"] = l.browser;
    return json::serialize(o);
}

outcome<pending_login> login_from(std::string_view body) {
    try {
        auto const value = json::parse(body);
        auto const text = [&](std::string_view name) {
            return std::string(value.as_object().at(name).as_string());
        };
        return pending_login{text("request"), text("decision"),     text("verifier"),
                             text("nonce"),   text("redirect_uri"), text("browser")};
    } catch (std::exception const& e) {
        return errors::server_error.log(std::string("a stored login is damaged: ") + e.what());
    }
}

}  // namespace

task<outcome<void>> pending_logins::add(std::string_view realm, std::string_view state,
                                        pending_login const& l, time_point expires_at) {
    auto const key = digest_of(state);
    // Under a digest, as all secrets: who can read the store finishes nobody's login.
    record r(to_body(l), {}, expires_at);
    auto done = co_await store_.put(realm, kind::upstream_login, key, std::move(r));
    co_return as_oauth_error(std::move(done));
}

task<outcome<found_login>> pending_logins::find(std::string_view realm, std::string_view state) {
    auto const key = digest_of(state);
    auto const found = co_await store_.get(realm, kind::upstream_login, key);
    if (!found) co_return as_oauth_error(found.error());
    auto login = login_from(found->body);
    if (!login) co_return login.error();
    found_login f;
    f.login = std::move(*login);
    f.used = found->redeemed;
    co_return f;
}

task<outcome<bool>> pending_logins::redeem(std::string_view realm, std::string_view state) {
    auto const key = digest_of(state);
    auto const got = co_await store_.redeem(realm, kind::upstream_login, key);
    if (!got) co_return as_oauth_error(got.error());
    co_return got->first_time;
}

}  // namespace tollgate::oauth
