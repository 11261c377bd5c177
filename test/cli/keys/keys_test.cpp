// `tollgate check --keys`: every key of the schema, with the default that a configuration has.
#include "cli/keys/keys.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "base/quantity.hpp"
#include "cli/keys/comments.hpp"
#include "cli/keys/kinds.hpp"
#include "config/schema.hpp"

using namespace tollgate;
using namespace tollgate::settings;

namespace {

// The line of that key; the first one of it.
std::string line_of(std::string const& text, std::string const& key) {
    std::istringstream in(text);
    auto const begin = "| `" + key + "` |";
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(begin)) return line;
    return "no line for " + key;
}

// The cells between bars that are not escaped.
std::size_t cells_of(std::string const& line) {
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i)
        if (line[i] == '|' && (i == 0 || line[i - 1] != '\\')) ++bars;
    return bars - 1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_keys)

BOOST_AUTO_TEST_CASE(every_key_of_the_schema_has_a_line_of_five_cells) {
    auto const text = describe_keys();
    for (auto const& row : config_settings())
        BOOST_TEST(cells_of(line_of(text, std::string(row.is.key))) == 5u, row.is.key);
    for (auto const& row : client_settings())
        BOOST_TEST(cells_of(line_of(text, std::string(row.is.key))) == 5u, row.is.key);
    for (auto const* section : {"### `[server]`\n", "### `[authorization_server.paths]`\n",
                                "### `[[clients]]`\n", "### `[[users]]`\n"})
        BOOST_TEST(text.find(section) != std::string::npos, section);
}

BOOST_AUTO_TEST_CASE(a_line_tells_what_a_key_may_be_its_default_and_whether_realms_differ) {
    auto const text = describe_keys();
    char const* const lines[] = {
        "| `mcp.page_size` | a number, `1` to `1000` | `100` | yes | ",
        "| `mcp.agents` | `separate` \\| `shared` | `\"separate\"` |  | ",
        "| `mcp.replay_bytes` | a size, at most `64MiB` | `\"256KiB\"` |  | ",
        "| `tokens.access_ttl` | a duration | `\"1h\"` \\* | yes | ",
        "| `tools.authenticated_request` | `true` \\| `false`, in the file only | `false` |  | ",
        "| `authorization_server.resources` | `own` \\| `any` \\| a list of URIs | `\"own\"` |  | ",
        "| `upstream.scopes` | a list of scopes | `[\"openid\", \"profile\"]` |  | ",
        "| `store.backend` | `memory` \\| `sqlite` \\| `redis` | `\"memory\"` |  | ",
        "| `store.path` | a file | `\"tollgate.db\"` |  | ",
        "| `store.url` | a text | `\"redis://127.0.0.1:6379/0\"` |  | ",
        "| `control.enabled` | `true` \\| `false` | `true` |  | false: there is none |",
    };
    for (auto const* line : lines)
        BOOST_TEST(text.find(line) != std::string::npos,
                   line_of(text, std::string(line).substr(3, std::string(line).find("` ") - 3)));
}

// A realm's policy names keys without their section.
BOOST_AUTO_TEST_CASE(no_two_keys_that_realms_may_change_have_one_name) {
    auto const text = describe_keys();
    std::set<std::string_view> names;
    for (auto const& row : config_settings()) {
        auto const line = line_of(text, std::string(row.is.key));
        if (line.find("| yes |") == std::string::npos) continue;
        auto const name = row.is.key.substr(row.is.key.rfind('.') + 1);
        BOOST_TEST(names.insert(name).second, row.is.key);
    }
    BOOST_TEST(names.size() > 20u);
}

BOOST_AUTO_TEST_CASE(config_toml_says_what_every_key_means_that_is_built) {
    auto const say = read_comments(shipped_configuration);
    for (auto const& row : config_settings())
        BOOST_TEST((row.is.default_only || !say.of_key(row.is.key).empty()), row.is.key);
    for (auto const* section :
         {"clients", "client_documents", "scenarios", "trusted_issuers", "users"})
        BOOST_TEST(!say.of_section(section).empty(), section);
}

BOOST_AUTO_TEST_CASE(a_comment_belongs_to_the_key_or_header_that_it_stands_beside_or_above) {
    auto const say = read_comments(
        "# About the file.\n"
        "\n"
        "# Above\n"
        "# the header.\n"
        "[a]   # And beside it.\n"
        "      # Still the header.\n"
        "one = \"#\"   # the first\n"
        "two = [\"x\",\n"
        "       \"y\"]\n"
        "      # after a list,\n"
        "      #   on two lines\n"
        "#three = [1,\n"
        "#         2]\n"
        "      # that depends\n"
        "four = 4\n"
        "\n"
        "# A list.\n"
        "#\n"
        "# [[b]]\n"
        "# one = 1   # of the list,\n"
        "#           # going on\n");
    BOOST_TEST(say.of_section("a") == "Above the header. And beside it. Still the header.");
    BOOST_TEST(say.of_key("a.one") == "the first");
    BOOST_TEST(say.of_key("a.two") == "after a list, on two lines");
    BOOST_TEST(say.of_key("a.three") == "that depends");
    BOOST_TEST(say.of_key("a.four") == "");
    BOOST_TEST(say.of_section("b") == "A list.");
    BOOST_TEST(say.of_key("b.one") == "of the list, going on");
    BOOST_TEST(say.dependent.size() == 1u);
    BOOST_TEST(say.dependent.contains("a.three"));
}

BOOST_AUTO_TEST_CASE(durations_are_told_in_the_largest_unit_without_a_fraction) {
    struct row {
        int milliseconds;
        char const* text;
    };
    row const rows[] = {{0, "0s"},          {1, "1ms"},         {1'500, "1500ms"},
                        {1'000, "1s"},      {75'000, "75s"},    {120'000, "2m"},
                        {3'600'000, "1h"},  {5'400'000, "90m"}, {86'400'000, "1d"},
                        {90'000'000, "25h"}};
    for (auto const& r : rows)
        BOOST_TEST(duration_text(milliseconds(r.milliseconds)) == r.text);
}

BOOST_AUTO_TEST_SUITE_END()
