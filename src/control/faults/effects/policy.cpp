// policy, store: another policy for this one request than the realm has, and records in which
// something goes wrong for it.
#include "control/faults/effects/kinds.hpp"
#include "control/input/policy_patch.hpp"

namespace tollgate::control::effects {

namespace json = boost::json;

namespace {

// Looked at by the guard, or before it.
constexpr std::string_view for_the_guard[] = {"mcp.auth",
                                              "mcp.scopes",
                                              "tokens.dpop",
                                              "tokens.dpop_nonce",
                                              "mcp.resource_metadata",
                                              "mcp.challenge_realm",
                                              "validation.unreachable"};

class other_policy final : public effect {
public:
    policy_patch patch;
    bool guard = false;

    unsigned seams() const noexcept override {
        return before_handler | (guard ? before_guard : 0u);
    }
    task<std::optional<http::reply>> before(http::context& c,
                                            administrations const& to) const override {
        policies const configured{to.oauth.configured_policy(), to.mcp.configured_policy()};
        policies now{to.oauth.policy_of(c), to.mcp.policy_of_request(c)};
        apply(patch, configured, now);
        to.oauth.use_policy(c, std::move(now.oauth));
        to.mcp.use_policy(c, std::move(now.mcp));
        co_return std::nullopt;
    }
};

class troubled final : public effect {
public:
    oauth::store_trouble what;

    unsigned seams() const noexcept override { return before_handler; }
    task<std::optional<http::reply>> before(http::context& c,
                                            administrations const& to) const override {
        to.oauth.trouble_store(c, what);
        co_return std::nullopt;
    }
};

}  // namespace

new_effect read_policy(object_reader& in) {
    auto e = std::make_shared<other_policy>();
    auto const* set = in.need("set", "keys of the policy").object("set");
    if (set == nullptr) return e;
    if (set->contains("validation.strategy") || set->contains("strategy")) {
        in.fail("set",
                "validation.strategy is the realm's and no single request's: PATCH "
                "/control/policy changes it");
        return e;
    }
    auto read = read_policy_patch(*set, in.pointer("set"), policies());
    if (!read) {
        in.fail(read.error());
        return e;
    }
    e->patch = std::move(*read);
    if (set->empty()) in.fail("set", "changes nothing");
    for (auto const key : for_the_guard)
        e->guard = e->guard || e->patch.changes_key(key);
    return e;
}

new_effect read_store(object_reader& in) {
    auto e = std::make_shared<troubled>();
    constexpr std::string_view reads[] = {"fail", "nothing"};
    constexpr std::string_view writes[] = {"fail", "lost"};
    auto const r = in.choice("reads", reads);
    auto const w = in.choice("writes", writes);
    e->what.reads_fail = r == 0u;
    e->what.reads_empty = r == 1u;
    e->what.writes_fail = w == 0u;
    e->what.writes_lost = w == 1u;
    if (!r && !w) in.need_something("reads", "reads (fail or nothing) or writes (fail or lost)");
    return e;
}

}  // namespace tollgate::control::effects
