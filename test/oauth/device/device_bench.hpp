// An authorization server with clients that have no browser (RFC 8628).
#pragma once

#include "oauth/server/authorization_bench.hpp"

namespace test {

inline std::string const device_grant = "urn:ietf:params:oauth:grant-type:device_code";

inline oauth::server_options device_clients() {
    oauth::server_options o;
    oauth::configured_client tv;
    tv.client_id = "tv";
    tv.client_name = "A <b>TV</b>";
    tv.grant_types = {device_grant, "refresh_token"};
    auto other = tv;
    other.client_id = "other";
    auto secret = tv;
    secret.client_id = "box";
    secret.client_secret = "secret";
    secret.grant_types = {device_grant};
    oauth::configured_client page;
    page.client_id = "page";
    page.redirect_uris = {callback};
    o.clients = {tv, other, secret, page};
    return o;
}

inline std::string cookie_of(answer const& a) {
    std::string const line(a.header("Set-Cookie"));
    return line.substr(0, line.find(';'));
}

inline std::string hidden(answer const& a, std::string const& name) {
    auto const field = a.body.find("name=\"" + name + "\"");
    BOOST_REQUIRE_MESSAGE(field != a.body.npos, a.body);
    auto const from = a.body.find("value=\"", field) + 7;
    return a.body.substr(from, a.body.find('"', from) - from);
}

struct devices : authorization_bench {
    devices() : authorization_bench(device_clients()) {}

    answer ask(fields f = {{"client_id", "tv"}}, fields headers = {}) {
        return web.post_form("/device_authorization", f, std::move(headers));
    }
    json::value begun(fields f = {{"client_id", "tv"}}) {
        auto const a = ask(std::move(f));
        BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
        return a.json();
    }
    answer poll(json::value const& device, std::string const& id = "tv") {
        return token({{"grant_type", device_grant},
                      {"device_code", text(device, "device_code")},
                      {"client_id", id}});
    }
    answer enter(json::value const& device, fields more = {}, fields headers = {}) {
        more.emplace_back("user_code", text(device, "user_code"));
        return web.post_form("/device", more, std::move(headers));
    }
    // A user code that nobody was given.
    static json::value guess(int n) {
        constexpr std::string_view letters = "BCDFGHJKLM";
        std::string code = "BBBB-B";
        for (int const place : {100, 10, 1})
            code += letters[static_cast<std::size_t>(n / place % 10)];
        json::object o;
        o["user_code"] = code;
        return o;
    }
    void with_page() {
        policy([](auto& p) { p.consent = oauth::consent_mode::page; });
    }
};

}  // namespace test
