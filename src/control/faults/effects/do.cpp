// do: something happens to the realm when a request comes.
#include <span>

#include "control/faults/effects/kinds.hpp"
#include "control/faults/effects/presented.hpp"
#include "http/pipeline/dispatcher.hpp"

namespace tollgate::control::effects {

namespace {

using done = outcome<void>;
using deed = task<done> (*)(http::context&, administrations const&);

task<done> revoke_access(http::context& c, administrations const& to) {
    co_return co_await to.oauth.revoke_access_tokens(c.realm());
}

task<done> revoke_refresh(http::context& c, administrations const& to) {
    co_return co_await to.oauth.revoke_refresh_tokens(c.realm());
}

task<done> revoke_everything(http::context& c, administrations const& to) {
    auto const access = co_await to.oauth.revoke_access_tokens(c.realm());
    if (!access) co_return access;
    co_return co_await to.oauth.revoke_refresh_tokens(c.realm());
}

task<done> revoke_token(http::context& c, administrations const& to) {
    auto token = presented_secret(c);
    if (token.empty()) co_return done();
    co_return co_await to.oauth.revoke_token(c.realm(), std::move(token));
}

task<done> revoke_family(http::context& c, administrations const& to) {
    auto token = presented_secret(c);
    if (token.empty()) co_return done();
    auto family = co_await to.oauth.family_of(c.realm(), std::move(token));
    if (!family) co_return family.error();
    if (family->empty()) co_return done();
    co_return co_await to.oauth.revoke_family(c.realm(), std::move(*family));
}

task<done> forget_clients(http::context& c, administrations const& to) {
    co_return co_await to.oauth.forget_clients(c.realm());
}

task<done> forget_client(http::context& c, administrations const& to) {
    auto id = presented_client(c);
    if (id.empty()) co_return done();
    co_return co_await to.oauth.forget_client(c.realm(), std::move(id));
}

task<done> end_sessions(http::context& c, administrations const& to) {
    co_return co_await to.mcp.end_sessions(c.realm_handle());
}

task<done> end_session(http::context& c, administrations const& to) {
    auto id = presented_session(c);
    co_return co_await to.mcp.end_session(c.realm_handle(), std::move(id));
}

task<done> announce_tools(http::context& c, administrations const& to) {
    to.mcp.announce_tools(c.realm());
    co_return done();
}

task<done> rotate_keys(http::context& c, administrations const& to) {
    auto const rotated = co_await to.oauth.rotate_keys(c.realm());
    if (!rotated) co_return rotated.error();
    co_return done();
}

task<done> drop_old_keys(http::context& c, administrations const& to) {
    co_return co_await to.oauth.drop_old_keys(c.realm());
}

task<done> replace_keys(http::context& c, administrations const& to) {
    auto const rotated = co_await rotate_keys(c, to);
    if (!rotated) co_return rotated;
    co_return co_await to.oauth.drop_old_keys(c.realm());
}

task<done> renew_keys(http::context& c, administrations const& to) {
    co_return co_await to.oauth.renew_keys_by_old_names(c.realm());
}

// As if the server had been started anew without a store that lasts.
task<done> lose_everything(http::context& c, administrations const& to) {
    auto const tokens = co_await revoke_everything(c, to);
    if (!tokens) co_return tokens;
    auto const clients = co_await to.oauth.forget_clients(c.realm());
    if (!clients) co_return clients;
    auto const sessions = co_await to.mcp.end_sessions(c.realm_handle());
    if (!sessions) co_return sessions;
    co_return co_await replace_keys(c, to);
}

struct named_deed {
    std::string_view name;
    deed run;
};

constexpr named_deed deeds[] = {
    {"revoke_access", &revoke_access},          // every access token
    {"revoke_refresh", &revoke_refresh},        // every refresh token
    {"revoke_everything", &revoke_everything},  // both
    {"revoke_token", &revoke_token},            // the one that the request presents
    {"revoke_family", &revoke_family},          // all that came of the login it came of
    {"forget_clients", &forget_clients},        // every registered client
    {"forget_client", &forget_client},          // the one that asks
    {"end_sessions", &end_sessions},
    {"end_session", &end_session},        // the one that the request names
    {"announce_tools", &announce_tools},  // the list of tools is said to be another
    {"rotate_keys", &rotate_keys},        // the old ones stay in the key set
    {"drop_old_keys", &drop_old_keys},
    {"replace_keys", &replace_keys},  // rotates, and the old ones are gone at once
    {"renew_keys", &renew_keys},      // new ones under the ids of the old
    {"lose_everything", &lose_everything},
};

class happening final : public effect {
public:
    deed what = &revoke_access;
    bool after_it = false;

    unsigned seams() const noexcept override { return after_it ? after_handler : before_handler; }
    task<std::optional<http::reply>> before(http::context& c,
                                            administrations const& to) const override {
        auto const ok = co_await what(c, to);
        if (!ok) co_return http::render(ok.error());
        co_return std::nullopt;
    }
    task<bool> after(http::context& c, http::reply& r, administrations const& to) const override {
        auto const ok = co_await what(c, to);
        if (!ok) r = http::render(ok.error());
        co_return true;
    }
};

std::vector<std::string_view> names_of_deeds() {
    std::vector<std::string_view> names;
    for (auto const& d : deeds)
        names.push_back(d.name);
    return names;
}

}  // namespace

new_effect read_do(object_reader& in) {
    auto e = std::make_shared<happening>();
    auto const names = names_of_deeds();
    auto const i = in.need("what", "what is to happen").choice("what", names);
    if (i) e->what = deeds[*i].run;
    constexpr std::string_view moments[] = {"before", "after"};
    e->after_it = in.choice("when", moments) == 1u;
    return e;
}

}  // namespace tollgate::control::effects
