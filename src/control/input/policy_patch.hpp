// Policy patch: the keys of config.toml that one realm has other values of, as a scenario, the
// creator of a realm or PATCH /control/policy says. Which keys can be among them says the table of
// the configuration (config/schema.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "config/schema.hpp"
#include "http/message/problem.hpp"

namespace tollgate::control {

struct policy_patch {
    struct change {
        settings::setting<config> const* key;
        std::optional<settings::value> value;  // nothing: back to the configuration's
    };
    std::vector<change> changes;
    // Of no key: a switch of the control plane, and what a page of ours offers.
    std::optional<bool> deny_consent;
    std::optional<bool> exact_redirects;
    std::optional<bool> test_buttons;

    boost::json::object as_given{};  // what read_policy_patch read

    bool changes_key(std::string_view key) const;
};

// The members of `o` by their keys or by the last part of them ("access_ttl": "5s"), deny_consent
// and test_buttons. A key that cannot be changed per realm is refused by name, and so is what does
// not go with `configured`. `pointer` is where `o` stands in the body.
outcome<policy_patch> read_policy_patch(boost::json::object const& o, std::string const& pointer,
                                        policies const& configured);

// The body of PATCH /control/policy: members by their keys; null takes a key back to `configured`.
// What does not go with `current`, those of the realm, is refused.
outcome<policy_patch> read_policy_change(boost::json::object const& o, policies const& configured,
                                         policies const& current);

void apply(policy_patch const& patch, policies const& configured, policies& to);

// {"tokens.access_ttl": "1h", …}: every key that a realm can have its own value of.
boost::json::object print_policy(policies const& current);

}  // namespace tollgate::control
