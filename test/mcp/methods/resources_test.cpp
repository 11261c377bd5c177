// resources/list, resources/templates/list, resources/read, resources/subscribe.
#include <set>

#include "mcp/offerings/resources/resource_book.hpp"
#include "mcp/server/fixture.hpp"
#include "mcp/server/realm_state.hpp"

using test::error_of;
using test::result_of;

namespace json = boost::json;
namespace mcp = tollgate::mcp;

namespace {

struct fixture : test::stateless_fixture {
    json::object read(std::string const& uri) {
        auto const result = result_of(ask("resources/read", R"({"uri":")" + uri + "\"}"));
        BOOST_REQUIRE(result.at("contents").as_array().size() == 1u);
        return result.at("contents").at(0).as_object();
    }
    static std::set<std::string> members(json::value const& v) {
        std::set<std::string> names;
        for (auto const& member : v.as_object())
            names.emplace(member.key());
        return names;
    }
    // A stateful session; what it answers to a request.
    test::answer in_session(std::string const& id, std::string const& method,
                            std::string const& params) {
        return post(request(method, params), in(id));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_resources, fixture)

// MCP 2025-11-25, Server Features, Resources, "Resource": uri and name, and what helps to choose.
BOOST_AUTO_TEST_CASE(lists_resources_with_their_annotations) {
    auto const list = result_of(ask("resources/list")).at("resources").as_array();
    std::vector<std::string> uris;
    for (auto const& r : list) {
        uris.emplace_back(r.at("uri").as_string());
        BOOST_TEST(!r.at("name").as_string().empty());
        BOOST_TEST(!r.at("mimeType").as_string().empty());
        auto const priority = r.at("annotations").at("priority").to_number<double>();
        BOOST_TEST((priority >= 0 && priority <= 1));
        BOOST_TEST(!r.at("annotations").at("audience").as_array().empty());
    }
    std::vector<std::string> const expected{"tollgate://whoami", "tollgate://text",
                                            "tollgate://image.png"};
    BOOST_TEST(uris == expected, boost::test_tools::per_element());
}

// MCP 2025-06-18, Server Features, Resources, "Resource": title is new in this revision.
// MCP 2025-11-25, Server Features, Resources, "Resource": icons are new in this revision.
BOOST_AUTO_TEST_CASE(lists_only_fields_that_the_revision_knows) {
    using set = std::set<std::string>;
    auto const first = [this](char const* version) {
        return members(result_of(ask("resources/list", "", version)).at("resources").at(0));
    };
    set const old{"uri", "name", "description", "mimeType", "annotations"};
    auto titled = old;
    titled.insert("title");
    auto with_icons = titled;
    with_icons.insert("icons");
    BOOST_TEST((first("2024-11-05") == old));
    BOOST_TEST((first("2025-03-26") == old));
    BOOST_TEST((first("2025-06-18") == titled));
    BOOST_TEST((first("2025-11-25") == with_icons));
    auto const form = result_of(ask("resources/templates/list", "", "2024-11-05"));
    set const bare{"uriTemplate", "name", "description", "mimeType"};
    BOOST_TEST((members(form.at("resourceTemplates").at(0)) == bare));
}

BOOST_AUTO_TEST_CASE(reads_a_text_and_an_image) {
    auto const text = read("tollgate://text");
    BOOST_TEST(text.at("uri") == "tollgate://text");
    BOOST_TEST(text.at("mimeType") == "text/plain");
    BOOST_TEST(!text.at("text").as_string().empty());
    BOOST_TEST(!text.contains("blob"));
    auto const image = read("tollgate://image.png");
    BOOST_TEST(image.at("mimeType") == "image/png");
    BOOST_TEST(image.at("blob").as_string().starts_with("iVBORw0KGgo"));
    BOOST_TEST(!image.contains("text"));
}

BOOST_AUTO_TEST_CASE(reads_who_the_caller_is) {
    token = "alice@desktop#secret-part";
    auto const who = read("tollgate://whoami");
    auto const about = test::parsed(std::string(who.at("text").as_string()));
    BOOST_TEST(about.at("subject") == "alice");
    BOOST_TEST(about.at("client_id") == "desktop");
    BOOST_TEST(json::serialize(who).find("secret-part") == std::string::npos);
}

// RFC 6570 §1.2: a template of level 1; the value comes back decoded.
BOOST_AUTO_TEST_CASE(reads_what_a_template_expands_to) {
    auto const list = result_of(ask("resources/templates/list")).at("resourceTemplates");
    BOOST_TEST(list.at(0).at("uriTemplate") == "tollgate://greeting/{name}");
    auto const c = read("tollgate://greeting/J%C3%B6rg%20M");
    BOOST_TEST(c.at("uri") == "tollgate://greeting/J%C3%B6rg%20M");
    BOOST_TEST(c.at("text") == "Hello, Jörg M!");
}

// MCP 2025-11-25, Server Features, Resources, "Error Handling": not found is -32002.
// MCP 2024-11-05, Server Features, Resources, "Error Handling": not found is -32002.
BOOST_AUTO_TEST_CASE(an_unknown_uri_is_an_error_that_names_it) {
    for (auto const* version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
        auto const a = ask("resources/read", R"({"uri":"test://nothing"})", version);
        BOOST_TEST(a.status == 200u);
        BOOST_TEST(error_of(a) == -32002);
        BOOST_TEST(a.json().at("error").at("data").at("uri") == "test://nothing");
    }
    for (auto const* uri : {"tollgate://greeting/O'Brien", "tollgate://greeting/O%27Brien",
                            "tollgate://gre%65ting/O'Brien", "TOLLGATE://Greeting/O'Brien"}) {
        auto const o = read(uri);
        BOOST_TEST(o.at("uri") == uri);
        BOOST_TEST(o.at("text") == "Hello, O'Brien!", uri);
    }
    BOOST_TEST(read("tollgate://te%78t").at("uri") == "tollgate://text");
    BOOST_TEST(error_of(ask("resources/read", R"({"uri":"tollgate://greeting/"})")) == -32002);
    BOOST_TEST(error_of(ask("resources/read", R"({"uri":"tollgate://greeting/%ff"})")) == -32002);
}

BOOST_AUTO_TEST_CASE(a_request_without_a_uri_is_malformed) {
    BOOST_TEST(error_of(ask("resources/read")) == -32602);
    BOOST_TEST(error_of(ask("resources/read", R"({"uri":7})")) == -32602);
    BOOST_TEST(error_of(ask("resources/list", R"({"cursor":"x"})")) == -32602);
    BOOST_TEST(error_of(ask("resources/templates/list", R"({"cursor":"x"})")) == -32602);
}

BOOST_AUTO_TEST_CASE(fixtures_are_there_only_where_they_are_wanted) {
    BOOST_TEST(error_of(ask("resources/read", R"({"uri":"test://static-text"})")) == -32002);
    with_fixtures();
    BOOST_TEST(result_of(ask("resources/list")).at("resources").as_array().size() == 6u);
    BOOST_TEST(read("test://static-text").at("text") ==
               "This is the content of the static text resource.");
    BOOST_TEST(read("test://static-binary").at("mimeType") == "image/png");
    auto const c = read("test://template/123/data");
    auto const data = test::parsed(std::string(c.at("text").as_string()));
    BOOST_TEST(
        (data == test::parsed(R"({"id":"123","templateTest":true,"data":"Data for ID: 123"})")));
    BOOST_TEST(read("test://watched-resource").at("mimeType") == "text/plain");
}

// MCP 2025-11-25, Server Features, Resources, "Subscriptions": an empty result, and a mark in
// the session.
BOOST_AUTO_TEST_CASE(subscribes_and_unsubscribes_within_a_session) {
    change_policy([](mcp::policy& p) { p.sessions = mcp::session_mode::stateful; });
    token.clear();
    auto const id = begin();
    auto const params = R"({"uri":"tollgate://text"})";
    auto const subscribed = [&] {
        auto& sessions = b.realm->get<mcp::realm_state>().sessions;
        auto const found = sessions.find(id, mcp::transport::streamable_http, nullptr,
                                         mcp::session_binding::principal,
                                         {b.clock.now(), std::chrono::minutes(30)});
        return found.session->subscribed("tollgate://text");
    };
    BOOST_TEST(!subscribed());
    BOOST_TEST(result_of(in_session(id, "resources/subscribe", params)).as_object().empty());
    BOOST_TEST(subscribed());
    BOOST_TEST(result_of(in_session(id, "resources/unsubscribe", params)).as_object().empty());
    BOOST_TEST(!subscribed());
}

// MCP 2025-11-25, Server Features, Resources, "Subscriptions": notifications/resources/updated for
// what was subscribed to, and nothing else.
BOOST_AUTO_TEST_CASE(tells_those_who_subscribed_that_a_resource_changed) {
    change_policy([](mcp::policy& p) {
        p.sessions = mcp::session_mode::stateful;
        p.fixtures = true;
    });
    auto const id = begin();
    auto const open = [&](std::string const& session) {
        auto headers = in(session);
        headers.emplace_back("Accept", "text/event-stream");
        return b.raw(test::http::verb::get, "/mcp", "", with_token(headers));
    };
    auto reply = open(id);
    BOOST_REQUIRE(reply.stream);
    auto const params = R"({"uri":"test://watched-resource"})";
    result_of(in_session(id, "resources/subscribe", params));
    result_of(in_session(id, "tools/call", R"({"name":"test_trigger_resource_update"})"));
    auto const said = events(*reply.stream);
    BOOST_REQUIRE_EQUAL(said.size(), 2u);
    BOOST_TEST(said[0].data.empty());  // the priming event
    auto const heard = test::parsed(said[1].data);
    BOOST_TEST(heard.at("method") == "notifications/resources/updated");
    BOOST_TEST(heard.at("params").at("uri") == "test://watched-resource");
    // Unsubscribed: the next that is heard is a change of the lists.
    result_of(in_session(id, "resources/unsubscribe", params));
    result_of(in_session(id, "tools/call", R"({"name":"test_trigger_resource_update"})"));
    change_policy([](mcp::policy& p) { p.fixtures = false; });
    auto const next = events(*reply.stream);
    BOOST_TEST(test::parsed(next.at(0).data).at("method") == "notifications/tools/list_changed");
    auto const more = next.size() > 1 ? next : events(*reply.stream);
    BOOST_TEST(test::parsed(more.back().data).at("method").as_string().ends_with("list_changed"));
}

BOOST_AUTO_TEST_CASE(refuses_a_subscription_to_what_is_not_there) {
    change_policy([](mcp::policy& p) { p.sessions = mcp::session_mode::stateful; });
    auto const id = begin();
    BOOST_TEST(error_of(in_session(id, "resources/subscribe", R"({"uri":"test://nothing"})")) ==
               -32002);
    BOOST_TEST(error_of(in_session(id, "resources/subscribe", "{}")) == -32602);
}

// MCP 2025-11-25, Server Features, Resources, "Capabilities": nobody could be told, so subscribe is
// neither declared nor there.
BOOST_AUTO_TEST_CASE(offers_no_subscriptions_where_there_are_no_sessions) {
    BOOST_TEST(error_of(ask("resources/subscribe", R"({"uri":"tollgate://text"})")) == -32601);
    auto const declared = result_of(post(initialize())).at("capabilities").at("resources");
    BOOST_TEST(!declared.as_object().contains("subscribe"));
}

BOOST_AUTO_TEST_CASE(two_resources_of_one_uri_or_a_broken_template_are_bugs_found_at_start) {
    mcp::resource const* const twice[] = {&mcp::text_resource, &mcp::text_resource};
    BOOST_CHECK_THROW((mcp::resource_book{twice, {}}), std::logic_error);
    auto broken = mcp::greeting_template;
    broken.uri_template = "x:{";
    mcp::resource_template const* const wrong[] = {&broken};
    BOOST_CHECK_THROW((mcp::resource_book{{}, wrong}), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
