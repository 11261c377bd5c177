// Exchanges as rules want them: refused, with other fields, of another era.
#pragma once

#include <string>

#include "base/crypto.hpp"
#include "control/verdict/story.hpp"

namespace test {

inline exchange with_header(exchange x, std::string name, std::string value) {
    x.sent = story::changed(x.sent, {{name, value}}, {});
    return x;
}

inline exchange without_header(exchange x, std::string const& name) {
    std::erase_if(x.sent, [&](auto const& h) { return h.first == name; });
    return x;
}

inline exchange refused(exchange x, unsigned status, std::string error) {
    x.status = status;
    x.error = error;
    x.answer = R"({"error":")" + error + R"("})";
    return x;
}

// A request without a session that is answered 401.
inline exchange unwelcome() {
    auto x = story::call("");
    x.sent = {{"Content-Type", "application/json"}};
    return refused(x, 401, "missing_token");
}

inline exchange proof(std::string const& jti) {
    auto const claims = tollgate::base64url(R"({"jti":")" + jti + R"("})");
    return with_header(story::call(), "DPoP", "e30." + claims + ".sig");
}

inline exchange modern(std::string const& method, std::string const& name, pairs headers) {
    exchange x;
    x.endpoint = "mcp";
    x.sent = {{"Content-Type", "application/json"}, {"MCP-Protocol-Version", "2026-07-28"}};
    x.sent.insert(x.sent.end(), headers.begin(), headers.end());
    x.body = R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":{"name":")" + name +
             R"("}})";
    return x;
}

inline exchange cancelled(std::string const& id) {
    return story::rpc(
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" + id +
        "}}");
}

// A call that takes ten seconds, and a cancellation while it runs. Events of exchanges stand in the
// order of answers.
inline story cancelling(std::string const& id) {
    story s;
    s.good();
    auto slow = story::call("at-1", 7);
    slow.takes = 10s;
    s.add(slow);
    return s.add(cancelled(id));
}

}  // namespace test
