// prompts/list, prompts/get and completion/complete.
#include <set>

#include "mcp/offerings/prompts/prompt_book.hpp"
#include "mcp/server/fixture.hpp"

using test::error_of;
using test::result_of;

namespace json = boost::json;
namespace mcp = tollgate::mcp;

namespace {

struct fixture : test::stateless_fixture {
    fixture() { with_fixtures(); }

    test::answer get(std::string const& name, std::string const& arguments = "{}") {
        return ask("prompts/get", R"({"name":")" + name + R"(","arguments":)" + arguments + '}');
    }
    json::array messages(std::string const& name, std::string const& arguments = "{}") {
        return result_of(get(name, arguments)).at("messages").as_array();
    }
    test::answer complete(std::string const& ref, std::string const& argument,
                          std::string const& more = "") {
        return ask("completion/complete",
                   R"({"ref":)" + ref + R"(,"argument":)" + argument + more + '}');
    }
    std::vector<std::string> values(std::string const& ref, std::string const& argument) {
        std::vector<std::string> out;
        auto const completion = result_of(complete(ref, argument)).at("completion");
        for (auto const& v : completion.at("values").as_array())
            out.emplace_back(v.as_string());
        BOOST_TEST(completion.at("total") == out.size());
        BOOST_TEST(!completion.at("hasMore").as_bool());
        return out;
    }
};

constexpr char greet[] = R"({"type":"ref/prompt","name":"greet"})";
constexpr char greeting[] = R"({"type":"ref/resource","uri":"tollgate://greeting/{name}"})";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_prompts, fixture)

// MCP 2025-11-25, Server Features, Prompts, "Listing Prompts": name, description, arguments.
BOOST_AUTO_TEST_CASE(lists_prompts_with_their_arguments) {
    auto const list = result_of(ask("prompts/list")).at("prompts").as_array();
    std::vector<std::string> names;
    for (auto const& p : list) {
        names.emplace_back(p.at("name").as_string());
        BOOST_TEST(!p.at("description").as_string().empty());
    }
    for (auto const* wanted : {"greet", "test_simple_prompt", "test_prompt_with_arguments",
                               "test_prompt_with_embedded_resource", "test_prompt_with_image"}) {
        BOOST_TEST((std::find(names.begin(), names.end(), wanted) != names.end()), wanted);
    }
    BOOST_TEST(list.at(0).at("arguments").at(0).at("required").as_bool());
    BOOST_TEST(!list.at(0).at("arguments").at(1).at("required").as_bool());
}

// MCP 2025-06-18, Server Features, Prompts, "Prompt": title is new in this revision.
BOOST_AUTO_TEST_CASE(lists_only_fields_that_the_revision_knows) {
    auto const first = [this](char const* version) {
        return result_of(ask("prompts/list", "", version)).at("prompts").at(0).as_object();
    };
    BOOST_TEST(!first("2025-03-26").contains("title"));
    BOOST_TEST(!first("2025-03-26").at("arguments").at(0).as_object().contains("title"));
    BOOST_TEST(first("2025-06-18").contains("title"));
    BOOST_TEST(!first("2025-06-18").contains("icons"));
    BOOST_TEST(first("2025-11-25").contains("icons"));
}

BOOST_AUTO_TEST_CASE(fixtures_are_there_only_where_they_are_wanted) {
    change_policy([](mcp::policy& p) { p.fixtures = false; });
    BOOST_TEST(result_of(ask("prompts/list")).at("prompts").as_array().size() == 1u);
    BOOST_TEST(error_of(get("test_simple_prompt")) == -32602);
}

BOOST_AUTO_TEST_CASE(gets_a_prompt_with_its_arguments_filled_in) {
    auto const said = messages("greet", R"({"name":"Ada","style":"terse"})");
    BOOST_TEST(said.at(0).at("role") == "user");
    BOOST_TEST(said.at(0).at("content").at("text") ==
               "Write a greeting for Ada. The style is terse.");
    BOOST_TEST(messages("greet", R"({"name":"Ada"})").at(0).at("content").at("text") ==
               "Write a greeting for Ada.");
    BOOST_TEST(messages("test_prompt_with_arguments", R"({"arg1":"a","arg2":"b"})")
                   .at(0)
                   .at("content")
                   .at("text") == "Prompt with arguments: arg1='a', arg2='b'");
    BOOST_TEST(messages("test_simple_prompt").at(0).at("content").at("text") ==
               "This is a simple prompt for testing.");
    BOOST_TEST(result_of(ask("prompts/get", R"({"name":"test_simple_prompt"})"))
                   .at("messages")
                   .as_array()
                   .size() == 1u);
}

// MCP 2025-11-25, Server Features, Prompts, "PromptMessage": embedded resources and images.
BOOST_AUTO_TEST_CASE(gets_prompts_with_a_resource_and_an_image) {
    auto const embedded =
        messages("test_prompt_with_embedded_resource", R"({"resourceUri":"test://x"})");
    BOOST_TEST(embedded.at(0).at("content").at("type") == "resource");
    BOOST_TEST(embedded.at(0).at("content").at("resource").at("uri") == "test://x");
    BOOST_TEST(embedded.at(1).at("content").at("type") == "text");
    auto const pictured = messages("test_prompt_with_image");
    BOOST_TEST(pictured.at(0).at("content").at("type") == "image");
    BOOST_TEST(pictured.at(0).at("content").at("mimeType") == "image/png");
}

// MCP 2025-11-25, Server Features, Prompts, "Error Handling": a wrong name and a missing argument
// are -32602.
BOOST_AUTO_TEST_CASE(refuses_unknown_prompts_and_wrong_arguments) {
    BOOST_TEST(error_of(get("nothing")) == -32602);
    BOOST_TEST(error_of(ask("prompts/get")) == -32602);
    BOOST_TEST(error_of(ask("prompts/get", R"({"name":1})")) == -32602);
    auto const missing = get("greet", R"({"style":"terse"})");
    BOOST_TEST(error_of(missing) == -32602);
    BOOST_TEST(missing.json().at("error").at("message") == "Missing required argument: name");
    BOOST_TEST(error_of(get("greet", R"({"name":"Ada","colour":"red"})")) == -32602);
    BOOST_TEST(error_of(get("greet", R"({"name":7})")) == -32602);
    BOOST_TEST(error_of(get("greet", "[]")) == -32602);
    BOOST_TEST(error_of(ask("prompts/list", R"({"cursor":"x"})")) == -32602);
}

// MCP 2025-11-25, Utilities, Completion, "Requesting Completions": values for what is typed.
BOOST_AUTO_TEST_CASE(completes_arguments_of_prompts_and_templates) {
    using list = std::vector<std::string>;
    BOOST_TEST(
        (values(greet, R"({"name":"style","value":""})") == list{"formal", "friendly", "terse"}));
    BOOST_TEST((values(greet, R"({"name":"style","value":"F"})") == list{"formal", "friendly"}));
    BOOST_TEST((values(greet, R"({"name":"style","value":"x"})") == list{}));
    BOOST_TEST((values(greet, R"({"name":"name","value":"A"})") == list{}));
    BOOST_TEST((values(greeting, R"({"name":"name","value":"a"})") == list{"Ada", "Alan"}));
    auto const* two = R"({"type":"ref/prompt","name":"test_prompt_with_arguments"})";
    BOOST_TEST((values(two, R"({"name":"arg1","value":"test"})") == list{}));
}

// MCP 2025-06-18, Utilities, Completion, "Requesting Completions": context holds what was chosen.
BOOST_AUTO_TEST_CASE(accepts_a_context_of_texts_and_no_other) {
    auto const with = [this](char const* context) {
        return complete(greet, R"({"name":"style","value":""})",
                        std::string(R"(,"context":)") + context);
    };
    BOOST_TEST(with(R"({"arguments":{"name":"Ada"}})").json().as_object().contains("result"));
    BOOST_TEST(with("{}").json().as_object().contains("result"));
    BOOST_TEST(error_of(with(R"({"arguments":{"name":7}})")) == -32602);
    BOOST_TEST(error_of(with(R"({"arguments":[]})")) == -32602);
    BOOST_TEST(error_of(with("7")) == -32602);
}

// MCP 2025-11-25, Utilities, Completion, "Error Handling": invalid names and params are -32602.
BOOST_AUTO_TEST_CASE(refuses_completions_of_what_is_not_there) {
    auto const* const style = R"({"name":"style","value":""})";
    BOOST_TEST(error_of(complete(R"({"type":"ref/prompt","name":"nothing"})", style)) == -32602);
    BOOST_TEST(error_of(complete(R"({"type":"ref/prompt"})", style)) == -32602);
    BOOST_TEST(error_of(complete(R"({"type":"ref/tool","name":"echo"})", style)) == -32602);
    BOOST_TEST(error_of(complete(R"({"type":"ref/resource","uri":"x:{y}"})", style)) == -32602);
    BOOST_TEST(error_of(complete("7", style)) == -32602);
    BOOST_TEST(error_of(complete(greet, R"({"name":"colour","value":""})")) == -32602);
    BOOST_TEST(error_of(complete(greeting, R"({"name":"colour","value":""})")) == -32602);
    BOOST_TEST(error_of(complete(greet, R"({"name":"style"})")) == -32602);
    BOOST_TEST(error_of(complete(greet, R"({"value":""})")) == -32602);
    BOOST_TEST(error_of(ask("completion/complete")) == -32602);
}

BOOST_AUTO_TEST_SUITE_END()
