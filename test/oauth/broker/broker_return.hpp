// A browser that comes back from the provider, and what is made of it.
#pragma once

#include <string>
#include <string_view>

#include "oauth/broker/broker_bench.hpp"

namespace test {

struct coming_back : broker_bench {
    using broker_bench::broker_bench;

    // "400 This sign-in …": a page, and no redirect.
    std::string lost(answer const& a) {
        BOOST_TEST(a.header("Location").empty());
        BOOST_TEST(std::string(a.header("Content-Type")).starts_with("text/html"));
        BOOST_TEST(says(a, "Go back to the application and sign in again."));
        for (std::string_view const what :
             {"another browser", "completed before", "not known here", "did not say"})
            if (says(a, what)) return std::to_string(a.status) + ' ' + std::string(what);
        return a.body;
    }
    // "server_error: The provider …", which went where the client wanted it.
    std::string told(answer const& a) {
        BOOST_REQUIRE_MESSAGE(a.status == 302, a.body);
        BOOST_TEST(std::string(a.header("Location")).starts_with(callback + "?"));
        BOOST_TEST(parameter(a, "state") == "xyz&=\xc3\xa9");
        BOOST_TEST(parameter(a, "iss") == "http://localhost:9100");
        BOOST_TEST(parameter(a, "code") == "(none)");
        std::string const all(a.header("Location"));
        for (auto const& secret :
             {std::string("upstream-code"), std::string("upstream-access"), our_secret})
            BOOST_TEST(all.find(secret) == std::string::npos, all);
        return parameter(a, "error") + ": " + parameter(a, "error_description");
    }
    std::string told_of(fields f) {
        auto const sent = leave();
        f.emplace_back("state", parameter(sent, "state"));
        f.emplace_back("iss", upstream.peer.url());
        return told(come_back(f));
    }
    std::string subject(answer const& home) {
        return text(introspect(text(redeem(home), "access_token")), "sub");
    }
};

inline bool contains(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace test
