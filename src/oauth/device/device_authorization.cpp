// The device authorization endpoint (RFC 8628 §3.1, §3.2).
#include <utility>

#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "oauth/client_auth/client_authentication.hpp"
#include "oauth/clients/client_grants.hpp"
#include "oauth/device/user_code.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/requested_scope.hpp"
#include "oauth/model/resource_indicator.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

namespace {

// Of 20^8 codes five in a row are not taken by chance.
constexpr int most_collisions = 5;

// Kept as long again after its end, so that a late poll learns that it is late (expired_token).
time_point kept_until(device_authorization const& d, policy const& p) {
    return d.expires_at + p.device_code_ttl;
}

std::int64_t whole_seconds(milliseconds t) {
    return std::chrono::ceil<std::chrono::seconds>(t).count();
}

http::reply device_response(device_authorization const& d, std::string const& secret,
                            policy const& p, http::context const& c) {
    auto const user_code = shown_user_code(d.user_code);
    auto const page = c.place().issuer_here() + c.place().endpoints->device;
    boost::json::object o;
    o["device_code"] = secret;
    o["user_code"] = user_code;
    o["verification_uri"] = page;
    o["verification_uri_complete"] = page + "?user_code=" + user_code;
    // Rounded down, and the interval up: a device that keeps to both is neither late nor hasty.
    o["expires_in"] = std::chrono::floor<std::chrono::seconds>(p.device_code_ttl).count();
    o["interval"] = whole_seconds(p.device_interval);
    auto r = http::json_reply(200, boost::json::serialize(o));
    r.headers.set("Cache-Control", "no-store");
    r.headers.set("Pragma", "no-cache");
    return r;
}

outcome<device_authorization> asked(http::context const& c, http::form const& f, policy const& p,
                                    client const& who) {
    auto scopes = requested_scopes(f, p, who);
    if (!scopes) return scopes.error();
    auto audience = requested_resources(f, c.place(), p);
    if (!audience) return audience.error();
    device_authorization d;
    d.grant.family = random_token(16);
    d.grant.client_id = who.id;
    d.grant.issuer = c.place().issuer_here();
    d.grant.scopes = std::move(*scopes);
    d.grant.audience = std::move(*audience);
    d.expires_at = c.now() + p.device_code_ttl;
    // In whole seconds, as the device was told (RFC 8628 §3.2): it is held to no more than that.
    d.interval = milliseconds(std::chrono::seconds(whole_seconds(p.device_interval)));
    return d;
}

// Nothing is written where a budget is used up.
endpoint_result begin(server& s, http::context& c, http::form const& f, client const& who) {
    auto const& p = s.rules(c);
    auto device = asked(c, f, p, who);
    if (!device) co_return device.error();
    auto const owner = owner_of(c, who.id);
    auto const counted_until = real_end(c, device->expires_at);
    auto const may = s.budget().devices.take(owner, 1, counted_until, c.real_now());
    if (may != live_budget::spent::nothing) co_return too_many_devices(may);
    auto const secret = random_token();
    auto const until = kept_until(*device, p);
    for (int i = 0; i < most_collisions; ++i) {
        device->user_code = random_user_code();
        auto const added =
            co_await s.records(c).add_device(c.realm().name(), secret, *device, until);
        if (added) co_return device_response(*device, secret, p, c);
        if (added.error().error() == "conflict") continue;
        s.budget().devices.give_back(owner, 1, counted_until);
        co_return added.error();
    }
    s.budget().devices.give_back(owner, 1, counted_until);
    co_return errors::temporarily_unavailable.log("no user code is free");
}

}  // namespace

endpoint_result device_authorization_endpoint(server& s, http::context& c) {
    auto const sent = c.body_form();
    if (!sent) co_return sent.error();
    http::form const& f = **sent;
    if (f.repeated())
        co_return errors::invalid_request.because("a parameter is there more than once");
    auto const& p = s.rules(c);
    if (!is_offered(p, grant_device)) {
        co_return errors::unauthorized_client.because(
            "this authorization server does not offer the device grant");
    }
    auto const found = co_await authenticate_client(s, c, f);
    if (!found) co_return errors::explained(found.error());
    client const& who = **found;
    if (!who.may_use(grant_device))
        co_return errors::explained(refused_grant(who, p, grant_device));
    auto reply = co_await begin(s, c, f, who);
    if (!reply) co_return errors::explained(reply.error());
    co_return reply;
}

}  // namespace tollgate::oauth
