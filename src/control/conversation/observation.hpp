// Observation: one event of the journal taken apart into typed facts, which rules and expectations
// are about. Secrets are in it as they were sent; no sentence shows them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "control/journal/event.hpp"
#include "http/message/form.hpp"
#include "http/message/headers.hpp"

namespace tollgate::control {

using field_list = std::vector<http::header_view>;

// Empty members say nothing. Views point into the event.
struct observation {
    event_ptr source;

    // Of an exchange alone.
    std::string_view method;
    std::string_view path;  // without the query
    field_list sent;        // header fields of the request
    field_list got;         // of the answer
    http::form query;
    http::form form;              // a body that is a form
    boost::json::value body;      // a body that is JSON; null: none that can be read
    boost::json::value answer;    // likewise
    unsigned status = 0;          // of the answer
    std::string_view scheme;      // of Authorization, as it was written
    std::string_view credential;  // behind it

    event const& what() const noexcept { return *source; }
    std::uint64_t seq() const noexcept { return source->seq; }
    http::exchange_facts const& facts() const noexcept { return source->facts; }
    std::string_view endpoint() const noexcept { return source->endpoint; }
    bool is_exchange() const noexcept {
        return source->type == event_type::exchange && source->exchange != nullptr;
    }
    // When the request came; of other events when they happened.
    time_point arrived() const noexcept;
    bool succeeded() const noexcept { return status / 100 == 2; }
    bool faulted() const noexcept { return !facts().faults.empty(); }
    // The answer, or its beginning, did not reach the client.
    bool cut() const noexcept;
    // The first field of that name; empty where there is none.
    std::string_view header(std::string_view name) const noexcept;
    std::string_view answer_header(std::string_view name) const noexcept;
    // Who sent it, for a sentence: `127.0.0.1, "node"`.
    std::string peer() const;
    // Of one program: address and user agent.
    std::string peer_key() const;
    // The origin that the request named ("localhost:9100").
    std::string_view host() const noexcept { return header("Host"); }
    // The JSON-RPC messages in the body: one, or those of a batch.
    std::vector<boost::json::object const*> messages() const;
    // The method of the first of them; what the server made of it where the body was not kept.
    std::string_view mcp_method() const noexcept;
    bool is_bearer() const noexcept;
};

// `e` must be complete: its exchange is read now.
observation observe(event_ptr e);

// A member of the query of a URL; empty where there is none, or it is no URL.
std::string parameter_of(std::string_view url, std::string_view name);

}  // namespace tollgate::control
