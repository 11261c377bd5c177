#include "control/input/policy_patch.hpp"

#include <algorithm>
#include <cmath>

#include "control/input/json_input.hpp"

namespace tollgate::control {

namespace {

namespace json = boost::json;
using key_row = settings::setting<config>;

std::string_view short_name(key_row const& row) noexcept {
    return row.is.key.substr(row.is.key.rfind('.') + 1);
}

// `run` gets the row of every key that a realm can have its own value of.
template <class Run>
void for_each_key(Run run) {
    for (auto const& row : settings::config_settings())
        if (row.locate_in) run(row);
}

// In JSON a duration may be a number of seconds.
settings::value value_for(json::value const& given, settings::slot where,
                          settings::origin const& at) {
    constexpr double most = 1e10;  // far beyond every bound, and a number of milliseconds
    if (given.is_number() && std::holds_alternative<milliseconds*>(where)) {
        auto const seconds = given.to_number<double>();
        if (seconds >= 0 && seconds < most)
            return settings::text_value(std::to_string(std::llround(seconds * 1000)) + "ms", at);
    }
    return settings::from_json(given, at);
}

void read_key(object_reader& in, std::string_view name, key_row const& row, policy_patch& into) {
    auto const* given = in.any(name);
    if (given == nullptr) return;
    // Read for its mistakes alone: apply() reads it again, into the policy of the realm.
    policies scratch;
    settings::mistakes wrong;
    auto const where = row.locate_in(scratch);
    auto const value = value_for(*given, where, {in.pointer(name), std::string(name)});
    settings::read(value, std::string(name), row.is, where, {}, wrong);
    if (!wrong.empty()) return in.fail(problem(400, "invalid_request", wrong.lines().front()));
    into.changes.push_back({&row, value});
}

// How the body calls that key: with its section or without.
std::string_view as_called(json::object const& body, std::string_view key) {
    return body.contains(key) ? key : key.substr(key.rfind('.') + 1);
}

// What goes together. `in` reads `body`, which changes `current`.
void check_together(object_reader& in, json::object const& body, policy_patch const& patch,
                    policies const& configured, policies const& current) {
    auto after = current;
    apply(patch, configured, after);
    if (patch.changes_key("authorization_server.consent") && after.oauth.brokered &&
        after.oauth.consent == oauth::consent_mode::login)
        in.fail(as_called(body, "authorization_server.consent"),
                "people log in at the provider here: use \"page\" or \"auto\"");
    constexpr std::string_view with_strategy[] = {"validation.strategy", "mcp.auth"};
    auto const changed = std::ranges::find_if(
        with_strategy, [&](std::string_view key) { return patch.changes_key(key); });
    if (changed != std::end(with_strategy)) {
        auto const why = objection_to_strategy(after);
        if (!why.empty()) in.fail(as_called(body, *changed), why);
    } else if (patch.changes_key("tokens.format") && after.oauth.asks_itself &&
               after.oauth.validation == oauth::strategy::jwt &&
               after.oauth.format == oauth::token_format::opaque) {
        in.fail(as_called(body, "tokens.format"),
                "opaque tokens cannot be validated by the strategy \"jwt\"");
    }
}

bool is_of_realms(std::string_view name) {
    return std::ranges::any_of(settings::config_settings(), [&](key_row const& row) {
        return row.locate_in && short_name(row) == name;
    });
}

// A key that only the whole server has is known, and the nearest one would be no help.
void refuse_keys_of_the_server(object_reader& in, json::object const& body) {
    for (auto const& row : settings::config_settings()) {
        if (row.locate_in) continue;
        auto const name = short_name(row);
        bool const whole = body.contains(row.is.key);
        bool const meant = body.contains(name) && !is_of_realms(name) && !body.at(name).is_object();
        if (!whole && !meant) continue;
        auto const called = whole ? std::string() : " (" + std::string(row.is.key) + ')';
        in.fail(whole ? row.is.key : name,
                "is a key of the whole server" + called +
                    ", not of a realm: set it in the configuration, and start the server again");
    }
}

// {"tokens": {"access_ttl": "5s"}}, which is what TOML makes of `policy.tokens.access_ttl = "5s"`.
void refuse_sections(object_reader& in, json::object const& body) {
    for (auto const& member : body) {
        auto const section = std::string(member.key()) + '.';
        auto const inside = std::ranges::find_if(
            settings::config_settings(),
            [&](key_row const& row) { return row.locate_in && row.is.key.starts_with(section); });
        if (member.value().is_object() && inside != settings::config_settings().end())
            in.fail(member.key(),
                    "is a section: write its keys by their whole names and without "
                    "tables, as in \"" +
                        std::string(inside->is.key) + '"');
    }
}

}  // namespace

bool policy_patch::changes_key(std::string_view key) const {
    return std::ranges::any_of(changes, [&](change const& c) { return c.key->is.key == key; });
}

outcome<policy_patch> read_policy_patch(json::object const& o, std::string const& pointer,
                                        policies const& configured) {
    object_reader in(o, pointer);
    policy_patch patch;
    for_each_key([&](key_row const& row) {
        auto const name = short_name(row);
        if (o.contains(row.is.key) && o.contains(name))
            in.fail(row.is.key, "is there as \"" + std::string(name) + "\" as well");
        read_key(in, name, row, patch);
        read_key(in, row.is.key, row, patch);
    });
    patch.deny_consent = in.boolean("deny_consent");
    patch.exact_redirects = in.boolean("exact_redirects");
    patch.test_buttons = in.boolean("test_buttons");
    patch.as_given = o;
    check_together(in, o, patch, configured, configured);
    refuse_keys_of_the_server(in, o);
    refuse_sections(in, o);
    auto const ok = in.finish();
    if (!ok) return ok.error();
    return patch;
}

outcome<policy_patch> read_policy_change(json::object const& o, policies const& configured,
                                         policies const& current) {
    object_reader in(o);
    policy_patch patch;
    for_each_key([&](key_row const& row) {
        auto const* given = in.any(row.is.key);
        if (given && given->is_null())
            patch.changes.push_back({&row, std::nullopt});
        else
            read_key(in, row.is.key, row, patch);
    });
    check_together(in, o, patch, configured, current);
    refuse_keys_of_the_server(in, o);
    refuse_sections(in, o);
    auto const ok = in.finish();
    if (!ok) return ok.error();
    return patch;
}

void apply(policy_patch const& patch, policies const& configured, policies& to) {
    auto standard = configured;
    settings::mistakes none;  // they were read before
    for (auto const& [row, value] : patch.changes) {
        auto const where = row->locate_in(to);
        if (value)
            settings::read(*value, std::string(row->is.key), row->is, where, {}, none);
        else
            settings::copy(row->locate_in(standard), where);
    }
    if (patch.deny_consent) to.oauth.deny_consent = *patch.deny_consent;
    if (patch.exact_redirects) to.oauth.exact_redirects = *patch.exact_redirects;
    if (patch.test_buttons) to.oauth.test_buttons = *patch.test_buttons;
    settle(to);
}

json::object print_policy(policies const& current) {
    auto whole = current;  // a place is one to write to, too
    json::object printed;
    for_each_key(
        [&](key_row const& row) { printed[row.is.key] = settings::to_json(row.locate_in(whole)); });
    return printed;
}

}  // namespace tollgate::control
