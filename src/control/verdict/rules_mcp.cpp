// Rules about MCP over Streamable HTTP: handshake, headers, cancellation, lost sessions.
#include <algorithm>
#include <set>

#include <boost/json/serialize.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "control/verdict/rule.hpp"
#include "control/verdict/sessions.hpp"
#include "mcp/protocol/header_value.hpp"

namespace tollgate::control::rules {

namespace json = boost::json;

namespace {

using namespace std::chrono_literals;

constexpr std::string_view modern = "2026-07-28";  // dates compare as texts
constexpr std::string_view header_since = "2025-06-18";
constexpr auto under_way = 250ms;

bool is_request(json::object const& m) {
    return m.contains("method") && m.contains("id");
}

json::object const* params_of(json::object const& m) {
    auto const* params = m.if_contains("params");
    return params ? params->if_object() : nullptr;
}

std::string id_text(json::value const* id) {
    return id ? json::serialize(*id) : std::string();
}

// A request of the modern era says so in its header or in its _meta.
bool is_modern_request(observation const& o) {
    if (o.endpoint() != "mcp" || o.method != "POST") return false;
    auto const header = o.header("MCP-Protocol-Version");
    if (!header.empty()) return header >= modern;
    for (auto const* m : o.messages()) {
        auto const* params = params_of(*m);
        auto const* meta = params ? params->if_contains("_meta") : nullptr;
        auto const* object = meta ? meta->if_object() : nullptr;
        auto const version =
            object ? text_member(*object, "io.modelcontextprotocol/protocolVersion") : std::nullopt;
        if (version) return *version >= modern;
    }
    return false;
}

// What Mcp-Name mirrors; "" where the method wants none.
std::string name_in(json::object const& m) {
    auto const method = text_member(m, "method").value_or("");
    auto const* params = params_of(m);
    if (!params) return {};
    if (method == "tools/call" || method == "prompts/get")
        return std::string(text_member(*params, "name").value_or(""));
    return method == "resources/read" ? std::string(text_member(*params, "uri").value_or("")) : "";
}

// When the answer to it was complete: streams go on behind the exchange.
time_point end_of(conversation const& c, observation const& o) {
    if (!o.what().exchange->streamed) return o.what().time;
    for (auto const& other : c.all())
        if (other.what().of == o.seq() && other.what().type == event_type::stream &&
            !other.what().outcome.empty())
            return other.what().time;
    return time_point::max();
}

struct running_request {
    std::string id;
    std::string session;
    time_point from;
    time_point until;
};

std::vector<running_request> requests_of(conversation const& c) {
    std::vector<running_request> all;
    for (auto const* o : c.mcp())
        for (auto const* m : o->messages())
            if (is_request(*m))
                all.push_back({id_text(m->if_contains("id")),
                               std::string(o->header("Mcp-Session-Id")), o->arrived(),
                               end_of(c, *o)});
    return all;
}

// Another request of the session runs, and that one does not.
bool cancels_nothing(std::vector<running_request> const& all, std::string const& id,
                     std::string const& session, time_point at) {
    bool other = false;
    for (auto const& r : all) {
        if (r.session != session || r.from > at) continue;
        if (r.id == id && at <= r.until + (r.until == time_point::max() ? 0s : 1s)) return false;
        other = other || (r.id != id && at < r.until);
    }
    return other;
}

}  // namespace

void initialized_sent(conversation const& c, assessment& a) {
    for (auto const& s : sessions_of(c)) {
        bool announced = false;
        for (auto const* o : s.later) {
            auto const method = o->mcp_method();
            if (method == "notifications/initialized") announced = true;
            // The stream may be opened at any time; a session may be given up.
            bool const uses = o->method == "POST" && !method.empty() && method != "ping";
            if (uses) a.met();
            if (uses && !announced)
                a.broken(*o, "The session was used before notifications/initialized was sent");
        }
    }
}

void version_header(conversation const& c, assessment& a) {
    for (auto const& s : sessions_of(c)) {
        if (s.revision < header_since) continue;
        for (auto const* o : s.later) {
            a.met();
            if (o->header("MCP-Protocol-Version").empty())
                a.broken(*o, "A request of the session came without MCP-Protocol-Version");
        }
    }
}

void version_kept(conversation const& c, assessment& a) {
    for (auto const& s : sessions_of(c)) {
        if (s.revision.empty()) continue;
        for (auto const* o : s.later) {
            auto const said = o->header("MCP-Protocol-Version");
            if (said.empty()) continue;
            a.met();
            if (said != s.revision)
                a.broken(*o, "The session is of revision " + printable(s.revision, 40) +
                                 ", and a request of it said " + printable(said, 40));
        }
    }
}

void method_header(conversation const& c, assessment& a) {
    for (auto const* o : c.mcp()) {
        auto const messages = o->messages();
        if (!is_modern_request(*o) || messages.size() != 1 || !is_request(*messages[0])) continue;
        a.met();
        auto const header = o->header("Mcp-Method");
        if (header.empty())
            a.broken(*o, "A request came without Mcp-Method");
        else if (header != text_member(*messages[0], "method"))
            a.broken(*o, "Mcp-Method names another method than the body");
    }
}

void name_header(conversation const& c, assessment& a) {
    for (auto const* o : c.mcp()) {
        auto const messages = o->messages();
        if (!is_modern_request(*o) || messages.size() != 1) continue;
        auto const name = name_in(*messages[0]);
        if (name.empty()) continue;
        a.met();
        auto const header = o->header("Mcp-Name");
        if (header.empty())
            a.broken(*o, "A request came without Mcp-Name");
        else if (mcp::decode_header_value(header) != name)
            a.broken(*o, "Mcp-Name names something else than the body");
    }
}

void cancelled_is_running(conversation const& c, assessment& a) {
    auto const all = requests_of(c);
    for (auto const* o : c.mcp()) {
        for (auto const* m : o->messages()) {
            if (text_member(*m, "method") != "notifications/cancelled") continue;
            auto const* params = params_of(*m);
            auto const id = id_text(params ? params->if_contains("requestId") : nullptr);
            a.met();
            if (cancels_nothing(all, id, std::string(o->header("Mcp-Session-Id")), o->arrived()))
                a.broken(*o, "A request was cancelled that is not running, while another one is");
        }
    }
}

// One more request may have been under way; a DELETE says goodbye.
void dead_session_used(conversation const& c, assessment& a) {
    struct end {
        std::string session;
        time_point at;
        std::size_t later = 0;
    };
    std::vector<end> dead;
    for (auto const* o : c.mcp()) {
        auto const session = std::string(o->header("Mcp-Session-Id"));
        if (session.empty() || o->method != "POST") continue;
        auto const known = std::ranges::find(dead, session, &end::session);
        if (known == dead.end()) {
            if (o->status == 404) dead.push_back({session, o->what().time});
            continue;
        }
        bool const knew = o->arrived() > known->at + under_way;
        if (knew && ++known->later == 2)
            a.broken(*o,
                     "The server said that the session is gone (404), and the client went on "
                     "with it");
    }
    if (!dead.empty()) a.met();
}

}  // namespace tollgate::control::rules
