// Rules about one login: PKCE, state, redirect URI, code.
#include <algorithm>
#include <map>
#include <set>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "control/verdict/rule.hpp"
#include "http/message/url.hpp"

namespace tollgate::control::rules {

namespace {

std::string one(http::form const& f, std::string_view name) {
    return std::string(f.one(name).value_or(""));
}

struct redemption {
    observation const* at;
    login_seen const* login;  // null: the code came of none that is known
};

std::vector<redemption> redemptions(conversation const& c) {
    std::vector<redemption> all;
    for (auto const* o : c.exchanges()) {
        if (o->endpoint() != "token") continue;
        auto const code = one(o->form, "code");
        if (!code.empty()) all.push_back({o, c.of_code(code)});
    }
    return all;
}

bool is_unreserved(char ch) noexcept {
    bool const letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
    return letter || (ch >= '0' && ch <= '9') || ch == '-' || ch == '.' || ch == '_' || ch == '~';
}

// RFC 7636 §4.1
bool is_verifier(std::string_view v) noexcept {
    return v.size() >= 43 && v.size() <= 128 && std::ranges::all_of(v, is_unreserved);
}

bool is_redeemed(conversation const& c, login_seen const& l, time_point before) {
    return std::ranges::any_of(c.exchanges(), [&](observation const* o) {
        return o->endpoint() == "token" && !l.code.empty() && one(o->form, "code") == l.code &&
               o->arrived() < before;
    });
}

// A page that is loaded again is the same login, until its code was used.
bool is_loaded_again(conversation const& c, login_seen const& first, login_seen const& then) {
    for (auto const* name : {"state", "code_challenge"})
        if (one(first.at->query, name) != one(then.at->query, name)) return false;
    return !is_redeemed(c, first, then.at->arrived());
}

// Breaks where two logins have the same value of that parameter.
void fresh_in_each_login(conversation const& c, assessment& a, std::string_view name,
                         std::string const& sentence) {
    std::map<std::string, login_seen const*> seen;
    for (auto const& l : c.logins()) {
        auto const value = one(l.at->query, name);
        if (value.empty()) continue;
        a.met();
        auto const [known, fresh] = seen.emplace(value, &l);
        if (!fresh && !is_loaded_again(c, *known->second, l)) a.broken(*l.at, sentence);
    }
}

// The loopback names of one port are one server.
bool is_one_server(std::string_view a, std::string_view b) {
    return a == b || http::same_origin("http://" + std::string(a), "http://" + std::string(b));
}

std::string answered_error(observation const& o) {
    auto const* answer = o.answer.if_object();
    auto const* error = answer ? answer->if_contains("error") : nullptr;
    return error && error->is_string() ? std::string(error->get_string()) : std::string();
}

}  // namespace

void pkce_s256(conversation const& c, assessment& a) {
    for (auto const& l : c.logins()) {
        a.met();
        auto const challenge = one(l.at->query, "code_challenge");
        auto const method = one(l.at->query, "code_challenge_method");
        if (challenge.empty())
            a.broken(*l.at, "The login was without PKCE: no code_challenge was sent");
        else if (method != "S256")
            a.broken(*l.at, "The login used the PKCE method \"" +
                                (method.empty() ? "plain" : printable(method, 40)) +
                                "\" in the place of S256");
    }
}

void verifier_form(conversation const& c, assessment& a) {
    for (auto const& r : redemptions(c)) {
        auto const verifier = one(r.at->form, "code_verifier");
        if (verifier.empty()) continue;
        a.met();
        if (!is_verifier(verifier))
            a.broken(*r.at, "The code verifier has " + std::to_string(verifier.size()) +
                                " characters, or one that is not allowed");
    }
}

void verifier_matches(conversation const& c, assessment& a) {
    for (auto const& r : redemptions(c)) {
        if (!r.login) continue;
        auto const challenge = one(r.login->at->query, "code_challenge");
        if (challenge.empty()) continue;
        a.met();
        auto const verifier = one(r.at->form, "code_verifier");
        // RFC 7636 §4.3: plain is what it is without a method.
        auto const method = one(r.login->at->query, "code_challenge_method");
        bool const plain = method.empty() || method == "plain";
        if (verifier.empty())
            a.broken(*r.at, "The code was redeemed without its code verifier");
        else if ((plain ? verifier : base64url(sha256(verifier))) != challenge)
            a.broken(*r.at, "The code verifier does not belong to the login of the code");
    }
}

void pkce_reused(conversation const& c, assessment& a) {
    fresh_in_each_login(c, a, "code_challenge", "Two logins had the same code_challenge");
}

void state_sent(conversation const& c, assessment& a) {
    for (auto const& l : c.logins()) {
        a.met();
        if (!l.at->query.has("state"))
            a.broken(*l.at, "The login sent no state, by which its answer could be told");
    }
}

void state_reused(conversation const& c, assessment& a) {
    fresh_in_each_login(c, a, "state", "Two logins had the same state");
}

void redirect_equal(conversation const& c, assessment& a) {
    for (auto const& r : redemptions(c)) {
        if (!r.login) continue;
        auto const asked = one(r.login->at->query, "redirect_uri");
        if (asked.empty()) continue;
        a.met();
        auto const named = one(r.at->form, "redirect_uri");
        if (named.empty())
            a.broken(*r.at, "The token request did not repeat the redirect_uri of the login");
        else if (named != asked)
            a.broken(*r.at, "The token request named another redirect_uri than the login");
    }
}

// Who never got the answer, or got none of the server's, may try again.
void code_reused(conversation const& c, assessment& a) {
    std::set<std::string> used;
    for (auto const& r : redemptions(c)) {
        a.met();
        auto const code = one(r.at->form, "code");
        if (used.contains(code)) a.broken(*r.at, "A code was used a second time");
        // A nonce that is wanted first (RFC 9449 section 8) leaves the code as it was.
        bool const kept = answered_error(*r.at) == "use_dpop_nonce";
        if (!r.at->cut() && !r.at->faulted() && !kept) used.insert(code);
    }
}

void code_at_wrong_server(conversation const& c, assessment& a) {
    for (auto const& r : redemptions(c)) {
        if (!r.login) continue;
        a.met();
        if (!is_one_server(r.login->at->host(), r.at->host()))
            a.broken(*r.at, "A code of " + std::string(r.login->at->host()) + " was redeemed at " +
                                std::string(r.at->host()));
    }
}

}  // namespace tollgate::control::rules
