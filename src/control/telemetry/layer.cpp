#include "control/telemetry/layer.hpp"

#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "control/journal/journal.hpp"
#include "control/journal/origin.hpp"
#include "control/journal/redaction.hpp"
#include "control/telemetry/trace_context.hpp"
#include "http/message/form.hpp"
#include "http/message/url.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"

namespace tollgate::control {

namespace {

using http::context;
using http::reply;

std::string hex(std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (unsigned char const c : bytes) {
        text += digits[c >> 4];
        text += digits[c & 15];
    }
    return text;
}

std::string random_id(std::size_t bytes) {
    auto const random = from_base64url(random_token(bytes));
    return hex(*random);
}

// The same for the same flow of the same realm in this process, and for nothing else.
std::string trace_of_flow(std::string_view instance, context const& c, std::string_view flow) {
    if (flow.empty()) return random_id(16);
    std::string text(instance);
    text.append(1, '\0').append(std::to_string(c.realm().id())).append(1, '\0').append(flow);
    return hex(sha256(text).substr(0, 16));
}

// The path with its parameters named: "/register/{client_id}". Parameters stand at the end.
std::string route_of(context const& c) {
    if (c.endpoint().empty()) return {};
    std::string path(c.path());
    auto const& named = c.route().parameters;
    auto end = path.size();
    for (auto at = named.rbegin(); at != named.rend(); ++at) {
        for (;;) {
            auto const slash = end == 0 ? path.npos : path.rfind('/', end - 1);
            if (slash == path.npos) return path;
            auto const part = std::string_view(path).substr(slash + 1, end - slash - 1);
            auto const value = http::percent_decode(part);
            bool const fits = value && *value == at->second;
            auto const length = end - slash - 1;
            end = slash;
            if (!fits) continue;
            path.replace(slash + 1, length, '{' + std::string(at->first) + '}');
            break;
        }
    }
    return path;
}

// "localhost:9100" → "localhost", "9100"; "[::1]:9100" → "::1", "9100".
std::pair<std::string_view, std::string_view> host_and_port(std::string_view host) {
    auto const colon = host.rfind(':');
    auto const bracket = host.rfind(']');
    bool const has_port = colon != host.npos && (bracket == host.npos || colon > bracket);
    auto name = host.substr(0, has_port ? colon : host.size());
    if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
    return {name, has_port ? host.substr(colon + 1) : std::string_view()};
}

// HTTP semantic conventions, server spans.
void tell_http(span& s, context const& c, unsigned status) {
    auto const& r = c.request();
    auto const target = redact_target(r.target);
    auto const question = target.find('?');
    s.tell("http.request.method", r.method == http::verb::other ? "_OTHER" : r.method_text);
    if (r.method == http::verb::other) s.tell("http.request.method_original", r.method_text);
    s.tell("http.response.status_code", static_cast<std::int64_t>(status));
    s.tell("url.scheme", r.tls ? "https" : "http");
    s.tell("url.path", std::string_view(target).substr(0, question));
    if (question != target.npos) s.tell("url.query", std::string_view(target).substr(question + 1));
    s.tell("http.route", route_of(c));
    s.tell("client.address", r.peer);
    auto const [name, port_text] = host_and_port(r.host());
    s.tell("server.address", name);
    std::int64_t port = 0;
    std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    if (port != 0) s.tell("server.port", port);
    s.tell("user_agent.original", redact_field("User-Agent", r.header("User-Agent")));
    s.tell("network.protocol.version", r.version == 10 ? "1.0" : "1.1");
    s.failed = status / 100 == 5;
    if (s.failed) s.tell("error.type", std::to_string(status));
}

// What the request turned out to be about: what the journal knows, too.
void tell_facts(span& s, context const& c, std::string_view flow) {
    auto const& f = c.facts();
    s.tell("mcp.method.name", redact_tokens(f.mcp_method));
    s.tell("gen_ai.tool.name", redact_tokens(f.tool));
    s.tell("mcp.session.id", f.session);
    if (!f.mcp_method.empty())
        s.tell("mcp.protocol.version", c.request().header("MCP-Protocol-Version"));
    s.tell("oauth.client_id", f.client_id);
    s.tell("oauth.grant_type", f.grant_type);
    s.tell("oauth.error", f.error);
    s.tell("user.name", f.subject);
    s.tell("tollgate.realm", c.realm().name());
    s.tell("tollgate.endpoint", c.endpoint());
    s.tell("tollgate.flow", flow);
    s.tell("tollgate.request_id", c.request_id());
    s.tell("tollgate.decision", f.decision);
    s.tell("tollgate.refused_by", f.refused_by);
    s.tell("tollgate.faults", f.faults);
}

std::optional<caller_trace> caller_of(http::request const& r) {
    if (r.count("traceparent") != 1) return std::nullopt;
    return read_trace_context(r.header("traceparent"), r.list("tracestate"));
}

// Of the flow, or of the caller where it is to be joined.
void place(span& s, tracing const& t, context const& c, std::string_view flow,
           std::optional<caller_trace> caller) {
    s.at.span = random_id(8);
    if (caller && t.join_caller) {
        s.at.trace = caller->at.trace;
        s.at.state = caller->at.state;
        s.parent = caller->at.span;
        return;
    }
    s.at.trace = trace_of_flow(t.instance, c, flow);
    if (caller) s.links.push_back(std::move(caller->at));
}

// Ends when the answer has gone out, or when nobody can send it any more.
class open_span {
public:
    open_span(exporter& to, span s, tollgate::clock const& time)
        : to_(to), span_(std::move(s)), clock_(time) {}
    open_span(open_span const&) = delete;
    open_span& operator=(open_span const&) = delete;
    ~open_span() { end(false); }

    void end(bool whole) noexcept {
        if (ended_) return;
        ended_ = true;
        try {
            span_.end = clock_.now();
            span_.tell("tollgate.delivery", whole ? "delivered" : "cut");
            to_.add(std::move(span_));
        } catch (std::bad_alloc const&) {
            // A span is lost; the answer is not.
        }
    }

private:
    exporter& to_;
    span span_;
    tollgate::clock const& clock_;
    bool ended_ = false;
};

span span_of(tracing const& t, context const& c, time_point arrived, unsigned status,
             std::optional<caller_trace> caller) {
    span s;
    s.start = arrived;
    auto const& kept = c.realm().get<journal>();
    auto const flow = kept.on() ? kept.flow_of(c.facts(), origin_of(c.request())) : std::string();
    place(s, t, c, flow, std::move(caller));
    tell_http(s, c, status);
    tell_facts(s, c, flow);
    auto const route = route_of(c);
    s.name =
        c.request().method == http::verb::other ? "HTTP" : std::string(c.request().method_text);
    if (!route.empty()) s.name += ' ' + route;
    return s;
}

task<outcome<reply>> run_traced(tracing const& t, context& c, http::handler const& next) {
    auto const arrived = c.real_now();
    auto result = co_await next(c);
    auto caller = caller_of(c.request());
    // A caller that is joined also says whether anybody wants the trace.
    if (caller && t.join_caller && !caller->sampled) co_return result;
    auto const status = result ? result->status : result.error().status();
    auto s = span_of(t, c, arrived, status, std::move(caller));
    auto open = std::make_shared<open_span>(*t.to, std::move(s), c.real_clock());
    if (!result) {
        open->end(true);
        co_return result;
    }
    result->on_sent = [before = std::move(result->on_sent), open = std::move(open)](bool whole) {
        if (before) before(whole);
        open->end(whole);
    };
    co_return result;
}

}  // namespace

http::layer telemetry_layer(tracing t) {
    if (!t.to) return http::plain_layer{};
    auto const shared = std::make_shared<tracing const>(std::move(t));
    return [shared](context& c, http::handler const& next) {
        constexpr auto aside = http::control_plane | http::origin_root;
        bool const apart = (c.route().flags & aside) != 0 || c.endpoint() == "verdict";
        return apart ? next(c) : run_traced(*shared, c, next);
    };
}

}  // namespace tollgate::control
