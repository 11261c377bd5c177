// Keys of config.toml that a realm can have a value of its own for: read from JSON, and printed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "control/input/json_input.hpp"
#include "control/input/policy_patch.hpp"
#include "http/message/problem.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::control {

struct policy_key {
    std::string_view key;  // "tokens.access_ttl"
    // The member `name` into `into`, which stays as it is where the member is absent. Mistakes are
    // kept by `in`.
    void (*read)(object_reader& in, std::string_view name, policy_patch& into);
    // A value that `from` has, as read() takes it.
    boost::json::value (*print)(policy_patch const& from);
    // `to` gets the value of `from`.
    void (*copy)(policy_patch const& from, policy_patch& to);

    std::string_view short_name() const noexcept { return key.substr(key.rfind('.') + 1); }
};

std::span<policy_key const> policy_keys();

// The policy that a realm is made with, and scenarios: members by their keys or by the last part of
// them ("access_ttl": "5s"), and deny_consent and test_buttons. A key that cannot be changed per
// realm is refused by name. `base` is what the patch will be applied to.
outcome<policy_patch> read_policy_patch(boost::json::object const& o, std::string const& pointer,
                                        oauth::policy const& base);

// The body of PATCH /control/policy: members by their keys; null takes a key back to `standard`,
// what the realm was made with.
outcome<policy_patch> read_policy_change(boost::json::object const& o, policy_patch const& standard,
                                         oauth::policy const& base);

// {"tokens.access_ttl": "1h", …}, every key.
boost::json::object print_policy(policy_patch const& whole);

}  // namespace tollgate::control
