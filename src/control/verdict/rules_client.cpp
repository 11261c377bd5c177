// Rules about a client: its registration, how it proves itself, the resource that it asks for.
#include <algorithm>
#include <map>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "control/verdict/rule.hpp"
#include "http/message/url.hpp"

namespace tollgate::control::rules {

namespace {

std::string parameter(http::form const& f, std::string_view name) {
    return std::string(f.one(name).value_or(""));
}

// Schemes of apps (RFC 8252 §7.1) are theirs; a scheme that runs or shows something is nobody's.
bool may_be_redirected_to(std::string_view given) {
    auto const uri = to_lower(given);  // schemes and hosts are the same in any case
    for (auto const* never : {"javascript:", "data:", "file:", "about:", "vbscript:"})
        if (uri.starts_with(never)) return false;
    if (!uri.starts_with("http://")) return true;
    auto const address = http::split_url(uri);
    return address && http::is_on_this_machine(address->host);
}

std::string first_bad_redirect(boost::json::value const& registration) {
    auto const* o = registration.if_object();
    auto const* uris = o ? o->if_contains("redirect_uris") : nullptr;
    if (!uris || !uris->is_array()) return {};
    for (auto const& uri : uris->get_array())
        if (auto const* s = uri.if_string(); s && !may_be_redirected_to(*s)) return std::string(*s);
    return {};
}

// The revision that a client says it speaks; dates compare as texts.
std::string revision_in(observation const& o) {
    auto const header = o.header("MCP-Protocol-Version");
    if (!header.empty()) return std::string(header);
    for (auto const* m : o.messages()) {
        if (text_member(*m, "method") != "initialize") continue;
        auto const* params = m->if_contains("params");
        auto const* object = params ? params->if_object() : nullptr;
        if (object) return std::string(text_member(*object, "protocolVersion").value_or(""));
    }
    return {};
}

// Whether the client had been told what the resource is when it sent `o`, and its revision wants it
// named. Revisions before 2025-06-18 know no resource.
bool resource_is_due(conversation const& c, observation const& o) {
    bool told = true;
    std::string revision;
    for (auto const* x : c.exchanges()) {
        if (x->seq() >= o.seq()) break;
        auto const said =
            x->peer_key() == o.peer_key() || !x->header("MCP-Protocol-Version").empty()
                ? revision_in(*x)
                : std::string();
        if (!said.empty()) revision = said;
        if (x->endpoint() != "resource_metadata") continue;
        auto const* document = x->answer.if_object();
        told = x->succeeded() && !x->faulted() && document && document->contains("resource");
    }
    return told && (revision.empty() || revision >= "2025-06-18");
}

// The server does not know the client any more, whoever says so.
bool is_forgotten(observation const& o) {
    if (o.endpoint() == "authorize") return o.status / 100 == 4 || o.faulted();
    auto const* body = o.answer.if_object();
    auto const told = body ? text_member(*body, "error").value_or("") : std::string_view();
    return told == "invalid_client" || told == "unauthorized_client";
}

}  // namespace

void redirect_allowed(conversation const& c, assessment& a) {
    for (auto const& r : c.registrations()) {
        a.met();
        auto const bad = first_bad_redirect(r.at->body);
        if (!bad.empty())
            a.broken(*r.at,
                     "The client registered a redirect URI that is neither https nor on "
                     "this machine");
    }
}

void authenticated_twice(conversation const& c, assessment& a) {
    for (auto const* o : c.exchanges()) {
        bool const asks = o->endpoint() == "token" || o->endpoint() == "revoke";
        if (!asks) continue;
        a.met();
        int ways = http::iequals(o->scheme, "Basic") ? 1 : 0;
        ways += o->form.has("client_secret") ? 1 : 0;
        ways += o->form.has("client_assertion") ? 1 : 0;
        if (ways > 1) a.broken(*o, "The client sent its secret by two methods in one request");
    }
}

// A registration is good until the server says that it does not know the client; whoever comes with
// another name, other redirect URIs or from elsewhere is another client.
void registered_again(conversation const& c, assessment& a) {
    std::map<std::string, std::string> good;  // who → its client_id
    for (auto const& o : c.all()) {
        // Somebody took the clients away, or changed what they may do.
        if (o.what().type == event_type::control) good.clear();
        if (!o.is_exchange()) continue;
        if (is_forgotten(o)) good.clear();
        if (o.endpoint() != "register" || o.method != "POST") continue;
        auto const seen = std::ranges::find(c.registrations(), &o, &registration_seen::at);
        if (seen == c.registrations().end()) continue;
        a.met();
        // Another authorization server knows nothing of the first registration.
        auto const who = o.peer_key() + '|' + std::string(o.host()) + '|' + seen->asked;
        if (good.contains(who))
            a.broken(o, "The client registered again while its first registration was good");
        if (!o.faulted() && !o.cut()) good[who] = seen->client_id;
    }
}

void resource_sent(conversation const& c, assessment& a) {
    for (auto const& l : c.logins()) {
        if (!resource_is_due(c, *l.at)) continue;
        a.met();
        if (!l.at->query.has("resource"))
            a.broken(*l.at, "The login did not say for which MCP server the token is (resource)");
    }
    for (auto const* o : c.exchanges()) {
        if (o->endpoint() != "token" || !o->form.has("code") || !resource_is_due(c, *o)) continue;
        a.met();
        if (!o->form.has("resource"))
            a.broken(*o,
                     "The token request did not say for which MCP server the token is "
                     "(resource)");
    }
}

void resource_at_refresh(conversation const& c, assessment& a) {
    for (auto const* o : c.exchanges()) {
        if (o->endpoint() != "token" || o->form.one("grant_type") != "refresh_token") continue;
        if (!resource_is_due(c, *o)) continue;
        a.met();
        if (!o->form.has("resource"))
            a.broken(*o, "The refresh did not say for which MCP server the token is (resource)");
    }
}

void resource_consistent(conversation const& c, assessment& a) {
    for (auto const* o : c.exchanges()) {
        auto const code = parameter(o->form, "code");
        auto const* login = o->endpoint() == "token" ? c.of_code(code) : nullptr;
        if (!login) continue;
        auto const asked = login->at->query.all("resource");
        auto const named = o->form.all("resource");
        if (asked.empty() || named.empty()) continue;
        a.met();
        for (auto const one : named)
            if (std::ranges::find(asked, one) == asked.end())
                a.broken(*o, "The token was asked for another resource than the login had named");
    }
}

// RFC 3986 §4.3: an absolute URI begins with a scheme (§3.1).
bool has_scheme(std::string_view uri) {
    auto const end = uri.find(':');
    if (end == 0 || end == uri.npos) return false;
    auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return letter(uri.front()) && std::ranges::all_of(uri.substr(0, end), [&](char c) {
               return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
           });
}

void resource_without_fragment(conversation const& c, assessment& a) {
    for (auto const* o : c.exchanges()) {
        if (o->endpoint() != "token" && o->endpoint() != "authorize") continue;
        for (auto const* f : {&o->query, &o->form}) {
            for (auto const one : f->all("resource")) {
                a.met();
                bool const bad = one.find('#') != one.npos || !has_scheme(one);
                if (bad) a.broken(*o, "The resource has a fragment, or is no absolute URI");
            }
        }
    }
}

}  // namespace tollgate::control::rules
