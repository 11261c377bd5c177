// The device's polls (RFC 8628 §3.4, §3.5).
#include <algorithm>
#include <utility>

#include "oauth/grants/grants.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/id_token_algorithm.hpp"
#include "oauth/model/resource_indicator.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::chrono::seconds slow_down_step{5};  // §3.5
constexpr std::chrono::milliseconds most_jitter{500};

// Two polls that were sent an interval apart may arrive a little closer together.
bool too_soon(device_authorization const& d, time_point now) noexcept {
    if (!d.polled_at) return false;
    auto const jitter = std::min(most_jitter, d.interval / 10);
    return now < *d.polled_at + d.interval - jitter;
}

// Notes the poll. What the person decides meanwhile is a conflict: then it is looked at again.
task<outcome<void>> note_poll(server& s, http::context& c, found_device& found) {
    auto& d = found.device;
    bool const hasty = too_soon(d, c.now());
    if (hasty) d.interval += slow_down_step;
    d.polled_at = c.now();
    auto const noted = co_await s.records().replace_device(c.realm().name(), found);
    if (noted) {
        if (!hasty) co_return errors::authorization_pending;
        co_return errors::slow_down.because(
            "polled too soon; wait " +
            std::to_string(std::chrono::ceil<std::chrono::seconds>(d.interval).count()) +
            " seconds from now on (RFC 8628 section 3.5)");
    }
    if (noted.error().error() != "conflict") co_return noted.error();
    co_return outcome<void>();
}

problem unknown_code() {
    return errors::invalid_grant.because("the device_code is unknown or was revoked")
        .log("unknown device_code");
}

// The authorization once it is approved.
task<outcome<found_device>> approved(server& s, http::context& c, std::string_view secret,
                                     client const& who) {
    for (;;) {
        auto found = co_await s.records().find_device(c.realm().name(), secret);
        if (!found) {
            if (found.error().status() != 404) co_return found.error();
            co_return unknown_code();
        }
        auto const& d = found->device;
        // §3.4: the device_code belongs to the client that asked for it.
        if (d.what.client_id != who.id)
            co_return errors::invalid_grant.log("the device_code belongs to another client");
        if (found->used) {
            co_return errors::invalid_grant.because("the device_code was used before")
                .log("device_code used twice");
        }
        if (c.now() >= d.expires_at) co_return errors::expired_token;
        if (d.decided == device_authorization::decision::denied) co_return errors::access_denied;
        if (d.decided == device_authorization::decision::approved) co_return found;
        auto const noted = co_await note_poll(s, c, *found);
        if (!noted) {
            if (noted.error().status() == 404) co_return unknown_code();
            co_return noted.error();
        }
    }
}

}  // namespace

task<outcome<issued_tokens>> issue_for_device(server& s, http::context& c, http::form const& f,
                                              client const& who) {
    auto const secret = f.one("device_code");
    if (!secret) co_return errors::invalid_request.because("device_code is missing");
    auto found = co_await approved(s, c, *secret, who);
    if (!found) co_return found.error();
    auto audience = narrowed_resources(f, c.place(), found->device.what.audience);
    if (!audience) co_return audience.error();
    auto const first = co_await s.records().redeem_device(c.realm().name(), found->key);
    if (!first && first.error().status() != 404) co_return first.error();
    if (!first || !*first) {
        co_return errors::invalid_grant.because("the device_code was used before")
            .log("device_code used twice");
    }
    token_order order;
    order.scopes = found->device.what.scopes;
    order.audience = std::move(*audience);
    order.first_of_client = who.unused;
    order.with_refresh = who.may_use(grant_refresh);
    auto const p = s.current_policy(c.realm());
    order.id_token_algorithm = id_token_algorithm(*p, who.metadata);
    order.exchangeable_id_token = who.may_use(grant_token_exchange);
    order.what = std::move(found->device.what);
    co_return co_await issue_tokens(s, c, std::move(order));
}

}  // namespace tollgate::oauth
