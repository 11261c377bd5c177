#include "control/input/policy_keys.hpp"

#include <algorithm>
#include <array>

#include "base/quantity.hpp"

namespace tollgate::control {

namespace {

namespace json = boost::json;

template <class Value>
struct named {
    std::string_view name;
    Value value;
};

constexpr named<oauth::consent_mode> consents[] = {{"auto", oauth::consent_mode::automatic},
                                                   {"page", oauth::consent_mode::page},
                                                   {"login", oauth::consent_mode::login}};
constexpr named<oauth::introspection_access> introspections[] = {
    {"protected", oauth::introspection_access::protected_},
    {"open", oauth::introspection_access::open}};
constexpr named<oauth::token_format> formats[] = {{"opaque", oauth::token_format::opaque},
                                                  {"jwt", oauth::token_format::jwt}};
constexpr named<oauth::jws_algorithm> algorithms[] = {{"RS256", oauth::jws_algorithm::rs256},
                                                      {"PS256", oauth::jws_algorithm::ps256},
                                                      {"ES256", oauth::jws_algorithm::es256},
                                                      {"EdDSA", oauth::jws_algorithm::eddsa},
                                                      {"HS256", oauth::jws_algorithm::hs256}};
constexpr named<oauth::dpop_mode> dpop_modes[] = {{"off", oauth::dpop_mode::off},
                                                  {"optional", oauth::dpop_mode::optional},
                                                  {"required", oauth::dpop_mode::required}};
constexpr named<oauth::refresh_rotation> rotations[] = {
    {"public", oauth::refresh_rotation::public_clients},
    {"always", oauth::refresh_rotation::always},
    {"never", oauth::refresh_rotation::never}};
constexpr named<oauth::code_reuse> code_reuses[] = {
    {"revoke-family", oauth::code_reuse::revoke_family}, {"reject", oauth::code_reuse::reject}};
constexpr named<oauth::refresh_reuse> reuses[] = {
    {"revoke-family", oauth::refresh_reuse::revoke_family},
    {"reject", oauth::refresh_reuse::reject},
    {"until-successor-used", oauth::refresh_reuse::until_successor_used}};
constexpr named<mcp::session_mode> session_modes[] = {{"stateful", mcp::session_mode::stateful},
                                                      {"stateless", mcp::session_mode::stateless}};
constexpr named<mcp::session_binding> bindings[] = {{"principal", mcp::session_binding::principal},
                                                    {"token", mcp::session_binding::token}};
constexpr named<mcp::answer_form> answer_forms[] = {{"auto", mcp::answer_form::automatic},
                                                    {"json", mcp::answer_form::json},
                                                    {"stream", mcp::answer_form::stream}};
constexpr named<mcp::auth_mode> auth_modes[] = {{"required", mcp::auth_mode::required},
                                                {"tools-only", mcp::auth_mode::tools_only},
                                                {"none", mcp::auth_mode::none}};

constexpr named<oauth::unreachable_answer> unreachables[] = {
    {"503", oauth::unreachable_answer::unavailable},
    {"401", oauth::unreachable_answer::unauthorized}};
constexpr named<bool> metadata_forms[] = {{"absolute", false}, {"relative", true}};

constexpr milliseconds longest{std::chrono::hours(24 * 365)};

template <auto Member, auto const& Words>
void read_word(object_reader& in, std::string_view name, policy_patch& into) {
    std::array<std::string_view, std::size(Words)> names;
    for (std::size_t i = 0; i < names.size(); ++i)
        names[i] = Words[i].name;
    if (auto const i = in.choice(name, names)) into.*Member = Words[*i].value;
}
template <auto Member, auto const& Words>
json::value print_word(policy_patch const& from) {
    auto const row =
        std::ranges::find(Words, *(from.*Member), [](auto const& w) { return w.value; });
    return row == std::end(Words) ? json::value() : json::value(row->name);
}

template <auto Member>
void read_flag(object_reader& in, std::string_view name, policy_patch& into) {
    if (auto const on = in.boolean(name)) into.*Member = *on;
}
template <auto Member>
json::value print_plain(policy_patch const& from) {
    return json::value(*(from.*Member));
}

template <auto Member, std::int64_t least, std::int64_t most>
void read_number(object_reader& in, std::string_view name, policy_patch& into) {
    if (auto const n = in.integer(name, least, most)) into.*Member = *n;
}

template <auto Member, std::int64_t least, std::int64_t most>
void read_time(object_reader& in, std::string_view name, policy_patch& into) {
    auto const d = in.duration(name, milliseconds(least), milliseconds(most));
    if (d) into.*Member = *d;
}
template <auto Member>
json::value print_time(policy_patch const& from) {
    return json::value(duration_text(*(from.*Member)));
}

// It becomes part of a header.
void read_challenge_realm(object_reader& in, std::string_view name, policy_patch& into) {
    auto realm = in.text(name);
    auto const printable = [](char c) { return c >= ' ' && c <= '~'; };
    if (!realm) return;
    if (!std::ranges::all_of(*realm, printable))
        return in.fail(name, "expected printable ASCII characters");
    into.challenge_realm = std::move(*realm);
}

// One of the words, or "grace:10s".
void read_reuse(object_reader& in, std::string_view name, policy_patch& into) {
    constexpr std::string_view grace = "grace:";
    auto const* given = in.any(name);
    bool const graceful =
        given && given->is_string() && std::string_view(given->get_string()).starts_with(grace);
    if (!graceful) return read_word<&policy_patch::reuse, reuses>(in, name, into);
    auto const rule = in.text(name);
    auto const window =
        rule ? parse_duration(std::string_view(*rule).substr(grace.size())) : std::nullopt;
    if (!window || window->count() < 1 || *window > longest)
        return in.fail(name, "has no duration behind \"grace:\"; write it as \"grace:10s\"");
    into.reuse = oauth::refresh_reuse::grace;
    into.reuse_grace = *window;
}
json::value print_reuse(policy_patch const& from) {
    if (from.reuse != oauth::refresh_reuse::grace)
        return print_word<&policy_patch::reuse, reuses>(from);
    return json::value("grace:" + duration_text(from.reuse_grace.value_or(milliseconds(0))));
}

template <auto Member>
void copy(policy_patch const& from, policy_patch& to) {
    to.*Member = from.*Member;
}
void copy_reuse(policy_patch const& from, policy_patch& to) {
    to.reuse = from.reuse;
    to.reuse_grace = from.reuse_grace;
}

template <auto Member, auto const& Words>
constexpr policy_key word(std::string_view key) {
    return {key, &read_word<Member, Words>, &print_word<Member, Words>, &copy<Member>};
}
template <auto Member>
constexpr policy_key flag(std::string_view key) {
    return {key, &read_flag<Member>, &print_plain<Member>, &copy<Member>};
}
template <auto Member, std::int64_t least, std::int64_t most>
constexpr policy_key number(std::string_view key) {
    return {key, &read_number<Member, least, most>, &print_plain<Member>, &copy<Member>};
}
// Milliseconds.
template <auto Member, std::int64_t least, std::int64_t most = longest.count()>
constexpr policy_key time(std::string_view key) {
    return {key, &read_time<Member, least, most>, &print_time<Member>, &copy<Member>};
}

using pp = policy_patch;

constexpr policy_key keys[] = {
    word<&pp::consent, consents>("authorization_server.consent"),
    word<&pp::introspection, introspections>("authorization_server.introspection"),
    word<&pp::format, formats>("tokens.format"),
    word<&pp::signing_alg, algorithms>("tokens.signing_alg"),
    word<&pp::dpop, dpop_modes>("tokens.dpop"),
    flag<&pp::dpop_nonce>("tokens.dpop_nonce"),
    time<&pp::access_ttl, 1>("tokens.access_ttl"),
    time<&pp::refresh_ttl, 1>("tokens.refresh_ttl"),
    time<&pp::code_ttl, 1>("tokens.code_ttl"),
    word<&pp::code_reuse, code_reuses>("tokens.code_reuse"),
    word<&pp::rotation, rotations>("tokens.refresh_rotation"),
    {"tokens.refresh_reuse", &read_reuse, &print_reuse, &copy_reuse},
    flag<&pp::dynamic_registration>("registration.dynamic"),
    flag<&pp::client_documents>("registration.client_id_metadata_documents"),
    word<&pp::sessions, session_modes>("mcp.sessions"),
    word<&pp::binding, bindings>("mcp.session_binding"),
    word<&pp::answers, answer_forms>("mcp.answers"),
    word<&pp::auth, auth_modes>("mcp.auth"),
    word<&pp::unreachable, unreachables>("validation.unreachable"),
    word<&pp::relative_metadata, metadata_forms>("mcp.resource_metadata"),
    {"mcp.challenge_realm", &read_challenge_realm, &print_plain<&pp::challenge_realm>,
     &copy<&pp::challenge_realm>},
    flag<&pp::fixtures>("mcp.fixtures"),
    number<&pp::page_size, 1, 1000>("mcp.page_size"),
    number<&pp::max_sessions, 1, 1'000'000>("mcp.max_sessions"),
    time<&pp::session_idle, 1'000>("mcp.session_idle"),
    time<&pp::heartbeat, 100>("mcp.heartbeat"),
    time<&pp::sse_retry, 0, 2'147'483'647>("mcp.sse_retry"),
    time<&pp::ask_timeout, 100>("mcp.ask_timeout"),
    time<&pp::task_ttl, 1'000>("mcp.task_ttl"),
};

// What goes together. `consent`, `format`: how their members are called in `in`.
void check_together(object_reader& in, policy_patch const& patch, oauth::policy const& base,
                    std::string_view consent, std::string_view format) {
    if (base.brokered && patch.consent == oauth::consent_mode::login)
        in.fail(consent, "people log in at the provider here: use \"page\" or \"auto\"");
    bool const checks_jwt = base.validation == oauth::strategy::jwt;
    if (checks_jwt && patch.format == oauth::token_format::opaque)
        in.fail(format, "opaque tokens cannot be validated by the strategy \"jwt\"");
}

}  // namespace

std::span<policy_key const> policy_keys() {
    return keys;
}

outcome<policy_patch> read_policy_patch(json::object const& o, std::string const& pointer,
                                        oauth::policy const& base) {
    object_reader in(o, pointer);
    policy_patch patch;
    for (auto const& row : keys) {
        if (o.contains(row.key) && o.contains(row.short_name()))
            in.fail(row.key, "is there as \"" + std::string(row.short_name()) + "\" as well");
        row.read(in, row.short_name(), patch);
        row.read(in, row.key, patch);
    }
    patch.deny_consent = in.boolean("deny_consent");
    patch.test_buttons = in.boolean("test_buttons");
    check_together(in, patch, base, "consent", "format");
    auto const ok = in.finish();
    if (!ok) return ok.error();
    return patch;
}

outcome<policy_patch> read_policy_change(json::object const& o, policy_patch const& standard,
                                         oauth::policy const& base) {
    object_reader in(o);
    policy_patch patch;
    for (auto const& row : keys) {
        auto const* given = in.any(row.key);
        if (given && given->is_null())
            row.copy(standard, patch);
        else
            row.read(in, row.key, patch);
    }
    check_together(in, patch, base, "authorization_server.consent", "tokens.format");
    auto const ok = in.finish();
    if (!ok) return ok.error();
    return patch;
}

json::object print_policy(policy_patch const& whole) {
    json::object printed;
    for (auto const& row : keys)
        printed[row.key] = row.print(whole);
    return printed;
}

}  // namespace tollgate::control
