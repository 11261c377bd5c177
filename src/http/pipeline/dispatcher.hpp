// Dispatcher: the main flow of a request. Resolve, match, run the layers, make the outcome a reply.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "http/message/listener.hpp"
#include "http/pipeline/layer.hpp"
#include "http/realm/resolver.hpp"

namespace tollgate::http {

// A realm, whether or not it is there yet.
struct realm_address {
    std::string name;
    std::string base;  // "/r/NAME", "/s/SCENARIO/RUN"; empty where its host alone leads to it
};

class dispatcher {
public:
    // One route table per site; `app` fills `shared` from both (listeners with one origin).
    dispatcher(resolver const& where, router const& as, router const& mcp, router const& shared,
               handler layers, clock const& time);

    // That realm has route tables of its own. Before the first request; they must outlive this.
    void serve_apart(realm_address realm, router const& as, router const& mcp,
                     router const& shared);

    // Whatever a handler throws becomes a 500 that tells nothing, and a line in the log.
    task<reply> operator()(request const& r, listener_info const& l,
                           boost::asio::any_io_executor executor) const;

private:
    struct tables {
        router const& as;
        router const& mcp;
        router const& shared;

        router const& of(site at) const noexcept;
    };
    bool is_apart(place const& where) const noexcept;
    route_match match(request const& r, resolved const& found) const;
    std::optional<reply> refuse_to_adopt(request const& r, resolved& found,
                                         route_match const& route) const;

    resolver const& resolver_;
    tables const tables_;
    std::optional<tables> apart_tables_;
    realm_address apart_;
    handler layers_;  // the stack, whose innermost handler runs context::route().run
    clock const& clock_;
};

// The innermost handler: what the route table found.
task<outcome<reply>> run_route(context& c);

// Layers that need nothing but HTTP.
layer cors_layer(resolver const& r);  // preflights answered here; exposes the MCP headers
layer error_boundary();               // the one place that turns a problem into bytes
reply render(problem const& p);       // what error_boundary does

}  // namespace tollgate::http
