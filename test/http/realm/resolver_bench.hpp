// A resolver behind two listeners on localhost, and one realm "alpha" besides the default one.
#pragma once

#include <boost/test/unit_test.hpp>

#include "http/realm/directory_stub.hpp"
#include "http/realm/resolver.hpp"

namespace test {

using namespace tollgate;
using namespace tollgate::http;
using tollgate::outcome;
using tollgate::problem;

struct resolver_bench {
    directory_stub realms;
    naming names;
    listener_info as;
    listener_info mcp;
    realm_ptr alpha = realms.add("alpha");

    resolver_bench() {
        names.internal_as = "http://127.0.0.1:9100";
        as.at = site::authorization_server;
        as.host = "localhost";
        as.port = as.as_port = 9100;
        as.mcp_port = 9101;
        mcp = as;
        mcp.at = site::mcp_server;
        mcp.port = 9101;
    }

    outcome<resolved> ask(listener_info const& l, std::string const& host,
                          std::string const& path) {
        resolver const r(names, realms);
        return ask(r, l, host, path);
    }
    static outcome<resolved> ask(resolver const& r, listener_info const& l, std::string const& host,
                                 std::string const& path) {
        request q;
        q.headers = {{"Host", host}};
        q.target = q.path = path;
        return r.resolve(q, l);
    }
    std::shared_ptr<place const> place_at(listener_info const& l, std::string const& host,
                                          std::string const& path = "/mcp") {
        auto found = ask(l, host, path);
        BOOST_REQUIRE_MESSAGE(found, host << path << ": " << found.error().description());
        return found->where;
    }
    problem refused(listener_info const& l, std::string const& host,
                    std::string const& path = "/") {
        auto found = ask(l, host, path);
        BOOST_REQUIRE_MESSAGE(!found, "answered " << host << path);
        return found.error();
    }
    void go_public() {
        names.as_public_url = "https://as.example";
        names.mcp_public_url = "https://mcp.example";
    }
};

}  // namespace test
