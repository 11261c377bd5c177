#include "control/faults/selector.hpp"

#include <algorithm>
#include <functional>

#include "control/faults/effects/presented.hpp"
#include "control/journal/journal.hpp"
#include "control/journal/origin.hpp"
#include "control/journal/redaction.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

std::string_view view(json::string const& s) {
    return {s.data(), s.size()};
}

std::string text_or_empty(json::object const& o, std::string_view name) {
    auto const* v = o.if_contains(name);
    if (v == nullptr || !v->is_string()) return {};
    return std::string(view(v->get_string()));
}

void add_call(json::value const& message, std::vector<rpc_call>& calls) {
    auto const* o = message.if_object();
    if (o == nullptr) return;
    auto method = text_or_empty(*o, "method");
    if (method.empty()) return;
    std::string tool;
    auto const* params = o->if_contains("params");
    if (method == "tools/call" && params != nullptr && params->is_object()) {
        tool = text_or_empty(params->get_object(), "name");
    }
    calls.emplace_back(std::move(method), std::move(tool));
}

std::vector<rpc_call> calls_of(http::context& c) {
    std::vector<rpc_call> calls;
    if (c.request().body.empty()) return calls;
    auto const body = c.body_json();
    if (!body) return calls;  // the handler says what is wrong with it
    if (auto const* batch = (*body)->if_array()) {
        for (auto const& message : *batch)
            add_call(message, calls);
    } else {
        add_call(**body, calls);
    }
    return calls;
}

// Only ever compared for equality, so that no fault keeps a token.
std::string token_of(http::context& c) {
    if (auto const* who = c.who()) return who->digest;
    auto const presented = presented_secret(c);
    if (presented.empty()) return {};
    return std::to_string(std::hash<std::string>()(presented));
}

}  // namespace

bool selector::everything() const noexcept {
    return endpoints.empty() && headers.empty() && also.everything() &&
           needs_of(*this) == need_nothing;
}

unsigned needs_of(selector const& s) noexcept {
    unsigned needs = need_nothing;
    if (!s.grant_type.empty()) needs |= need_form;
    if (!s.client_id.empty()) needs |= need_client;
    if (!s.subject.empty()) needs |= need_subject;
    if (!s.session.empty()) needs |= need_session;
    if (!s.mcp_method.empty() || !s.tool.empty()) needs |= need_message;
    if (!s.family.empty()) needs |= need_family;
    if (!s.flow.empty()) needs |= need_flow;
    return needs;
}

namespace {

task<std::string> family_of(http::context& c, administrations const& to) {
    if (!c.facts().family.empty()) co_return c.facts().family;
    auto token = presented_secret(c);
    if (token.empty()) co_return token;
    auto const found = co_await to.oauth.family_of(c.realm(), std::move(token));
    // A store that cannot be asked tells of no family: the fault is not about this request.
    co_return found ? *found : std::string();
}

// Whose handlers tell the journal the family of what they are given.
bool tells_family(http::context const& c) noexcept {
    return c.endpoint() == "token" || c.endpoint() == "revoke";
}

// As the journal will write it down when the request is answered: by what it will know then.
std::string flow_of(http::context& c, std::string const& family) {
    http::exchange_facts known;
    if (tells_family(c)) known.family = family;
    known.client_id = presented_client(c);
    return c.realm().get<journal>().flow_of(known, origin_of(c.request()));
}

}  // namespace

task<request_facts> gather_facts(http::context& c, unsigned needs, administrations const& to) {
    auto f = gather_facts(c, needs);
    if ((needs & (need_family | need_flow)) == 0) co_return f;
    f.family = co_await family_of(c, to);
    if ((needs & need_flow) != 0) f.flow = flow_of(c, f.family);
    co_return f;
}

request_facts gather_facts(http::context& c, unsigned needs) {
    request_facts f;
    f.endpoint = c.endpoint();
    f.request = &c.request();
    f.asked = &c;
    if ((needs & need_form) != 0) f.grant_type = form_value(c, "grant_type");
    if ((needs & need_client) != 0) f.client_id = presented_client(c);
    if ((needs & need_subject) != 0 && c.who() != nullptr) f.subject = c.who()->who.subject;
    if ((needs & need_session) != 0) f.session = presented_session(c);
    if ((needs & need_message) != 0) f.calls = calls_of(c);
    if ((needs & need_token) != 0) f.token = token_of(c);
    return f;
}

std::string_view without_ellipsis(std::string_view session) noexcept {
    constexpr std::string_view ellipsis = "…";
    if (session.ends_with(ellipsis)) session.remove_suffix(ellipsis.size());
    return session;
}

bool names_session(std::string_view name, std::string_view id) noexcept {
    auto const beginning = without_ellipsis(name);
    return name == id || (beginning.size() >= shortest_session_name && id.starts_with(beginning));
}

bool about_endpoint(selector const& s, std::string_view endpoint) noexcept {
    return s.endpoints.empty() || std::ranges::find(s.endpoints, endpoint) != s.endpoints.end();
}

namespace {

// In what stands in the request itself.
std::optional<difference> difference_within(selector const& s, request_facts const& f) {
    for (auto const& wanted : s.headers) {
        auto const sent = f.request ? f.request->header(wanted.name) : std::string_view();
        bool const there = f.request && f.request->has(wanted.name);
        if (there && (!wanted.value || sent == *wanted.value)) continue;
        return difference{"header " + wanted.name,
                          wanted.value ? redact_field(wanted.name, *wanted.value) : "(any value)",
                          redact_field(wanted.name, sent)};
    }
    if (f.asked && !s.also.everything()) {
        auto member = s.also.difference(*f.asked);
        if (!member.empty())
            return difference{std::move(member), "(as selected)",
                              std::string(f.asked->request().method_text) + ' ' +
                                  redact_target(f.asked->request().target)};
    }
    return std::nullopt;
}

}  // namespace

std::optional<difference> first_difference(selector const& s, request_facts const& f) {
    struct rule {
        std::string_view member;
        std::string const& wanted;
        std::string const& got;
    };
    if (!s.session.empty() && !names_session(s.session, f.session))
        return difference{"session", s.session,
                          f.session.empty() ? f.session : session_label(f.session)};
    rule const rules[] = {{"grant_type", s.grant_type, f.grant_type},
                          {"client_id", s.client_id, f.client_id},
                          {"subject", s.subject, f.subject},
                          {"family", s.family, f.family},
                          {"flow", s.flow, f.flow}};
    for (auto const& r : rules)
        if (!r.wanted.empty() && r.wanted != r.got)
            return difference{std::string(r.member), r.wanted, r.got};
    auto const agrees = [](std::string const& wanted, std::string const& got) {
        return wanted.empty() || wanted == got;
    };
    auto const called = [&](rpc_call const& call) {
        return agrees(s.mcp_method, call.method) && agrees(s.tool, call.tool);
    };
    bool const wants_call = !s.mcp_method.empty() || !s.tool.empty();
    if (wants_call && std::ranges::none_of(f.calls, called)) {
        auto const was = f.calls.empty() ? rpc_call({}, {}) : f.calls.front();
        bool const other_method = !agrees(s.mcp_method, was.method);
        return other_method ? difference{"mcp_method", s.mcp_method, was.method}
                            : difference{"tool", s.tool, was.tool};
    }
    return difference_within(s, f);
}

bool matches(selector const& s, request_facts const& f) {
    return about_endpoint(s, f.endpoint) && !first_difference(s, f);
}

}  // namespace tollgate::control
