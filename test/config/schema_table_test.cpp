// The table of all keys, row by row: what each of them takes, and where it puts it.
#include <algorithm>
#include <cctype>
#include <map>

#include <boost/test/unit_test.hpp>

#include "base/quantity.hpp"
#include "config/schema.hpp"
#include "config/values/formats.hpp"

using namespace tollgate;
using namespace tollgate::settings;
namespace json = boost::json;

namespace {

origin const here{"here", ""};

// What is wrong with that value for the key; "" when it was taken.
std::string flaw_of(description const& is, slot into, json::value const& v) {
    mistakes wrong;
    read(from_json(v, here), std::string(is.key), is, into, "/", wrong);
    return wrong.empty() ? "" : wrong.lines().front();
}

template <class Owner>
std::string flaw_in(setting<Owner> const& row, Owner& owner, json::value const& v) {
    return flaw_of(row.is, row.locate(owner), v);
}

// Something that no default says.
struct disturb {
    void operator()(std::monostate) const {}
    void operator()(bool* b) const { *b = !*b; }
    void operator()(unsigned* n) const { *n += 7; }
    void operator()(std::size_t* n) const { *n += 7; }
    void operator()(std::string* text) const { *text += "-other"; }
    void operator()(milliseconds* d) const { *d += milliseconds(7); }
    void operator()(std::vector<std::string>* list) const { list->emplace_back("other"); }
    void operator()(json::object* o) const { (*o)["other"] = true; }
    void operator()(enum_slot word) const {
        auto const words = split(word.alternatives(), '|');
        word.choose(words.front() == word.word() ? words.back() : words.front());
    }
    void operator()(word_or_list both) const { both.list->emplace_back("urn:other"); }
    void operator()(word_or_grace both) const {
        both.word.choose("grace");
        *both.grace = milliseconds(7);
    }
};

bool is_number(slot where) {
    return std::holds_alternative<unsigned*>(where) || std::holds_alternative<std::size_t*>(where);
}
bool is_duration(slot where) {
    return std::holds_alternative<milliseconds*>(where);
}

// A value of so many units, as the key writes it.
json::value amount(slot where, std::int64_t n) {
    if (is_duration(where)) return json::string(std::to_string(n) + "ms");
    return n;
}

template <class Owner>
void check_defaults(std::span<setting<Owner> const> rows) {
    for (auto const& row : rows) {
        Owner owner{};
        auto const standard = to_json(row.locate(owner));
        bool const left_out = standard.is_string() && standard.get_string().empty();
        if (left_out && !alternatives_of(row.is, row.locate(owner)).empty()) continue;
        Owner other{};
        std::visit(disturb(), row.locate(other));
        BOOST_TEST(flaw_in(row, other, standard) == "", row.is.key);
        BOOST_TEST(to_json(row.locate(other)) == standard, row.is.key);
    }
}

template <class Owner>
void check_places(std::span<setting<Owner> const> rows) {
    std::vector<json::value> standard;
    Owner untouched{};
    for (auto const& row : rows)
        standard.push_back(to_json(row.locate(untouched)));
    for (auto const& row : rows) {
        Owner owner{};
        std::visit(disturb(), row.locate(owner));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            bool const same = to_json(rows[i].locate(owner)) == standard[i];
            BOOST_TEST(same == (rows[i].is.key != row.is.key),
                       row.is.key << " and " << rows[i].is.key);
        }
    }
}

template <class Owner>
void check_secrets(std::span<setting<Owner> const> rows, std::map<std::string_view, bool>& hidden) {
    for (auto const& row : rows) {
        hidden[row.is.key] = row.is.secret;
        if (!row.is.secret) continue;
        Owner owner{};
        for (json::value const& wrong :
             {json::value(8675309), json::value(json::array{8675309}), json::value(json::object{}),
              json::value("8675309\x01\xc3\xa9"), json::value(json::array{"8675309\n"})}) {
            auto const text = flaw_in(row, owner, wrong);
            BOOST_TEST(text.find("8675309") == std::string::npos, text);
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_schema_table)

// config.toml may be written with every default in it.
BOOST_AUTO_TEST_CASE(every_default_is_a_value_that_its_own_key_takes) {
    check_defaults(config_settings());
    check_defaults(client_settings());
    check_defaults(trusted_issuer_settings());
    check_defaults(client_document_settings());
    check_defaults(user_settings());
}

BOOST_AUTO_TEST_CASE(every_key_changes_itself_and_no_other_key) {
    check_places(config_settings());
    check_places(client_settings());
    check_places(trusted_issuer_settings());
    check_places(client_document_settings());
    check_places(user_settings());
}

BOOST_AUTO_TEST_CASE(a_copy_takes_over_the_value_of_every_key) {
    for (auto const& row : config_settings()) {
        config from;
        config to;
        std::visit(disturb(), row.locate(from));
        copy(row.locate(from), row.locate(to));
        BOOST_TEST(to_json(row.locate(to)) == to_json(row.locate(from)), row.is.key);
    }
}

BOOST_AUTO_TEST_CASE(every_word_of_a_key_is_taken_and_told_again) {
    for (auto const& row : config_settings()) {
        config c;
        auto const where = row.locate(c);
        bool const list = std::holds_alternative<std::vector<std::string>*>(where);
        for (auto const& word : split(alternatives_of(row.is, where), '|')) {
            json::value const given = list ? json::value(json::array{word}) : json::string(word);
            BOOST_TEST(flaw_in(row, c, given) == "", row.is.key << " = " << word);
            BOOST_TEST(to_json(where) == given, row.is.key << " = " << word);
        }
    }
}

// Words are compared with case and as a whole, and no word is nothing.
BOOST_AUTO_TEST_CASE(a_word_that_is_all_but_right_is_refused_and_changes_nothing) {
    for (auto const& row : config_settings()) {
        config c;
        auto const where = row.locate(c);
        auto const before = to_json(where);
        bool const list = std::holds_alternative<std::vector<std::string>*>(where);
        std::vector<std::string> wrong;
        for (auto const& word : split(alternatives_of(row.is, where), '|')) {
            if (word.starts_with("grace:")) continue;  // a duration follows
            auto capital = word;
            capital[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(capital[0])));
            for (auto const& near : {capital, word + ' ', ' ' + word, word + "|", std::string()})
                if (near != word) wrong.push_back(near);
        }
        for (auto const& text : wrong) {
            json::value const given = list ? json::value(json::array{text}) : json::string(text);
            BOOST_TEST(flaw_in(row, c, given).find(" is none of ") != std::string::npos,
                       row.is.key << " = " << text);
            BOOST_TEST(to_json(where) == before, row.is.key << " = " << text);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_least_of_a_key_is_taken_and_less_is_refused_with_it) {
    for (auto const& row : config_settings()) {
        config c;
        auto const where = row.locate(c);
        if (!is_number(where) && !is_duration(where)) continue;
        BOOST_TEST(flaw_in(row, c, amount(where, row.is.least)) == "", row.is.key);
        if (row.is.least == 0 && is_duration(where)) continue;  // none is negative
        auto const told = is_duration(where) ? '"' + duration_text(milliseconds(row.is.least)) + '"'
                                             : std::to_string(row.is.least);
        auto const text = flaw_in(row, c, amount(where, row.is.least - 1));
        BOOST_TEST(text.ends_with("at least " + told), text);
    }
}

BOOST_AUTO_TEST_CASE(the_most_of_a_key_is_taken_and_more_is_refused_with_it) {
    for (auto const& row : config_settings()) {
        config c;
        auto const where = row.locate(c);
        bool const duration = is_duration(where);
        bool const bounded = row.is.most != INT64_MAX;
        if (!duration && !(is_number(where) && bounded)) continue;
        auto const most = bounded ? row.is.most : longest_duration.count();
        BOOST_TEST(flaw_in(row, c, amount(where, most)) == "", row.is.key);
        BOOST_TEST(to_json(where) ==
                       (duration ? json::value(json::string(duration_text(milliseconds(most))))
                                 : json::value(static_cast<std::uint64_t>(most))),
                   row.is.key);
        auto const text = flaw_in(row, c, amount(where, most + 1));
        BOOST_TEST(text.find("at most ") != std::string::npos, row.is.key << ": " << text);
    }
}

BOOST_AUTO_TEST_CASE(a_list_that_must_have_an_entry_is_refused_empty_and_keeps_its_default) {
    for (auto const& row : config_settings()) {
        config c;
        auto const where = row.locate(c);
        if (!std::holds_alternative<std::vector<std::string>*>(where)) continue;
        auto const before = to_json(where);
        auto const flaw = flaw_in(row, c, json::array{});
        BOOST_TEST(flaw == (row.is.needs_entry
                                ? "here: " + std::string(row.is.key) + ": needs at least one entry"
                                : ""));
        BOOST_TEST(to_json(where) == (row.is.needs_entry ? before : json::value(json::array{})));
    }
}

// Logs, terminals and answers of the control plane hold what a mistake says.
BOOST_AUTO_TEST_CASE(every_secret_of_the_configuration_is_known_as_one_and_never_repeated) {
    std::map<std::string_view, bool> hidden;
    check_secrets(config_settings(), hidden);
    check_secrets(client_settings(), hidden);
    check_secrets(user_settings(), hidden);
    for (auto const* key :
         {"tokens.hs256_secret", "tokens.seed_refresh", "validation.client_secret",
          "upstream.client_secret", "upstream.token_key", "control.token", "telemetry.headers",
          "store.url", "client_secret", "password"})
        BOOST_TEST(hidden.at(key), key);
    BOOST_TEST(std::ranges::count(hidden, true, [](auto const& h) { return h.second; }) == 10);
}

// A value of a later source that is wrong must not half replace that of an earlier one.
BOOST_AUTO_TEST_CASE(a_value_of_another_type_is_refused_and_changes_nothing) {
    json::value const values[] = {nullptr, 1.5, json::object{{"x", 1}}, json::array{json::array{}}};
    for (auto const& row : config_settings()) {
        config c;
        auto const where = row.locate(c);
        auto const before = to_json(where);
        for (auto const& v : values) {
            BOOST_TEST(flaw_in(row, c, v).find("expected ") != std::string::npos,
                       row.is.key << " = " << v);
            BOOST_TEST(to_json(where) == before, row.is.key << " = " << v);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_key_without_a_place_takes_nothing_and_is_refused_when_it_is_given) {
    auto const is = key("store.future");
    BOOST_TEST(flaw_of(is, std::monostate(), "x") == "");
    BOOST_TEST(to_json(slot(std::monostate())).is_null());
    mistakes wrong;
    refuse_unbuilt(here, "store.future", is, std::monostate(), std::monostate(), wrong);
    BOOST_REQUIRE(wrong.lines().size() == 1u);
    BOOST_TEST(wrong.lines().front() ==
               "here: store.future: this key is not built yet; leave it out");
}

BOOST_AUTO_TEST_CASE(of_a_list_only_the_words_that_are_not_built_are_refused) {
    auto const is = key("x").one_of("a|b|c").works("a|c");
    std::vector<std::string> given{"a", "b", "c"};
    std::vector<std::string> standard{"a"};
    mistakes wrong;
    refuse_unbuilt(here, "x", is, &given, &standard, wrong);
    BOOST_REQUIRE(wrong.lines().size() == 1u);
    BOOST_TEST(wrong.lines().front() == "here: x: \"b\" is not built yet; use \"a\" or \"c\"");
}

BOOST_AUTO_TEST_SUITE_END()
