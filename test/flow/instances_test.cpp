// Several programs over one Redis are one server: whoever is asked, the same realm answers.
#include <algorithm>
#include <future>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "support/folder.hpp"
#include "support/redis_server.hpp"
#include "support/waiting.hpp"

namespace {

using namespace test;

struct two_programs {
    redis_server redis;
    folder files;
    std::unique_ptr<program> a = std::make_unique<program>(sets());
    std::unique_ptr<program> b = std::make_unique<program>(sets());

    std::vector<std::string> sets() const {
        return {"store.backend=redis", "store.url=" + redis.url(), "store.timeout=1s",
                "store.key_file=" + (files.path() / "tollgate.key").string()};
    }
    // Of `by`, who answers for it from then on.
    static void make_realm(program const& by, std::string const& name) {
        auto const made = post_json(by.issuer() + "/control/realms", R"({"name":")" + name + "\"}");
        BOOST_REQUIRE(made.status == 201u);
    }
    static std::string at(program const& p, std::string const& name) {
        return p.issuer() + "/r/" + name;
    }
    static std::string mcp_at(program const& p, std::string const& name) {
        return p.mcp_origin() + "/r/" + name + "/mcp";
    }
    static std::string all_of(std::string const& method, std::string const& url,
                              fields const& headers = {}, std::string const& body = {}) {
        auto const client = open(method, url, headers, body);
        auto const all = client->read_to_end();
        return client->was_reset() ? "reset after " + all : all;
    }
};

BOOST_FIXTURE_TEST_SUITE(instances_flow, two_programs)

BOOST_AUTO_TEST_CASE(a_login_and_a_tool_call_of_a_realm_go_through_the_other_one) {
    make_realm(*b, "alpha");
    login client(mcp_at(*a, "alpha"));
    auto const session = open_session(client.mcp_url, client.now.access);
    auto const answer =
        call_tool(client.mcp_url, client.now.access, session, "add", R"({"a":2,"b":3})");
    BOOST_TEST(answer.status == 200u);
    BOOST_TEST(answer.body.find('5') != std::string::npos);
    client.refresh();
    auto const state = json_of(get(at(*b, "alpha") + "/control/state"));
    BOOST_TEST(state.at("tokenCalls").to_number<int>() == 2);
    // Names are those that the client used, and not those of whoever answers.
    auto const metadata =
        json_of(get(a->issuer() + "/.well-known/oauth-authorization-server/r/alpha"));
    BOOST_TEST(text_of(metadata, "issuer") == at(*a, "alpha"));
}

BOOST_AUTO_TEST_CASE(of_several_who_make_one_name_at_once_one_has_made_it) {
    for (std::string const name : {"one", "two", "three", "four"}) {
        std::vector<std::future<unsigned>> all;
        for (int i = 0; i < 3; ++i)
            all.push_back(std::async(std::launch::async, [&] {
                return post_json(a->issuer() + "/control/realms", R"({"name":")" + name + "\"}")
                    .status;
            }));
        int made = 0;
        for (auto& one : all)
            if (one.get() == 201u) ++made;
        BOOST_TEST(made == 1);
        BOOST_TEST(get(at(*a, name) + "/control/state").status == 200u);
        BOOST_TEST(get(at(*b, name) + "/control/state").status == 200u);
    }
}

BOOST_AUTO_TEST_CASE(the_default_realm_is_one) {
    login client(a->mcp());
    auto const counted = [](program const& p) {
        return json_of(get(p.issuer() + "/control/state")).at("clients").to_number<int>();
    };
    BOOST_TEST(counted(*b) == counted(*a));
    BOOST_TEST(counted(*b) > 0);
}

BOOST_AUTO_TEST_CASE(a_connection_takes_requests_of_several_realms_by_turns) {
    make_realm(*a, "here");
    make_realm(*b, "there");
    auto const port = std::stoi(a->issuer().substr(a->issuer().rfind(':') + 1));
    raw_client client(static_cast<unsigned short>(port));
    for (std::string const name : {"here", "there", "there", "here", "there"}) {
        client.send("GET /r/" + name + "/control/state HTTP/1.1\r\nHost: localhost:" +
                    std::to_string(port) + "\r\n\r\n");
        auto const answer = client.read_reply();
        BOOST_TEST(answer.status == 200u);
        BOOST_TEST(answer.body.find("\"realm\":\"" + name + '"') != std::string::npos);
    }
}

// Pipelined, and with bodies of both kinds.
BOOST_AUTO_TEST_CASE(bodies_arrive_whatever_their_framing) {
    make_realm(*b, "alpha");
    auto const port = std::stoi(a->issuer().substr(a->issuer().rfind(':') + 1));
    auto const head =
        "PATCH /r/alpha/control/policy HTTP/1.1\r\nHost: localhost:" + std::to_string(port) +
        "\r\nContent-Type: application/json\r\n";
    std::string const body = R"({"tokens.access_ttl":"7s"})";
    raw_client client(static_cast<unsigned short>(port));
    client.send(head + "Transfer-Encoding: chunked\r\n\r\n5\r\n" + body.substr(0, 5) +
                "\r\n15\r\n" + body.substr(5) + "\r\n0\r\n\r\n" + head + "Content-Length: " +
                std::to_string(body.size()) + "\r\nExpect: 100-continue\r\n\r\n");
    BOOST_TEST(client.read_reply().status == 200u);
    BOOST_TEST(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send(body);
    BOOST_TEST(client.read_reply().status == 200u);
    auto const policy = json_of(get(at(*b, "alpha") + "/control/policy"));
    BOOST_TEST(text_of(policy, "tokens.access_ttl") == "7s");
}

// A cut is a cut, a reset a reset, noise is noise: byte for byte, but for the date.
BOOST_AUTO_TEST_CASE(faults_of_the_connection_arrive_as_they_were_made) {
    make_realm(*b, "alpha");
    std::string const path = "/.well-known/oauth-authorization-server/r/alpha";
    auto const size_of = [&](program const& p, std::string const& fault) {
        auto const made =
            post_json(at(p, "alpha") + "/control/faults",
                      R"({"name":")" + fault + R"(","select":{"endpoint":"as_metadata"}})");
        BOOST_REQUIRE(made.status == 201u);
        auto const all = all_of("GET", p.issuer() + path);
        BOOST_REQUIRE(call("DELETE", at(p, "alpha") + "/control/faults").status / 100 == 2u);
        return all.substr(0, 12) + ' ' + std::to_string(all.size());
    };
    for (std::string const fault :
         {"net.empty", "net.reset_before", "net.fin_early", "net.garbage"}) {
        BOOST_TEST_CONTEXT(fault) {
            BOOST_TEST(size_of(*a, fault) == size_of(*b, fault));
        }
    }
}

BOOST_AUTO_TEST_CASE(events_come_as_they_happen_through_the_other_one) {
    make_realm(*b, "alpha");
    auto const stream = open("GET", at(*a, "alpha") + "/control/events/stream");
    stream->read_until("\r\n\r\n");
    get(at(*b, "alpha") + "/.well-known/jwks.json");
    stream->read_until("jwks");
    get(at(*a, "alpha") + "/control/state");
}

BOOST_AUTO_TEST_CASE(a_stream_whose_client_goes_ends_where_it_is_made) {
    make_realm(*b, "alpha");
    auto const open_ones = [&] { return metric(*b, "tollgate_streams_open"); };
    auto const before = open_ones();
    auto stream = open("GET", at(*a, "alpha") + "/control/events/stream");
    stream->read_until("\r\n\r\n");
    BOOST_TEST(eventually([&] { return open_ones() == before + 1; }));
    stream.reset();
    BOOST_TEST(eventually([&] { return open_ones() == before; }));
}

BOOST_AUTO_TEST_CASE(a_policy_that_one_was_told_is_that_of_the_next_request_anywhere) {
    make_realm(*a, "alpha");
    for (int i = 1; i < 6; ++i) {
        auto& told = i % 2 == 0 ? *a : *b;
        auto& asked = i % 2 == 0 ? *b : *a;
        auto const ttl = std::to_string(i) + "m";
        BOOST_REQUIRE(call("PATCH", at(told, "alpha") + "/control/policy",
                           {{"Content-Type", "application/json"}},
                           R"({"tokens.access_ttl":")" + ttl + "\"}")
                          .status == 200u);
        auto const policy = json_of(get(at(asked, "alpha") + "/control/policy"));
        BOOST_TEST(text_of(policy, "tokens.access_ttl") == ttl);
    }
}

BOOST_AUTO_TEST_CASE(the_list_of_realms_is_that_of_all_and_each_is_there_once) {
    make_realm(*a, "alpha");
    make_realm(*b, "beta");
    for (auto const* p : {a.get(), b.get()}) {
        auto const list = json_of(get(p->issuer() + "/control/realms")).at("realms").as_array();
        std::vector<std::string> names;
        for (auto const& one : list)
            names.push_back(text_of(one, "name"));
        std::ranges::sort(names);
        std::vector<std::string> const expected{"alpha", "beta", "default"};
        BOOST_TEST(names == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_realm_is_made_removed_and_copied_by_whoever_is_asked) {
    make_realm(*a, "alpha");
    auto const again = post_json(b->issuer() + "/control/realms", R"({"name":"alpha"})");
    BOOST_TEST(again.status == 409u);
    auto const forked =
        post_json(b->issuer() + "/control/realms/alpha/fork", R"({"names":["f1","f2"]})");
    BOOST_TEST(forked.status == 201u);
    BOOST_TEST(get(at(*a, "f1") + "/control/state").status == 200u);
    BOOST_TEST(get(at(*b, "f2") + "/control/state").status == 200u);
    BOOST_TEST(call("DELETE", b->issuer() + "/control/realms/alpha").status == 204u);
    BOOST_TEST(get(at(*a, "alpha") + "/control/state").status == 404u);
    BOOST_TEST(get(at(*b, "alpha") + "/control/state").status == 404u);
    make_realm(*b, "alpha");
    BOOST_TEST(get(at(*a, "alpha") + "/control/state").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_port_is_refused_because_it_is_one_instances) {
    auto const made =
        post_json(a->issuer() + "/control/realms", R"({"name":"alpha","isolation":"port"})");
    BOOST_TEST(made.status == 400u);
    BOOST_TEST(made.body.find("a port is one instance's") != std::string::npos);
}

// An orderly end hands everything over: nobody waits, and nothing that was acknowledged is lost.
BOOST_AUTO_TEST_CASE(what_one_has_is_the_others_when_it_ends) {
    make_realm(*a, "alpha");
    login client(mcp_at(*b, "alpha"));
    auto const used = client.now.refresh;
    client.refresh();
    a.reset();
    client.refresh();
    BOOST_TEST(post_json(client.mcp_url, initialize_body(), bearer(client.now.access)).status ==
               200u);
    BOOST_TEST(client.try_refresh(used).status == 400u);
    BOOST_TEST(get(b->issuer() + "/control/state").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_realm_by_scenario_path_is_one_too) {
    auto const there = b->mcp_origin() + "/s/plain/run1/mcp";
    login client(there);
    auto const path = "/s/plain/run1/control/state";
    auto const here = json_of(get(a->issuer() + path)).at("clients").to_number<int>();
    BOOST_TEST(here == json_of(get(b->issuer() + path)).at("clients").to_number<int>());
    BOOST_TEST(here > 0);
    BOOST_TEST(get(a->issuer() + "/r/nobody/control/state").status == 404u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
