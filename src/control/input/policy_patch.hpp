// Policy patch: a few values that differ from the configuration's, which a scenario or the creator
// of a realm changes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "mcp/policy.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::control {

struct policy_patch {
    std::optional<oauth::consent_mode> consent{};
    std::optional<bool> deny_consent{};
    std::optional<bool> test_buttons{};
    std::optional<oauth::introspection_access> introspection{};
    std::optional<oauth::token_format> format{};
    std::optional<oauth::jws_algorithm> signing_alg{};
    std::optional<oauth::dpop_mode> dpop{};
    std::optional<bool> dpop_nonce{};
    std::optional<oauth::milliseconds> access_ttl{};
    std::optional<oauth::milliseconds> refresh_ttl{};
    std::optional<oauth::milliseconds> code_ttl{};
    std::optional<oauth::code_reuse> code_reuse{};
    std::optional<oauth::refresh_rotation> rotation{};
    std::optional<oauth::refresh_reuse> reuse{};
    std::optional<oauth::milliseconds> reuse_grace{};  // of "grace:10s"
    std::optional<bool> dynamic_registration{};
    std::optional<bool> client_documents{};
    std::optional<mcp::session_mode> sessions{};
    std::optional<mcp::session_binding> binding{};
    std::optional<mcp::answer_form> answers{};
    std::optional<mcp::auth_mode> auth{};
    std::optional<oauth::unreachable_answer> unreachable{};
    std::optional<bool> relative_metadata{};
    std::optional<std::string> challenge_realm{};
    std::optional<bool> fixtures{};
    std::optional<std::int64_t> page_size{};
    std::optional<std::int64_t> max_sessions{};
    std::optional<oauth::milliseconds> session_idle{};
    std::optional<oauth::milliseconds> heartbeat{};
    std::optional<oauth::milliseconds> sse_retry{};
    std::optional<oauth::milliseconds> ask_timeout{};
    std::optional<oauth::milliseconds> task_ttl{};
};

void apply(policy_patch const& patch, oauth::policy& p);
void apply(policy_patch const& patch, mcp::policy& p);

// Every value of the two policies that a patch can hold, but for what no key says (deny_consent,
// test_buttons).
policy_patch patch_of(oauth::policy const& as, mcp::policy const& rs);

}  // namespace tollgate::control
