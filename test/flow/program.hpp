// The whole program on free ports, driven over real sockets.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include "app/application.hpp"
#include "support/raw_client.hpp"

namespace test {

using fields = std::vector<std::pair<std::string, std::string>>;

// Started with the defaults, those of `file`, port 0 and then `sets` ("key=value"); stopped by the
// destructor. With TEST_STORE=sqlite in the environment it keeps its records in a database of its
// own, with TEST_STORE=instances it is three over one Redis, behind an nginx that asks them in
// turns, unless `sets` say where records are kept or what it is called: every story below is then
// told over that store.
class program {
public:
    explicit program(std::vector<std::string> sets = {}, std::string const& file = "/dev/null");
    ~program();
    program(program const&) = delete;
    program& operator=(program const&) = delete;

    tollgate::addresses const& where() const { return app().where(); }
    std::string const& issuer() const { return where().issuer; }
    std::string const& mcp() const { return where().mcp; }
    std::string const& sse() const { return where().sse; }
    // Without "/mcp".
    std::string mcp_origin() const;
    tollgate::application& app() const { return *running_.front().app; }
    bool is_several() const { return running_.size() > 1; }
    // Drains and waits for the end; how long that took.
    std::chrono::milliseconds stop();

private:
    struct running {
        std::unique_ptr<tollgate::application> app;
        std::thread thread;
    };
    void begin(tollgate::config settings);
    void begin_several(std::vector<std::string> const& sets, std::string const& file);

    std::shared_ptr<void> records_;  // where they are kept, and who asks in turns
    std::vector<running> running_;
};

// A program that joins others cannot know what proofs (DPoP) they saw in the second in which it
// starts, and refuses those that were made in it.
void wait_for_proofs(program const& p);

// A decorator of cases that look at one program, and what at: they are left out where a story is
// told by several.
boost::unit_test::precondition needs_one_program(std::string const& why);

// One exchange on a connection of its own. `url` is absolute; its authority is the Host.
raw_reply call(std::string const& method, std::string const& url, fields const& headers = {},
               std::string const& body = {});
raw_reply get(std::string const& url, fields const& headers = {});
raw_reply post_json(std::string const& url, std::string const& body, fields headers = {});
raw_reply post_form(std::string const& url, fields const& parameters, fields headers = {});
// Sends and leaves the connection open, for streams.
std::unique_ptr<raw_client> open(std::string const& method, std::string const& url,
                                 fields const& headers = {}, std::string const& body = {});

boost::json::value json_of(raw_reply const& r);
// A number of /metrics, of all servers of this process; 0 when it is not there yet.
long metric(program const& p, std::string const& name);
// A member of an object, as text; fails the test when it is not a string.
std::string text_of(boost::json::value const& v, std::string_view member);
fields bearer(std::string const& token);

struct tokens {
    std::string access;
    std::string refresh;
    std::string scope;
};

// What a client does that knows nothing but where the MCP server is: registration, authorization
// code grant with PKCE S256, resource indicator. Checks every step.
struct login {
    explicit login(std::string mcp_url, std::string scope = {});
    void refresh();
    raw_reply try_refresh(std::string const& refresh_token) const;

    std::string mcp_url;
    std::string issuer;
    std::string client_id;
    std::string resource;
    tokens now;
};

// Ready-made messages.
std::string const& initialize_body();
std::string tool_call(int id, std::string_view tool, std::string_view arguments);
// initialize over Streamable HTTP; the session id.
std::string open_session(std::string const& mcp_url, std::string const& token);
raw_reply call_tool(std::string const& mcp_url, std::string const& token,
                    std::string const& session, std::string_view tool, std::string_view arguments);

}  // namespace test
