// The journal as a Mermaid sequence diagram.
#include <algorithm>
#include <array>

#include "control/journal/message_view.hpp"
#include "control/journal/redaction.hpp"
#include "control/journal/views.hpp"

namespace tollgate::control {

namespace {

constexpr std::array<std::string_view, 4> mcp_endpoints{"mcp", "sse", "messages",
                                                        "resource_metadata"};

std::string_view server_of(event const& e) {
    return std::ranges::find(mcp_endpoints, e.endpoint) != mcp_endpoints.end() ? "MCP" : "AS";
}

// Of a message text: one line, and nothing that Mermaid takes for its own (";" ends a line, "#"
// begins an entity).
std::string plain(std::string_view text, std::size_t most = 80) {
    std::string out;
    for (char const c : text.substr(0, most)) {
        bool const printed = c >= ' ' && c != ';' && c != '#' && c != '<' && c != '>';
        out += printed ? c : ' ';
    }
    return out;
}

std::string request_text(event const& e) {
    auto const sent = view_request(e.exchange->request);
    auto text = sent.method + ' ' + sent.target.substr(0, sent.target.find('?'));
    auto const& f = e.facts;
    for (auto const& what : {f.grant_type, f.mcp_method, f.tool})
        if (!what.empty()) text += ' ' + redact_tokens(what);
    return plain(text);
}

std::string response_text(event const& e) {
    auto const got = view_response(e.exchange->response);
    auto text = std::to_string(got.status);
    if (!e.facts.error.empty()) text += ' ' + e.facts.error;
    if (e.exchange->streamed) text += " (stream)";
    for (auto const& fault : e.facts.faults)
        text += " [fault " + fault + ']';
    return plain(text);
}

void add(std::string& out, event const& e) {
    auto const server = std::string(server_of(e));
    if (e.type == event_type::exchange && e.exchange) {
        out += "    C->>" + server + ": " + request_text(e) + '\n';
        out += "    " + server + "-->>C: " + response_text(e) + '\n';
    } else if (e.type == event_type::message) {
        out += "    " + server + "-)C: " + plain(redact_tokens(e.facts.mcp_method)) + '\n';
    } else if (e.type == event_type::stream && e.stream_event.empty()) {
        out += "    Note over C," + server + ": stream " + plain(e.outcome) + '\n';
    }
}

}  // namespace

std::string to_mermaid(std::span<event_ptr const> events) {
    std::string out =
        "sequenceDiagram\n    participant C as Client\n    participant AS as Authorization "
        "server\n    participant MCP as MCP server\n";
    for (auto const& e : events)
        add(out, *e);
    return out;
}

}  // namespace tollgate::control
