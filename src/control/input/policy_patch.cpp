#include "control/input/policy_patch.hpp"

namespace tollgate::control {

namespace {

template <class Value, class To>
void set(std::optional<Value> const& from, To& to) {
    if (from) to = *from;
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

policy_patch patch_of(oauth::policy const& as, mcp::policy const& rs) {
    policy_patch whole;
    whole.consent = as.consent;
    whole.introspection = as.introspection;
    whole.format = as.format;
    whole.signing_alg = as.signing_alg;
    whole.dpop = as.dpop;
    whole.dpop_nonce = as.dpop_nonce;
    whole.access_ttl = as.access_ttl;
    whole.refresh_ttl = as.refresh_ttl;
    whole.code_ttl = as.code_ttl;
    whole.code_reuse = as.code_reuse;
    whole.rotation = as.rotation;
    whole.reuse = as.reuse;
    whole.reuse_grace = as.reuse_grace;
    whole.dynamic_registration = as.dynamic_registration;
    whole.client_documents = as.client_documents;
    whole.unreachable = as.unreachable;
    whole.sessions = rs.sessions;
    whole.binding = rs.binding;
    whole.answers = rs.answers;
    whole.auth = rs.auth;
    whole.relative_metadata = rs.relative_metadata;
    whole.challenge_realm = rs.challenge_realm;
    whole.fixtures = rs.fixtures;
    whole.page_size = static_cast<std::int64_t>(rs.page_size);
    whole.max_sessions = static_cast<std::int64_t>(rs.max_sessions);
    whole.session_idle = rs.session_idle;
    whole.heartbeat = rs.heartbeat;
    whole.sse_retry = rs.sse_retry;
    whole.ask_timeout = rs.ask_timeout;
    whole.task_ttl = rs.task_ttl;
    return whole;
}

}  // namespace tollgate::control
