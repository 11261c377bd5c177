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
task<outcome<void>> note_poll(token_request const& r, found_device& found) {
    auto& d = found.device;
    bool const hasty = too_soon(d, r.http.now());
    if (hasty) d.interval += slow_down_step;
    d.polled_at = r.http.now();
    auto const noted = co_await r.as.records(r.http).replace_device(r.http.realm().name(), found);
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
task<outcome<found_device>> approved(token_request const& r, std::string_view secret,
                                     client const& who) {
    for (;;) {
        auto found = co_await r.as.records(r.http).find_device(r.http.realm().name(), secret);
        if (!found) {
            if (found.error().status() != 404) co_return found.error();
            co_return unknown_code();
        }
        auto const& d = found->device;
        // §3.4: the device_code belongs to the client that asked for it.
        if (d.grant.client_id != who.id)
            co_return errors::invalid_grant.log("the device_code belongs to another client");
        if (found->used) {
            co_return errors::invalid_grant.because("the device_code was used before")
                .log("device_code used twice");
        }
        if (r.http.now() >= d.expires_at) co_return errors::expired_token;
        if (d.decided == device_authorization::decision::denied) co_return errors::access_denied;
        if (d.decided == device_authorization::decision::approved) co_return found;
        auto const noted = co_await note_poll(r, *found);
        if (!noted) {
            if (noted.error().status() == 404) co_return unknown_code();
            co_return noted.error();
        }
    }
}

}  // namespace

task<outcome<issued_tokens>> issue_for_device(token_request const& r) {
    auto const secret = r.form.one("device_code");
    if (!secret) co_return errors::invalid_request.because("device_code is missing");
    auto found = co_await approved(r, *secret, r.who);
    if (!found) co_return found.error();
    // Before the code is used up: a resource that was not granted costs nobody a second login.
    auto audience = narrowed_resources(r.form, r.http.place(), found->device.grant.audience);
    if (!audience) co_return audience.error();
    // Two polls may both have seen the approval: one gets the tokens.
    auto const first =
        co_await r.as.records(r.http).redeem_device(r.http.realm().name(), found->key);
    if (!first && first.error().status() != 404) co_return first.error();
    if (!first || !*first) {
        co_return errors::invalid_grant.because("the device_code was used before")
            .log("device_code used twice");
    }
    token_order order;
    order.scopes = found->device.grant.scopes;
    order.audience = std::move(*audience);
    order.first_of_client = r.who.unused;
    order.with_refresh = r.who.may_use(grant_refresh);
    order.id_token_algorithm = id_token_algorithm(r.rules, r.who.metadata);
    order.exchangeable_id_token = r.who.may_use(grant_token_exchange);
    order.grant = std::move(found->device.grant);
    co_return co_await issue_tokens(r.as, r.http, std::move(order));
}

}  // namespace tollgate::oauth
