// Consent page: a person says yes or no, and who they are where the realm wants to know.
#pragma once

#include <string>

#include "http/message/reply.hpp"
#include "http/page/html.hpp"
#include "oauth/authorize/checks.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

// The values of the field "decision".
inline constexpr std::string_view decision_approve = "approve";
inline constexpr std::string_view decision_deny = "deny";
inline constexpr std::string_view decision_switch = "switch-account";
inline constexpr std::string_view decision_wrong_code = "wrong-code";
inline constexpr std::string_view decision_wrong_state = "wrong-state";

// Whether the page also offers to send wrong answers.
bool offers_test_buttons(policy const& p, http::place const& where);

struct consent_question {
    consent_question(authorize_request const& r, http::html h) : request(r), hidden(std::move(h)) {}

    authorize_request const& request;
    http::html hidden;                // fields that come back with the answer
    user const* who = nullptr;        // who is asked; nullptr: they have to log in
    user const* suggested = nullptr;  // who to preselect then
    std::string next;                 // where they log in after an approval; empty: here
    std::string wrong;                // why the page is shown again; empty: it is the first time
    unsigned status = 200;
};

http::reply consent_page(consent_question const& q);

// Where a redirect URI leads, in words for a person: "app.example.com", "the application that
// opens cursor: addresses".
std::string destination_of(std::string_view redirect_uri);

}  // namespace tollgate::oauth
