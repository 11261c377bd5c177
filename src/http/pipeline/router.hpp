// Routes as rows of a table; 404, 405 with Allow, HEAD and OPTIONS fall out of the look-up.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/task.hpp"
#include "http/message/problem.hpp"
#include "http/message/reply.hpp"
#include "http/message/request.hpp"

namespace tollgate::http {

class context;

using handler = std::function<task<outcome<reply>>(context&)>;

// What the layers need to know of a route before its handler runs.
enum route_flags : unsigned {
    plain_route = 0,
    guarded = 1u << 0,        // behind the bearer guard
    opens_realm = 1u << 1,    // a protocol request that may create an implicit realm
    no_cors = 1u << 2,        // pages and control: never readable from another origin
    navigation = 1u << 3,     // a browser is sent here: a foreign Origin is no attack (POST forms)
    control_plane = 1u << 4,  // control's own access rules apply (any Origin but its own: 403)
    origin_root = 1u << 5,    // only at an origin, not below a realm's base path (/healthz)
    no_head = 1u << 6,        // a GET that opens a stream: its handler refuses HEAD
    once = 1u << 7,           // a GET that uses something up: HEAD is 405 and uses nothing
    public_document = 1u << 8,  // any web page may read it (CORS "*"): says the same to everybody
};

// A row. `Service` is what the handlers of a folder share: theirs is a plain function.
template <class Service>
struct route {
    std::string_view path;  // "/register/{client_id}": a {name} is one whole segment
    verb method;
    std::string_view endpoint;  // "token": the name that faults, metrics and the journal use
    task<outcome<reply>> (*handle)(Service&, context&);
    unsigned flags = plain_route;
};

// The result of a look-up. Never empty: `run` answers 404, 405 or OPTIONS by itself.
struct route_match {
    handler const* run = nullptr;
    std::string_view endpoint;  // "" when no route was found
    unsigned flags = plain_route;
    std::vector<std::pair<std::string_view, std::string>> parameters;
    std::string allow;  // methods of that path when it is a 405 or OPTIONS; "" otherwise
};

class router {
public:
    // Two rows of one path and method throw std::logic_error: a bug, found at start.
    template <class Service>
    void add(Service& shared, std::span<route<Service> const> rows) {
        for (auto const& row : rows) {
            auto* run = row.handle;
            Service* self = &shared;
            add_row(row.path, row.method, row.endpoint, row.flags,
                    [self, run](context& c) { return run(*self, c); });
        }
    }
    void add_row(std::string_view path, verb method, std::string_view endpoint, unsigned flags,
                 handler run);
    // Another path for everything that answers at `existing` (seed 003's /oauth/token).
    void alias(std::string_view path, std::string_view existing);

    // `path` is below the realm's base and still percent-encoded. Exact paths go before patterns,
    // patterns in the order they were added. What was matched points into this router.
    route_match match(verb method, std::string_view path) const;

    router();
    ~router();
    router(router&&) noexcept;
    router& operator=(router&&) noexcept;

private:
    struct table;
    std::unique_ptr<table> table_;
};

}  // namespace tollgate::http
