// The comments of config.toml: which of them belongs to which key.
#include "cli/keys/comments.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate::settings;

BOOST_AUTO_TEST_SUITE(config_key_comments)

BOOST_AUTO_TEST_CASE(nothing_is_said_of_what_is_not_there) {
    auto const say = read_comments("");
    BOOST_TEST(say.of_key("mcp.auth") == "");
    BOOST_TEST(say.of_section("mcp") == "");
    BOOST_TEST(say.dependent.empty());
}

BOOST_AUTO_TEST_CASE(a_paragraph_before_an_empty_line_belongs_to_nobody) {
    auto const say = read_comments("# about the file\n\n[a]\none = 1\n");
    BOOST_TEST(say.of_section("a") == "");
    BOOST_TEST(say.of_key("a.one") == "");
}

BOOST_AUTO_TEST_CASE(a_hash_between_quotes_begins_no_comment) {
    auto const say = read_comments("[a]\none = \"#x\" # said\ntwo = [\"a#\", \"#b\"]\n");
    BOOST_TEST(say.of_key("a.one") == "said");
    BOOST_TEST(say.of_key("a.two") == "");
}

BOOST_AUTO_TEST_CASE(a_comment_may_itself_have_a_hash_and_quotes) {
    auto const say = read_comments("[a]\none = 1 # see \"x\" # and y\n");
    BOOST_TEST(say.of_key("a.one") == "see \"x\" # and y");
}

BOOST_AUTO_TEST_CASE(a_key_is_taken_with_and_without_spaces_around_the_equals_sign) {
    auto const say = read_comments("[a]\none=1#first\nt_2  =  2   #   second   \n");
    BOOST_TEST(say.of_key("a.one") == "first");
    BOOST_TEST(say.of_key("a.t_2") == "second");
}

BOOST_AUTO_TEST_CASE(the_last_line_needs_no_end) {
    BOOST_TEST(read_comments("[a]\none = 1 # last").of_key("a.one") == "last");
}

BOOST_AUTO_TEST_CASE(a_section_within_a_section_has_its_whole_name) {
    auto const say = read_comments("[a.b] # deep\none = 1 # deeper\n");
    BOOST_TEST(say.of_section("a.b") == "deep");
    BOOST_TEST(say.of_key("a.b.one") == "deeper");
    BOOST_TEST(say.of_key("a.one") == "");
}

BOOST_AUTO_TEST_CASE(one_key_in_two_sections_is_two_keys) {
    auto const say = read_comments("[a]\none = 1 # of a\n[b]\none = 1 # of b\n");
    BOOST_TEST(say.of_key("a.one") == "of a");
    BOOST_TEST(say.of_key("b.one") == "of b");
}

// Its default follows from other keys, so that the file does not set it.
BOOST_AUTO_TEST_CASE(a_key_behind_a_hash_is_one_whose_default_depends) {
    auto const say = read_comments("[a]\n#one = 1 # that follows\ntwo = 2\n# not a key = 3\n");
    BOOST_TEST(say.of_key("a.one") == "that follows");
    BOOST_TEST(say.dependent.contains("a.one"));
    BOOST_TEST(say.dependent.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_comment_that_goes_on_is_one_text_until_an_empty_line_ends_it) {
    auto const say = read_comments(
        "[a]\n"
        "one = 1   # begins,\n"
        "          # goes on\n"
        "\n"
        "          # and is over\n"
        "two = 2\n");
    BOOST_TEST(say.of_key("a.one") == "begins, goes on");
    BOOST_TEST(say.of_key("a.two") == "");
}

BOOST_AUTO_TEST_CASE(an_example_of_a_list_is_read_behind_its_hashes) {
    auto const say = read_comments(
        "# Who may come.\n"
        "# [[users]]\n"
        "# name = \"a\"    # who it is\n"
        "# claims = {}   # what is told\n"
        "\n"
        "[b]\n"
        "name = 1 # another\n");
    BOOST_TEST(say.of_section("users") == "Who may come.");
    BOOST_TEST(say.of_key("users.name") == "who it is");
    BOOST_TEST(say.of_key("users.claims") == "what is told");
    BOOST_TEST(say.of_key("b.name") == "another");
    BOOST_TEST(say.dependent.empty());
}

BOOST_AUTO_TEST_CASE(the_file_that_is_shipped_is_the_one_that_is_read) {
    BOOST_TEST(shipped_configuration.find("[authorization_server]") != std::string_view::npos);
    auto const say = read_comments(shipped_configuration);
    // docs/configuration.md has the same sentences.
    BOOST_TEST(say.of_key("control.enabled") == "false: there is none");
    BOOST_TEST(say.of_key("tokens.access_ttl") == "life of an access token");
    BOOST_TEST(say.dependent.contains("tokens.access_ttl"));
    BOOST_TEST(!say.dependent.contains("mcp.page_size"));
}

BOOST_AUTO_TEST_SUITE_END()
