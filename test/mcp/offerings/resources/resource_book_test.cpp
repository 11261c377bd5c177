// Resources and templates by URI.
#include "mcp/offerings/resources/resource_book.hpp"

#include "mcp/protocol/content.hpp"
#include "mcp/server/call_bench.hpp"

namespace json = boost::json;
namespace mcp = tollgate::mcp;
using mcp::revision;

namespace {

json::object plain(mcp::call const&) {
    return mcp::text_contents("test://plain", "text/plain", "the resource");
}

std::optional<json::object> short_ones(mcp::call const&, std::string_view uri,
                                       mcp::uri_template::values const& values) {
    if (values.at("name").size() > 3) return std::nullopt;
    return mcp::text_contents(uri, "text/plain", "short " + values.at("name"));
}

std::optional<json::object> any_one(mcp::call const&, std::string_view uri,
                                    mcp::uri_template::values const& values) {
    return mcp::text_contents(uri, "text/plain", "any " + values.at("name"));
}

constexpr mcp::resource plain_one{.uri = "test://item/plain",
                                  .name = "plain",
                                  .title = "Plain",
                                  .description = "d",
                                  .mime_type = "text/plain",
                                  .for_whom = mcp::audience::assistant,
                                  .depends_on_caller = true,
                                  .icon = true,
                                  .read = &plain};
constexpr mcp::resource changing_one{.uri = "test://changing",
                                     .name = "changing",
                                     .title = "Changing",
                                     .description = "d",
                                     .mime_type = "text/plain",
                                     .changes = true,
                                     .available = mcp::as_fixture,
                                     .read = &plain};
constexpr mcp::resource_template short_template{.uri_template = "test://item/{name}",
                                                .name = "short",
                                                .title = "Short",
                                                .description = "d",
                                                .mime_type = "text/plain",
                                                .read = &short_ones};
constexpr mcp::resource_template any_template{.uri_template = "TEST://ITEM/{name}",
                                              .name = "any",
                                              .title = "Any",
                                              .description = "d",
                                              .mime_type = "text/plain",
                                              .available = mcp::modern_fixture,
                                              .read = &any_one};
constexpr mcp::resource_template second_template{.uri_template = "test://{name}/second",
                                                 .name = "second",
                                                 .title = "Second",
                                                 .description = "d",
                                                 .mime_type = "text/plain",
                                                 .available = mcp::as_fixture,
                                                 .read = &any_one};

struct fixture : test::call_bench {
    static constexpr mcp::resource const* resources[] = {&plain_one, &changing_one};
    static constexpr mcp::resource_template const* templates[] = {&short_template,
                                                                  &second_template};
    mcp::resource_book book{resources, templates};

    std::optional<mcp::resource_book::contents> read(std::string const& uri,
                                                     revision r = revision::v2025_11_25) {
        return book.read(call(r), uri);
    }
    std::string text(std::string const& uri) {
        auto const got = read(uri);
        return got ? std::string(got->value.at("text").as_string()) : "nothing";
    }
    json::object first_of(mcp::listing const& list, revision r) {
        auto const page = list.page(call(r));
        BOOST_REQUIRE(page.has_value());
        return json::parse(*page).as_object().begin()->value().at(0).as_object();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_resource_book, fixture)

BOOST_AUTO_TEST_CASE(a_resource_goes_before_a_template_that_matches_its_uri) {
    BOOST_TEST(text("test://item/plain") == "the resource");
    BOOST_TEST(text("test://item/abc") == "short abc");
}

// RFC 3986 §6.2.2: equivalent spellings name one resource.
BOOST_AUTO_TEST_CASE(finds_a_resource_by_any_spelling_of_its_uri) {
    for (auto const* uri : {"TEST://item/plain", "test://item/pl%61in", "test://ITEM/plain"})
        BOOST_TEST(text(uri) == "the resource", uri);
    BOOST_TEST(text("test://item/PLAIN") == "nothing");
}

BOOST_AUTO_TEST_CASE(says_what_the_contents_depend_on) {
    auto const own = read("test://item/plain");
    BOOST_REQUIRE(own.has_value());
    BOOST_TEST(own->depends_on_caller);
    BOOST_TEST(!own->changes);
    policy.fixtures = true;
    auto const news = read("test://changing");
    BOOST_REQUIRE(news.has_value());
    BOOST_TEST(news->changes);
    BOOST_TEST(!news->depends_on_caller);
}

BOOST_AUTO_TEST_CASE(what_is_not_offered_is_not_there) {
    BOOST_TEST(text("test://changing") == "nothing");
    BOOST_TEST(text("test://a/second") == "nothing");
    policy.fixtures = true;
    BOOST_TEST(text("test://changing") == "the resource");
    BOOST_TEST(text("test://a/second") == "any a");
}

BOOST_AUTO_TEST_CASE(a_template_that_has_no_such_resource_leaves_it_to_the_next) {
    policy.fixtures = true;
    BOOST_TEST(text("test://item/long-name") == "nothing");
    BOOST_TEST(text("test://item/second") == "any item");
}

BOOST_AUTO_TEST_CASE(contents_of_a_template_have_the_uri_that_was_asked_for) {
    auto const got = read("test://item/a%C3%A4");
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->value.at("uri").as_string() == "test://item/a%C3%A4");
    BOOST_TEST(got->value.at("text").as_string() == "short a\xc3\xa4");
}

BOOST_AUTO_TEST_CASE(a_template_is_found_by_its_very_text) {
    BOOST_TEST((book.find_template(call(revision::v2025_11_25), "test://item/{name}") != nullptr));
    for (auto const* text :
         {"test://item/{other}", "TEST://item/{name}", "test://item/abc", "", "test://item/plain"})
        BOOST_TEST((book.find_template(call(revision::v2025_11_25), text) == nullptr), text);
}

BOOST_AUTO_TEST_CASE(a_template_that_is_not_offered_is_not_found) {
    char const* const text = "test://{name}/second";
    BOOST_TEST((book.find_template(call(revision::v2025_11_25), text) == nullptr));
    policy.fixtures = true;
    BOOST_TEST((book.find_template(call(revision::v2025_11_25), text) != nullptr));
}

// MCP 2025-06-18, Server Features, Resources, "Resource": title is new in this revision.
// MCP 2025-11-25, Server Features, Resources, "Resource": icons are.
BOOST_AUTO_TEST_CASE(describes_a_resource_as_the_revision_knows_it) {
    auto const oldest = first_of(book.resources(), revision::v2024_11_05);
    BOOST_TEST(!oldest.contains("title"));
    BOOST_TEST(!oldest.contains("icons"));
    auto const middle = first_of(book.resources(), revision::v2025_06_18);
    BOOST_TEST(middle.at("title").as_string() == "Plain");
    BOOST_TEST(!middle.contains("icons"));
    BOOST_TEST(first_of(book.resources(), revision::v2025_11_25).contains("icons"));
}

// MCP 2025-11-25, Server Features, Resources, "Annotations": audience is a list of roles.
BOOST_AUTO_TEST_CASE(names_the_audience_of_a_resource) {
    auto const one = first_of(book.resources(), revision::v2025_11_25);
    BOOST_TEST(one.at("annotations").at("audience") == json::parse(R"(["assistant"])"));
    policy.fixtures = true;
    auto const page = book.resources().page(call(revision::v2025_11_25));
    BOOST_REQUIRE(page.has_value());
    auto const two = json::parse(*page).at("resources").at(1);
    BOOST_TEST(two.at("annotations").at("audience") == json::parse(R"(["user","assistant"])"));
}

BOOST_AUTO_TEST_CASE(two_templates_of_one_text_are_a_bug_found_at_start) {
    mcp::resource_template const* const twice[] = {&short_template, &short_template};
    BOOST_CHECK_THROW(mcp::resource_book({}, twice), std::logic_error);
    mcp::resource_template const* const spelled_otherwise[] = {&short_template, &any_template};
    BOOST_CHECK_NO_THROW(mcp::resource_book({}, spelled_otherwise));
}

BOOST_AUTO_TEST_SUITE_END()
