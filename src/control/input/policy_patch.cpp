#include "control/input/policy_patch.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "control/input/json_input.hpp"

namespace tollgate::control {

namespace {

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

constexpr milliseconds shortest{1};
constexpr milliseconds longest{std::chrono::hours(24 * 365)};

template <class Value, std::size_t N>
void read_choice(object_reader& in, std::string_view name, named<Value> const (&table)[N],
                 std::optional<Value>& out) {
    std::array<std::string_view, N> names;
    for (std::size_t i = 0; i < N; ++i)
        names[i] = table[i].name;
    if (auto const i = in.choice(name, names)) out = table[*i].value;
}

template <class Value, class To>
void set(std::optional<Value> const& from, To& to) {
    if (from) to = *from;
}

// It becomes part of a header.
std::optional<std::string> read_challenge_realm(object_reader& in) {
    constexpr std::string_view name = "challenge_realm";
    auto realm = in.text(name);
    auto const printable = [](char c) { return c >= ' ' && c <= '~'; };
    if (realm && !std::ranges::all_of(*realm, printable))
        in.fail(name, "expected printable ASCII characters");
    return realm;
}

// One of the words, or "grace:10s".
void read_reuse(object_reader& in, boost::json::object const& o, policy_patch& patch) {
    constexpr std::string_view name = "refresh_reuse";
    constexpr std::string_view grace = "grace:";
    auto const* given = o.if_contains(name);
    bool const graceful =
        given && given->is_string() && std::string_view(given->get_string()).starts_with(grace);
    if (!graceful) return read_choice(in, name, reuses, patch.reuse);
    auto const rule = in.text(name);
    auto const window =
        rule ? parse_duration(std::string_view(*rule).substr(grace.size())) : std::nullopt;
    if (!window || *window < shortest || *window > longest)
        return in.fail(name, "has no duration behind \"grace:\"; write it as \"grace:10s\"");
    patch.reuse = oauth::refresh_reuse::grace;
    patch.reuse_grace = *window;
}

// The numbers of [mcp], within the bounds of the configuration.
void read_limits(object_reader& in, policy_patch& patch) {
    constexpr milliseconds second{1'000};
    constexpr milliseconds tenth{100};
    patch.page_size = in.integer("page_size", 1, 1000);
    patch.max_sessions = in.integer("max_sessions", 1, 1'000'000);
    patch.session_idle = in.duration("session_idle", second, longest);
    patch.heartbeat = in.duration("heartbeat", tenth, longest);
    patch.sse_retry = in.duration("sse_retry", milliseconds(0), milliseconds(2'147'483'647));
    patch.ask_timeout = in.duration("ask_timeout", tenth, longest);
    patch.task_ttl = in.duration("task_ttl", second, longest);
}

}  // namespace

void apply(policy_patch const& patch, oauth::policy& p) {
    set(patch.consent, p.consent);
    set(patch.deny_consent, p.deny_consent);
    set(patch.test_buttons, p.test_buttons);
    set(patch.introspection, p.introspection);
    set(patch.format, p.format);
    set(patch.signing_alg, p.signing_alg);
    set(patch.dpop, p.dpop);
    set(patch.dpop_nonce, p.dpop_nonce);
    set(patch.access_ttl, p.access_ttl);
    set(patch.refresh_ttl, p.refresh_ttl);
    set(patch.code_ttl, p.code_ttl);
    set(patch.code_reuse, p.code_reuse);
    set(patch.rotation, p.rotation);
    set(patch.reuse, p.reuse);
    set(patch.reuse_grace, p.reuse_grace);
    set(patch.dynamic_registration, p.dynamic_registration);
    set(patch.client_documents, p.client_documents);
    set(patch.unreachable, p.unreachable);
}

void apply(policy_patch const& patch, mcp::policy& p) {
    set(patch.sessions, p.sessions);
    set(patch.binding, p.binding);
    set(patch.answers, p.answers);
    set(patch.auth, p.auth);
    set(patch.relative_metadata, p.relative_metadata);
    set(patch.challenge_realm, p.challenge_realm);
    set(patch.fixtures, p.fixtures);
    if (patch.page_size) p.page_size = static_cast<std::size_t>(*patch.page_size);
    if (patch.max_sessions) p.max_sessions = static_cast<std::size_t>(*patch.max_sessions);
    set(patch.session_idle, p.session_idle);
    set(patch.heartbeat, p.heartbeat);
    set(patch.sse_retry, p.sse_retry);
    set(patch.ask_timeout, p.ask_timeout);
    set(patch.task_ttl, p.task_ttl);
    if (!patch.dpop) return;
    p.dpop_spoken = *patch.dpop != oauth::dpop_mode::off;
    p.dpop_required = *patch.dpop == oauth::dpop_mode::required;
}

outcome<policy_patch> read_policy_patch(boost::json::object const& o, std::string const& pointer,
                                        oauth::policy const& base) {
    object_reader in(o, pointer);
    policy_patch patch;
    read_choice(in, "consent", consents, patch.consent);
    patch.deny_consent = in.boolean("deny_consent");
    patch.test_buttons = in.boolean("test_buttons");
    read_choice(in, "introspection", introspections, patch.introspection);
    read_choice(in, "format", formats, patch.format);
    read_choice(in, "signing_alg", algorithms, patch.signing_alg);
    read_choice(in, "dpop", dpop_modes, patch.dpop);
    patch.dpop_nonce = in.boolean("dpop_nonce");
    patch.access_ttl = in.duration("access_ttl", shortest, longest);
    patch.refresh_ttl = in.duration("refresh_ttl", shortest, longest);
    patch.code_ttl = in.duration("code_ttl", shortest, longest);
    read_choice(in, "code_reuse", code_reuses, patch.code_reuse);
    read_choice(in, "refresh_rotation", rotations, patch.rotation);
    read_reuse(in, o, patch);
    patch.dynamic_registration = in.boolean("dynamic");
    patch.client_documents = in.boolean("client_id_metadata_documents");
    read_choice(in, "sessions", session_modes, patch.sessions);
    read_choice(in, "session_binding", bindings, patch.binding);
    read_choice(in, "answers", answer_forms, patch.answers);
    read_choice(in, "auth", auth_modes, patch.auth);
    read_choice(in, "unreachable", unreachables, patch.unreachable);
    read_choice(in, "resource_metadata", metadata_forms, patch.relative_metadata);
    patch.challenge_realm = read_challenge_realm(in);
    patch.fixtures = in.boolean("fixtures");
    read_limits(in, patch);
    if (base.brokered && patch.consent == oauth::consent_mode::login)
        in.fail("consent", "people log in at the provider here: use \"page\" or \"auto\"");
    auto const checks_jwt = base.validation == oauth::strategy::jwt;
    if (checks_jwt && patch.format == oauth::token_format::opaque) {
        in.fail("format", "opaque tokens cannot be validated by the strategy \"jwt\"");
    }
    auto const ok = in.finish();
    if (!ok) return ok.error();
    return patch;
}

}  // namespace tollgate::control
