#include "control/faults/selector.hpp"

#include <algorithm>
#include <functional>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

std::string_view view(json::string const& s) {
    return {s.data(), s.size()};
}

std::string text_member(json::object const& o, std::string_view name) {
    auto const* v = o.if_contains(name);
    if (v == nullptr || !v->is_string()) return {};
    return std::string(view(v->get_string()));
}

void add_call(json::value const& message, std::vector<rpc_call>& calls) {
    auto const* o = message.if_object();
    if (o == nullptr) return;
    auto method = text_member(*o, "method");
    if (method.empty()) return;
    std::string tool;
    auto const* params = o->if_contains("params");
    if (method == "tools/call" && params != nullptr && params->is_object()) {
        tool = text_member(params->get_object(), "name");
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

std::string form_value(http::context& c, std::string_view name) {
    if (c.request().body.empty()) return {};
    auto const form = c.body_form();
    if (!form) return {};
    return std::string((*form)->one(name).value_or(""));
}

std::string query_value(http::context& c, std::string_view name) {
    if (c.request().query.empty()) return {};
    auto const query = c.query();
    if (!query) return {};
    return std::string((*query)->one(name).value_or(""));
}

// The user part of Basic credentials, form-decoded (RFC 6749 §2.3.1).
std::string basic_user(http::request const& r) {
    auto const value = r.header("Authorization");
    if (value.size() < 6 || !http::iequals(value.substr(0, 6), "Basic ")) return {};
    auto const decoded = from_base64(trim(value.substr(6)));
    if (!decoded) return {};
    auto const user = std::string_view(*decoded).substr(0, decoded->find(':'));
    auto plain = http::percent_decode(user, true);
    return plain ? std::move(*plain) : std::string();
}

std::string client_of(http::context& c) {
    if (auto const* who = c.who()) return who->who.client_id;
    auto id = basic_user(c.request());
    if (id.empty()) id = form_value(c, "client_id");
    if (id.empty()) id = query_value(c, "client_id");
    return id;
}

std::string session_of(http::context& c) {
    auto id = std::string(c.request().header("Mcp-Session-Id"));
    return id.empty() ? query_value(c, "sessionId") : id;
}

// Only ever compared for equality, so that no fault keeps a token.
std::string token_of(http::context& c) {
    if (auto const* who = c.who()) return who->digest;
    auto presented = form_value(c, "refresh_token");
    if (presented.empty()) presented = form_value(c, "code");
    if (presented.empty()) presented = form_value(c, "token");
    if (presented.empty()) return {};
    return std::to_string(std::hash<std::string>()(presented));
}

}  // namespace

bool selector::everything() const noexcept {
    return endpoints.empty() && headers.empty() && needs_of(*this) == need_nothing;
}

unsigned needs_of(selector const& s) noexcept {
    unsigned needs = need_nothing;
    if (!s.grant_type.empty()) needs |= need_form;
    if (!s.client_id.empty()) needs |= need_client;
    if (!s.subject.empty()) needs |= need_subject;
    if (!s.session.empty()) needs |= need_session;
    if (!s.mcp_method.empty() || !s.tool.empty()) needs |= need_message;
    return needs;
}

request_facts gather_facts(http::context& c, unsigned needs) {
    request_facts f;
    f.endpoint = c.endpoint();
    f.request = &c.request();
    if ((needs & need_form) != 0) f.grant_type = form_value(c, "grant_type");
    if ((needs & need_client) != 0) f.client_id = client_of(c);
    if ((needs & need_subject) != 0 && c.who() != nullptr) f.subject = c.who()->who.subject;
    if ((needs & need_session) != 0) f.session = session_of(c);
    if ((needs & need_message) != 0) f.calls = calls_of(c);
    if ((needs & need_token) != 0) f.token = token_of(c);
    return f;
}

bool about_endpoint(selector const& s, std::string_view endpoint) noexcept {
    return s.endpoints.empty() || std::ranges::find(s.endpoints, endpoint) != s.endpoints.end();
}

std::optional<difference> first_difference(selector const& s, request_facts const& f) {
    struct rule {
        std::string_view member;
        std::string const& wanted;
        std::string const& got;
    };
    rule const rules[] = {{"grant_type", s.grant_type, f.grant_type},
                          {"client_id", s.client_id, f.client_id},
                          {"subject", s.subject, f.subject},
                          {"session", s.session, f.session}};
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
    for (auto const& wanted : s.headers) {
        auto const sent = f.request ? f.request->header(wanted.name) : std::string_view();
        bool const there = f.request && f.request->has(wanted.name);
        if (there && (!wanted.value || sent == *wanted.value)) continue;
        return difference{"header " + wanted.name, wanted.value.value_or("(any value)"),
                          std::string(sent)};
    }
    return std::nullopt;
}

bool matches(selector const& s, request_facts const& f) {
    return about_endpoint(s, f.endpoint) && !first_difference(s, f);
}

}  // namespace tollgate::control
