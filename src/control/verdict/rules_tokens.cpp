// Rules about tokens: where they go, and when they are renewed.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <boost/json/parse.hpp>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "control/verdict/rule.hpp"

namespace tollgate::control::rules {

namespace {

using namespace std::chrono_literals;

// What a client sends so soon after an answer was under way before it had read it.
constexpr auto reading_time = 250ms;

constexpr std::array<std::string_view, 6> bearer_endpoints{"mcp",      "sse",      "messages",
                                                           "userinfo", "anything", "introspect"};
constexpr std::array<std::string_view, 3> secret_endpoints{"token", "revoke", "introspect"};

template <std::size_t N>
bool is_one_of(std::array<std::string_view, N> const& names, std::string_view name) noexcept {
    return std::ranges::find(names, name) != names.end();
}

bool is_refresh(observation const& o) {
    return o.endpoint() == "token" && o.form.one("grant_type") == "refresh_token";
}

std::vector<observation const*> refreshes(conversation const& c) {
    std::vector<observation const*> all;
    for (auto const* o : c.exchanges())
        if (is_refresh(*o)) all.push_back(o);
    return all;
}

std::string text(std::optional<std::string_view> v) {
    return std::string(v.value_or(""));
}

// The values of query, form and JSON body, and the credential. A challenge of method plain is the
// verifier itself (RFC 7636 §4.2), and goes where it has to.
std::vector<std::string_view> values_of(observation const& o) {
    std::vector<std::string_view> all;
    for (auto const& [name, value] : o.query)
        if (name != "code_challenge") all.push_back(value);
    for (auto const& [name, value] : o.form)
        all.push_back(value);
    if (auto const* object = o.body.if_object())
        for (auto const& member : *object)
            if (auto const* s = member.value().if_string()) all.push_back(*s);
    if (!o.credential.empty()) all.push_back(o.credential);
    return all;
}

}  // namespace

void token_in_url(conversation const& c, assessment& a) {
    if (!c.tokens().empty()) a.met();
    for (auto const* o : c.exchanges()) {
        bool named = o->query.has("access_token");
        for (auto const& [name, value] : o->query)
            named = named || c.of_access(value) || c.of_refresh(value);
        for (auto const& t : c.tokens())
            named = named || o->header("Referer").find(t.access) != std::string_view::npos;
        if (named) a.broken(*o, "A token stood in a URL, where logs and histories keep it");
    }
}

void token_at_wrong_endpoint(conversation const& c, assessment& a) {
    for (auto const* o : c.exchanges()) {
        if (!o->is_bearer() || !c.of_access(o->credential)) continue;
        a.met();
        if (is_one_of(bearer_endpoints, o->endpoint())) continue;
        a.broken(*o, "The access token was sent to " + std::string(o->path) +
                         ", which is no MCP endpoint");
    }
}

void token_missing_in_session(conversation const& c, assessment& a) {
    std::map<std::string, bool, std::less<>> welcome;  // sessions whose last token was taken
    for (auto const* o : c.mcp()) {
        auto const session = std::string(o->header("Mcp-Session-Id"));
        if (session.empty()) continue;
        if (!o->credential.empty()) {
            a.met();
            welcome[session] = o->status != 401;
        } else if (o->method == "POST" && welcome[session]) {
            a.broken(*o, "A request of a session came without the access token");
        }
    }
}

// A request with an access token that was issued here.
struct bearer_use {
    observation const* by;
    tokens_seen const* token;
};

std::vector<bearer_use> bearer_uses(conversation const& c) {
    std::vector<bearer_use> all;
    for (auto const* o : c.exchanges()) {
        auto const* sent = o->is_bearer() ? c.of_access(o->credential) : nullptr;
        if (sent) all.push_back({o, sent});
    }
    return all;
}

void new_token_unused(conversation const& c, assessment& a) {
    auto const uses = bearer_uses(c);
    for (auto const& fresh : c.tokens()) {
        if (!fresh.by_refresh || !fresh.received) continue;
        a.met();
        std::size_t with_old = 0;
        observation const* second = nullptr;
        bool used = false;
        for (auto const& [o, sent] : uses) {
            if (used) break;  // nothing that comes later alters it
            if (o->arrived() < fresh.at->what().time || sent->client_id != fresh.client_id)
                continue;
            used = used || sent->at->seq() >= fresh.at->seq();
            bool const old = sent->at->seq() < fresh.at->seq() &&
                             o->arrived() > fresh.at->what().time + reading_time;
            if (old && !used && ++with_old == 2) second = o;
        }
        if (second && !used)
            a.broken(*second, "A refresh gave a new access token, and the old one was sent on");
    }
}

void refresh_before_every_request(conversation const& c, assessment& a) {
    constexpr std::int64_t long_enough = 300;  // seconds: the widest margin that clients use
    constexpr int too_often = 3;
    int row = 0;
    tokens_seen const* before = nullptr;
    for (auto const& t : c.tokens()) {
        if (t.by_refresh) a.met();
        std::size_t uses = 0;
        bool refused = false;
        for (auto const* o : c.mcp()) {
            if (!before || o->credential != before->access) continue;
            ++uses;
            refused = refused || !o->succeeded();
        }
        bool const early = before && t.by_refresh && t.client_id == before->client_id &&
                           before->lifetime > long_enough && !refused && uses <= 1 &&
                           t.at->arrived() - before->at->what().time <
                               std::chrono::seconds(before->lifetime - long_enough);
        row = early ? row + 1 : 0;
        if (row == too_often)
            a.broken(*t.at, "A token that was good for " + std::to_string(before->lifetime) +
                                " s was refreshed before each request");
        before = &t;
    }
}

void refresh_by_another_client(conversation const& c, assessment& a) {
    for (auto const* o : refreshes(c)) {
        auto const* known = c.of_refresh(text(o->form.one("refresh_token")));
        if (!known) continue;
        a.met();
        auto const who = client_of(*o);
        if (who.empty() || known->client_id.empty() || who == known->client_id) continue;
        a.broken(*o, "A refresh token was presented by another client than got it");
    }
}

// RFC 6749 §6: "the client MUST discard the old refresh token and replace it".
void old_refresh_token(conversation const& c, assessment& a) {
    struct replacement {
        time_point at;
        bool received;
    };
    std::map<std::string, replacement> replaced;
    for (auto const* o : refreshes(c)) {
        auto const sent = text(o->form.one("refresh_token"));
        a.met();
        auto const found = replaced.find(sent);
        if (found != replaced.end() && found->second.received &&
            o->arrived() > found->second.at + reading_time)
            a.broken(*o, "A refresh token was sent again after a new one had replaced it");
        auto const* body = o->answer.if_object();
        auto const fresh = body ? text(text_member(*body, "refresh_token")) : std::string();
        if (o->succeeded() && !fresh.empty() && fresh != sent)
            replaced[sent] = {o->what().time, !o->cut()};
    }
}

void parallel_refresh(conversation const& c, assessment& a) {
    auto const all = refreshes(c);
    for (std::size_t i = 0; i < all.size(); ++i) {
        a.met();
        auto const token = text(all[i]->form.one("refresh_token"));
        for (std::size_t j = 0; j < all.size(); ++j) {
            if (i == j || text(all[j]->form.one("refresh_token")) != token) continue;
            // The later one of the two is told, once.
            bool const later = all[i]->arrived() > all[j]->arrived() ||
                               (all[i]->arrived() == all[j]->arrived() && i > j);
            bool const answered = all[j]->what().time + reading_time < all[i]->arrived();
            bool const lost = all[j]->cut() || (all[j]->faulted() && !all[j]->succeeded());
            if (!later || answered || lost) continue;
            a.broken(*all[i], "One refresh token was presented twice at the same time");
            break;
        }
    }
}

void secret_at_wrong_endpoint(conversation const& c, assessment& a) {
    std::set<std::string, std::less<>> codes;
    for (auto const& l : c.logins())
        if (!l.code.empty()) codes.insert(l.code);
    std::set<std::string, std::less<>> verifiers;
    for (auto const* o : c.exchanges())
        if (auto const v = o->form.one("code_verifier"); v && o->endpoint() == "token")
            verifiers.insert(std::string(*v));
    if (!codes.empty() || !c.tokens().empty()) a.met();
    for (auto const* o : c.exchanges()) {
        // The browser brings the code to the test page of our own.
        if (is_one_of(secret_endpoints, o->endpoint()) || o->endpoint().starts_with("test_page"))
            continue;
        for (auto const value : values_of(*o)) {
            char const* what = c.of_refresh(value)         ? "A refresh token"
                               : codes.contains(value)     ? "An authorization code"
                               : verifiers.contains(value) ? "A code verifier"
                                                           : nullptr;
            if (!what) continue;
            a.broken(*o, std::string(what) + " was sent to " + std::string(o->path));
            break;
        }
    }
}

void dpop_jti_reused(conversation const& c, assessment& a) {
    std::set<std::string> seen;
    for (auto const* o : c.exchanges()) {
        auto const proof = o->header("DPoP");
        if (proof.empty()) continue;
        a.met();
        auto const from = proof.find('.');
        auto const to = proof.find('.', from + 1);
        if (from == proof.npos || to == proof.npos) continue;
        boost::json::error_code wrong;
        auto const claims = boost::json::parse(
            from_base64url(proof.substr(from + 1, to - from - 1)).value_or(""), wrong);
        auto const* object = wrong ? nullptr : claims.if_object();
        auto const jti = object ? text_member(*object, "jti") : std::nullopt;
        if (jti && !seen.insert(std::string(*jti)).second)
            a.broken(*o, "A DPoP proof had the identifier (jti) of an earlier one");
    }
}

}  // namespace tollgate::control::rules
