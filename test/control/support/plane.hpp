// A control plane with its layers, in front of endpoints that answer the same every time.
#pragma once

#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "control/access.hpp"
#include "control/api/control_plane.hpp"
#include "control/faults/layers.hpp"
#include "control/support/fakes.hpp"
#include "support/exchange.hpp"

namespace test {

namespace control = tollgate::control;
namespace json = boost::json;

inline std::string text(json::value const& v, std::string_view name) {
    auto const* member = v.as_object().if_contains(name);
    BOOST_REQUIRE_MESSAGE(member != nullptr && member->is_string(), json::serialize(v));
    return std::string(member->get_string());
}

// How often each endpoint's handler ran.
struct endpoints {
    int token = 0;
    int mcp = 0;
    int metadata = 0;
};

namespace endpoint_handlers {

inline task<outcome<http::reply>> token(endpoints& e, http::context& c) {
    ++e.token;
    auto const form = c.body_form();
    if (!form) co_return form.error();
    if ((*form)->one("code") == "bad") {
        co_return problem(400, "invalid_grant", "the code is unknown");
    }
    co_return http::json_reply(200,
                               R"({"access_token":"at","refresh_token":"rt","expires_in":3600})");
}
inline task<outcome<http::reply>> mcp(endpoints& e, http::context&) {
    ++e.mcp;
    co_return http::json_reply(200, R"({"jsonrpc":"2.0","id":1,"result":{}})");
}
inline task<outcome<http::reply>> metadata(endpoints& e, http::context&) {
    ++e.metadata;
    co_return http::json_reply(200, R"({"issuer":"http://localhost:9100","x":1})");
}

inline constexpr http::route<endpoints> rows[] = {
    {"/token", http::verb::post, "token", &token, http::plain_route},
    {"/metadata", http::verb::get, "as_metadata", &metadata, http::plain_route},
    {"/mcp", http::verb::post, "mcp", &mcp, http::guarded},
    {"/messages", http::verb::post, "messages", &mcp, http::guarded},
};

}  // namespace endpoint_handlers

// Stands for the bearer guard: X-Subject and X-Client say who is calling.
inline task<outcome<http::reply>> test_guard(http::context& c, http::handler const& next) {
    if (!c.guarded()) return next(c);
    http::credential who;
    who.who.subject = std::string(c.request().header("X-Subject"));
    who.who.client_id = std::string(c.request().header("X-Client"));
    who.digest = "digest of " + std::string(c.request().header("X-Token"));
    c.authenticate(std::move(who));
    return next(c);
}

class plane {
public:
    using setup = void (control::control_plane::*)(http::router&);

    explicit plane(setup side = &control::control_plane::add_shared_routes,
                   control::realm_registry::options o = {}, control::access_options access = {},
                   control::server_names* names = nullptr)
        : may(std::make_shared<control::access_control>(std::move(access), b.clock)),
          b(routes, http::stack({control::access_layer(may), &collect_notes,
                                 control::raw_fault_layer({oauth, mcp}), &test_guard,
                                 control::semantic_fault_layer({oauth, mcp})},
                                &http_run_route)),
          realms(std::move(o), b.clock, oauth, mcp),
          api(realms, names) {
        (api.*side)(routes);
        routes.add(served, std::span<http::route<endpoints> const>(endpoint_handlers::rows));
        enter(realms.look("default"));
        last_notes().clear();
    }

    // Requests go to that realm from now on.
    void enter(http::realm_ptr r) {
        BOOST_REQUIRE(r);
        auto const& birth = r->get<control::realm_state>().birth();
        b.realm = r;
        b.where.base = birth.base;
    }

    answer post(std::string const& path, std::string const& body) {
        return b.post_json("/control/" + path, body);
    }
    answer post(std::string const& path) {
        return b.send(http::verb::post, "/control/" + path, "", {});
    }
    answer patch(std::string const& path, std::string const& body) {
        return b.send(http::verb::patch, "/control/" + path, body,
                      {{"Content-Type", "application/json"}});
    }
    answer get(std::string const& path) { return b.get("/control/" + path); }
    answer del(std::string const& path) {
        return b.send(http::verb::delete_, "/control/" + path, "", {});
    }
    json::object state() { return get("state").json().as_object(); }

    // Creates a fault and gives its id.
    std::string fault(std::string const& body) {
        auto const a = post("faults", body);
        BOOST_REQUIRE_MESSAGE(a.status == 201, a.body);
        return text(a.json(), "id");
    }
    answer token(fields form = {{"grant_type", "refresh_token"}}) {
        return b.post_form("/token", form);
    }
    answer call(std::string const& tool = "echo", fields headers = {},
                std::string const& path = "/mcp") {
        auto const body =
            R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + tool + R"("}})";
        return b.post_json(path, body, std::move(headers));
    }

    using note = std::pair<std::string, std::string>;
    static std::vector<note>& last_notes() {
        static std::vector<note> notes;
        return notes;
    }

    endpoints served;
    fake_oauth oauth;
    fake_mcp mcp;
    http::router routes;
    std::shared_ptr<control::access_control> may;
    bench b;
    control::realm_registry realms;
    control::control_plane api;

private:
    static task<outcome<http::reply>> http_run_route(http::context& c) {
        return (*c.route().run)(c);
    }
    static task<outcome<http::reply>> collect_notes(http::context& c, http::handler const& next) {
        auto out = co_await next(c);
        last_notes() = c.notes();
        co_return out;
    }
};

inline std::string described(answer const& a) {
    return text(a.json(), "error_description");
}

}  // namespace test
