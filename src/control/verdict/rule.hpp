// Rules: what a client must or should do in every scenario, one row each.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/conversation/conversation.hpp"
#include "control/verdict/verdict.hpp"

namespace tollgate::control {

// What one rule has found out.
class assessment {
public:
    // There was something to judge.
    void met() noexcept { met_ = true; }
    // It was broken by that exchange; `text` is a sentence without the full stop.
    void broken(observation const& by, std::string text);

    bool was_met() const noexcept { return met_ || at_ != nullptr; }
    // The first exchange that broke it; null: none.
    observation const* at() const noexcept { return at_; }
    std::string const& text() const noexcept { return text_; }
    std::size_t times() const noexcept { return times_; }

private:
    bool met_ = false;
    observation const* at_ = nullptr;
    std::string text_;
    std::size_t times_ = 0;
};

struct rule {
    std::string_view id;
    finding_level level;
    std::string_view holds;  // the sentence where it was kept
    std::string_view needs;  // what has to happen before it can be judged
    std::string_view clause;
    std::string_view url;
    void (*watch)(conversation const&, assessment&);
};

std::span<rule const> all_rules() noexcept;

finding judge_rule(rule const& r, conversation const& c);

namespace rules {

// Of tokens.
void token_in_url(conversation const& c, assessment& a);
void token_at_wrong_endpoint(conversation const& c, assessment& a);
void token_missing_in_session(conversation const& c, assessment& a);
void new_token_unused(conversation const& c, assessment& a);
void refresh_before_every_request(conversation const& c, assessment& a);
void refresh_by_another_client(conversation const& c, assessment& a);
void old_refresh_token(conversation const& c, assessment& a);
void parallel_refresh(conversation const& c, assessment& a);
void secret_at_wrong_endpoint(conversation const& c, assessment& a);
void dpop_jti_reused(conversation const& c, assessment& a);

// Of a login.
void pkce_s256(conversation const& c, assessment& a);
void verifier_form(conversation const& c, assessment& a);
void verifier_matches(conversation const& c, assessment& a);
void pkce_reused(conversation const& c, assessment& a);
void state_sent(conversation const& c, assessment& a);
void state_reused(conversation const& c, assessment& a);
void redirect_equal(conversation const& c, assessment& a);
void code_reused(conversation const& c, assessment& a);
void code_at_wrong_server(conversation const& c, assessment& a);

// Of a client and of what it asks a token for.
void redirect_allowed(conversation const& c, assessment& a);
void authenticated_twice(conversation const& c, assessment& a);
void registered_again(conversation const& c, assessment& a);
void resource_sent(conversation const& c, assessment& a);
void resource_at_refresh(conversation const& c, assessment& a);
void resource_consistent(conversation const& c, assessment& a);
void resource_without_fragment(conversation const& c, assessment& a);

// Of MCP.
void initialized_sent(conversation const& c, assessment& a);
void version_header(conversation const& c, assessment& a);
void version_kept(conversation const& c, assessment& a);
void method_header(conversation const& c, assessment& a);
void name_header(conversation const& c, assessment& a);
void cancelled_is_running(conversation const& c, assessment& a);
void dead_session_used(conversation const& c, assessment& a);

// Of trying again, and of what should be left alone.
void challenge_followed(conversation const& c, assessment& a);
void authorize_storm(conversation const& c, assessment& a);
void registration_storm(conversation const& c, assessment& a);
void token_storm(conversation const& c, assessment& a);
void canary_fetched(conversation const& c, assessment& a);

}  // namespace rules

}  // namespace tollgate::control
