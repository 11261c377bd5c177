// One received request, as plain views into the connection's memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message/headers.hpp"

namespace tollgate::http {

enum class verb { get, head, post, put, patch, delete_, options, other };

std::string_view to_string(verb v) noexcept;

// Everything points into memory that the connection keeps until the reply is written; what
// must live longer (a stream's state, a cache) copies.
struct request {
    verb method = verb::get;
    std::string_view method_text = "GET";
    std::string_view target = "/";  // as received: path and query
    std::string_view path = "/";    // still percent-encoded, no query
    std::string_view query;         // after '?', still encoded
    unsigned version = 11;          // 10 or 11
    std::vector<header_view> headers;
    std::string_view body;
    std::string peer;  // "127.0.0.1"
    bool peer_is_loopback = false;
    bool tls = false;

    // The first value of that field, or an empty view.
    std::string_view header(std::string_view name) const noexcept;
    // All values of that field as one list (RFC 9110 §5.3).
    std::string list(std::string_view name) const;
    std::size_t count(std::string_view name) const noexcept;
    bool has(std::string_view name) const noexcept { return count(name) != 0; }
    std::string_view host() const noexcept { return header("Host"); }
};

// The media type of a Content-Type value: lower case, without parameters.
std::string media_type(std::string_view content_type);

// True when an Accept value admits `type` ("application/json"); wildcards count, q=0 refuses.
bool accepts(std::string_view accept, std::string_view type);
// Likewise of all its Accept fields, which are one list.
bool accepts(request const& r, std::string_view type);
// A person with a browser: asks for HTML by its name, and not for JSON.
bool wants_page(request const& r);

}  // namespace tollgate::http
