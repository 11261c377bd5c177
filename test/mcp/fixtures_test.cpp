// What the official conformance suite expects (mcp.fixtures), as far as it says nothing before
// its answer.
#include <algorithm>

#include "fixture.hpp"
#include "mcp/toolbox.hpp"

using test::error_of;
using test::result_of;
using test::text_of;

namespace json = boost::json;
namespace mcp = tollgate::mcp;

namespace {

struct fixture : test::stateless_fixture {
    fixture() { with_fixtures(); }

    json::value block(std::string const& name) {
        auto const content = result_of(call(name)).at("content").as_array();
        BOOST_REQUIRE(content.size() == 1u);
        return content.at(0);
    }
    bool lists(std::string const& name, std::string const& version) {
        auto const a = post(request("tools/list"), {{"MCP-Protocol-Version", version}});
        auto const tools = result_of(a).at("tools").as_array();
        return std::any_of(tools.begin(), tools.end(), [&](json::value const& t) {
            return t.at("name") == json::string_view(name);
        });
    }
    std::string wrong(std::string const& arguments) {
        auto const a = call("json_schema_2020_12_tool", arguments);
        return result_of(a).as_object().contains("isError") ? text_of(a) : "";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_fixtures, fixture)

BOOST_AUTO_TEST_CASE(are_there_only_where_they_are_wanted) {
    BOOST_TEST(lists("test_simple_text", "2025-11-25"));
    change_policy([](mcp::policy& p) { p.fixtures = false; });
    BOOST_TEST(!lists("test_simple_text", "2025-11-25"));
    BOOST_TEST(error_of(call("test_simple_text")) == -32602);
}

// MCP 2025-03-26, Server Features, Tools, "Audio Content": new in this revision.
// MCP 2025-06-18, Server Features, Tools, "Resource Links": new in this revision.
// MCP 2025-11-25, Client Features, Elicitation, "URL Mode Elicitation Requests": new here.
BOOST_AUTO_TEST_CASE(are_there_only_in_revisions_that_know_what_they_do) {
    struct row {
        char const* name;
        char const* from;
    };
    constexpr row rows[] = {{"test_audio_content", "2025-03-26"},
                            {"test_resource_link", "2025-06-18"},
                            {"test_elicitation", "2025-06-18"},
                            {"test_elicitation_sep1034_defaults", "2025-11-25"},
                            {"test_elicitation_sep1330_enums", "2025-11-25"},
                            {"test_elicitation_url", "2025-11-25"},
                            {"test_url_elicitation_required", "2025-11-25"},
                            {"test_reconnection", "2025-11-25"},
                            {"test_sampling", "2024-11-05"}};
    for (auto const& r : rows) {
        for (std::string const version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
            BOOST_TEST(lists(r.name, version) == (version >= r.from), r.name << ' ' << version);
        }
    }
    BOOST_TEST(error_of(call("test_audio_content", "{}", "2024-11-05")) == -32602);
}

BOOST_AUTO_TEST_CASE(return_every_kind_of_content) {
    BOOST_TEST(block("test_simple_text").at("text") ==
               "This is a simple text response for testing.");
    auto const image = block("test_image_content");
    BOOST_TEST(image.at("type") == "image");
    BOOST_TEST(image.at("mimeType") == "image/png");
    BOOST_TEST(image.at("data").as_string().starts_with("iVBORw0KGgo"));
    auto const audio = block("test_audio_content");
    BOOST_TEST(audio.at("type") == "audio");
    BOOST_TEST(audio.at("mimeType") == "audio/wav");
    BOOST_TEST(audio.at("data").as_string().starts_with("UklGR"));
    auto const resource = block("test_embedded_resource");
    BOOST_TEST(resource.at("type") == "resource");
    BOOST_TEST((resource.at("resource") ==
                test::parsed(R"({"uri":"test://embedded-resource","mimeType":"text/plain",
                "text":"This is an embedded resource content."})")));
    auto const link = block("test_resource_link");
    BOOST_TEST(link.at("type") == "resource_link");
    BOOST_TEST(link.at("uri") == "test://static-text");
    BOOST_TEST(link.at("name") == "static-text");
}

BOOST_AUTO_TEST_CASE(return_several_kinds_at_once) {
    auto const content = result_of(call("test_multiple_content_types")).at("content").as_array();
    BOOST_REQUIRE(content.size() == 3u);
    BOOST_TEST(content.at(0).at("text") == "Multiple content types test:");
    BOOST_TEST(content.at(1).at("type") == "image");
    BOOST_TEST(content.at(2).at("resource").at("uri") == "test://mixed-content-resource");
    BOOST_TEST(content.at(2).at("resource").at("text") == R"({"test":"data","value":123})");
}

// MCP 2025-11-25, Server Features, Tools, "Error Handling": a tool's own error is a result.
BOOST_AUTO_TEST_CASE(return_an_error_as_a_result) {
    auto const a = call("test_error_handling");
    BOOST_TEST(result_of(a).at("isError").as_bool());
    BOOST_TEST(text_of(a) == "This tool intentionally returns an error for testing");
}

// MCP 2025-11-25, Server Features, Tools, "Tool": no parameters means that none are taken.
BOOST_AUTO_TEST_CASE(take_no_arguments_where_they_declare_none) {
    BOOST_TEST(post(request("tools/call", R"({"name":"test_simple_text"})")).status == 200u);
    auto const a = call("test_simple_text", R"({"x":1})");
    BOOST_TEST(text_of(a) == "Invalid arguments: /x: is not allowed");
}

// MCP 2025-11-25, Server Features, Tools, "Tool": inputSchema is JSON Schema, 2020-12 by default.
BOOST_AUTO_TEST_CASE(describe_and_check_a_schema_with_everything_in_it) {
    auto const list = result_of(post(request("tools/list"))).at("tools").as_array();
    auto const found = std::find_if(list.begin(), list.end(), [](json::value const& t) {
        return t.at("name") == "json_schema_2020_12_tool";
    });
    BOOST_REQUIRE((found != list.end()));
    auto const& s = found->at("inputSchema").as_object();
    BOOST_TEST(s.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
    BOOST_TEST(s.at("$defs").at("address").at("$anchor") == "addressDef");
    BOOST_TEST(s.at("properties").at("address").at("$ref") == "#/$defs/address");
    BOOST_TEST(s.at("allOf").at(0).at("anyOf").as_array().size() == 2u);
    BOOST_TEST((s.contains("if") && s.contains("then") && s.contains("else")));
    BOOST_TEST(!s.at("additionalProperties").as_bool());

    BOOST_TEST(wrong(R"({"email":"a@b","name":"N","address":{"street":"s","x":1}})") == "");
    BOOST_TEST(wrong(R"({"contactMethod":"phone","phone":"1"})") == "");
    BOOST_TEST(wrong("{}").starts_with("Invalid arguments: arguments: must fit one of several"));
    BOOST_TEST(wrong(R"({"contactMethod":"phone","email":"a"})") ==
               "Invalid arguments: /phone: is missing");
    BOOST_TEST(wrong(R"({"email":"a","address":{"street":1}})") ==
               "Invalid arguments: /address/street: must be a string");
    BOOST_TEST(wrong(R"({"email":"a","other":1})") == "Invalid arguments: /other: is not allowed");
    BOOST_TEST(wrong(R"({"email":"a","contactMethod":"fax"})") ==
               R"(Invalid arguments: /contactMethod: must be one of ["phone","email"])");
}

// MCP 2025-11-25, Client Features, Elicitation, "Capabilities": nobody is asked who cannot answer.
BOOST_AUTO_TEST_CASE(ask_no_client_that_did_not_declare_the_capability) {
    for (auto const* name :
         {"test_elicitation_sep1034_defaults", "test_elicitation_sep1330_enums", "test_roots",
          "test_elicitation_url", "test_url_elicitation_required"}) {
        BOOST_TEST(result_of(call(name)).at("isError").as_bool(), name);
    }
    BOOST_TEST(result_of(call("test_sampling", R"({"prompt":"p"})")).at("isError").as_bool());
    BOOST_TEST(result_of(call("test_elicitation", R"({"message":"m"})")).at("isError").as_bool());
    BOOST_TEST(text_of(call("test_url_elicitation_required", R"({"visited":true})")) ==
               "You have visited the page.");
}

BOOST_AUTO_TEST_SUITE_END()
