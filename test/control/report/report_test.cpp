// A verdict as JSON and back, and the names of the formats.
#include "control/report/report.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "control/report/verdicts.hpp"

using namespace test;
using namespace tollgate;
using namespace tollgate::control;

namespace {

namespace json = boost::json;

// What is read of a verdict that is written so.
std::optional<verdict> read(std::string const& text) {
    return verdict_from(json::parse(text));
}

finding finding_of(std::string const& members) {
    auto const v = read(R"({"verdict":"fail","findings":[{)" + members + "}]}");
    BOOST_REQUIRE(v);
    BOOST_REQUIRE(v->findings.size() == 1u);
    return v->findings.front();
}

std::string refusal(std::string_view name) {
    auto const read = read_format(name);
    auto const* why = std::get_if<std::string>(&read);
    return why ? *why : "";
}

std::vector<std::string> names_in(json::object const& o) {
    std::vector<std::string> names;
    for (auto const& member : o)
        names.emplace_back(member.key());
    return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reports)

BOOST_AUTO_TEST_CASE(tell_realm_scenario_verdict_and_client_in_json) {
    auto v = verdict_of(verdict_word::fail);
    v.client = client_state::crashed;
    v.exit = 139;
    BOOST_TEST(json::serialize(to_json(v)) ==
               R"({"realm":"r","scenario":"refresh.once","verdict":"fail",)"
               R"("client":{"state":"crashed","exit":139},"findings":[]})");
}

BOOST_AUTO_TEST_CASE(tell_an_exit_of_zero_and_none_where_nobody_told_it) {
    auto v = verdict_of(verdict_word::pass);
    BOOST_TEST(!to_json(v).at("client").as_object().contains("exit"));
    v.exit = 0;
    BOOST_TEST(to_json(v).at("client").at("exit").as_int64() == 0);
}

BOOST_AUTO_TEST_CASE(tell_every_member_of_a_finding_in_json) {
    auto v = verdict_of(verdict_word::fail);
    v.findings.push_back(bad_finding());
    BOOST_TEST(json::serialize(to_json(v).at("findings")) ==
               R"([{"id":"code.once","level":"MUST","status":"fail","by":"client",)"
               R"("text":"A code was used a second time.","clause":"RFC 6749 §4.1.2",)"
               R"("url":"https://rfc.example/6749","event":7}])");
}

BOOST_AUTO_TEST_CASE(tell_null_where_no_event_shows_a_finding) {
    auto v = verdict_of(verdict_word::incomplete);
    v.findings.push_back(open_finding());
    BOOST_TEST(to_json(v).at("findings").as_array()[0].at("event").is_null());
}

BOOST_AUTO_TEST_CASE(tell_the_stations_of_an_exam_before_the_findings_and_of_no_other_verdict) {
    auto v = verdict_of(verdict_word::incomplete);
    BOOST_TEST(!to_json(v).contains("stations"));
    v.stations = {{"refresh", "the token dies", station_state::passed},
                  {"session", "the session is lost", station_state::left_out}};
    auto const o = to_json(v);
    BOOST_TEST(json::serialize(o.at("stations")) ==
               R"([{"name":"refresh","title":"the token dies","state":"passed"},)"
               R"({"name":"session","title":"the session is lost","state":"left_out"}])");
    std::vector<std::string> const expected{"realm",  "scenario", "verdict",
                                            "client", "stations", "findings"};
    BOOST_TEST((names_in(o) == expected));
}

BOOST_AUTO_TEST_CASE(read_back_what_they_wrote) {
    auto v = verdict_of(verdict_word::fail);
    v.client = client_state::timed_out;
    v.exit = -9;
    v.stations = {{"refresh", "the token dies", station_state::under_way}};
    v.findings = {bad_finding(), warned_finding(), kept_finding(), open_finding()};
    auto const back = verdict_from(to_json(v));
    BOOST_REQUIRE(back);
    BOOST_TEST(json::serialize(to_json(*back)) == json::serialize(to_json(v)));
}

BOOST_AUTO_TEST_CASE(read_every_word_back) {
    for (auto const& w : words_of(verdict_word()))
        BOOST_TEST((verdict_from(to_json(verdict_of(w.value)))->word == w.value), w.text);
    for (auto const& w : words_of(client_state())) {
        auto v = verdict_of(verdict_word::pass);
        v.client = w.value;
        BOOST_TEST((verdict_from(to_json(v))->client == w.value), w.text);
    }
    for (auto const& w : words_of(finding_by()))
        BOOST_TEST((finding_of(R"("by":")" + std::string(w.text) + '"').by == w.value), w.text);
    for (auto const& w : words_of(finding_status()))
        BOOST_TEST((finding_of(R"("status":")" + std::string(w.text) + '"').status == w.value),
                   w.text);
}

BOOST_AUTO_TEST_CASE(read_nothing_from_what_is_no_verdict) {
    for (auto const* text : {"null", "7", "[]", "{}", R"("verdict")", R"({"error":"not_found"})"})
        BOOST_TEST(!read(text), text);
}

// Nothing that cannot be read makes a pass.
BOOST_AUTO_TEST_CASE(read_words_that_they_do_not_know_as_what_decides_nothing) {
    for (auto const* text : {R"({"verdict":"great"})", R"({"verdict":7})", R"({"verdict":""})"})
        BOOST_TEST((read(text)->word == verdict_word::incomplete), text);
    BOOST_TEST((finding_of(R"("status":"perfect")").status == finding_status::not_reached));
    BOOST_TEST((finding_of(R"("level":"MAY")").level == finding_level::must));
    BOOST_TEST((finding_of(R"("by":"somebody")").by == finding_by::client));
}

BOOST_AUTO_TEST_CASE(read_what_is_missing_or_of_another_type_as_nothing) {
    for (auto const* members :
         {"", R"("client":"done")", R"("client":{"state":7,"exit":"1"})", R"("findings":{})",
          R"("stations":7)", R"("findings":[7,null])", R"("realm":1,"scenario":2)"}) {
        auto const v =
            read(R"({"verdict":"pass")" + std::string(*members ? "," : "") + members + '}');
        BOOST_REQUIRE_MESSAGE(v, members);
        BOOST_TEST(v->realm == "", members);
        BOOST_TEST((v->client == client_state::running), members);
        BOOST_TEST(!v->exit, members);
        BOOST_TEST(v->findings.empty(), members);
        BOOST_TEST(v->stations.empty(), members);
    }
}

BOOST_AUTO_TEST_CASE(read_the_number_of_an_event) {
    BOOST_TEST(finding_of(R"("event":7)").event == 7u);
    BOOST_TEST(finding_of(R"("event":18446744073709551615)").event == 18446744073709551615u);
    BOOST_TEST(finding_of(R"("event":null)").event == 0u);
}

// It comes from a server that may be anybody's.
BOOST_AUTO_TEST_CASE(read_no_event_from_a_number_that_cannot_be_one) {
    for (auto const* number : {"-1", "1.5", "1e300", R"("7")"})
        BOOST_TEST(finding_of(R"("event":)" + std::string(number)).event == 0u, number);
}

BOOST_AUTO_TEST_CASE(read_no_exit_from_a_number_that_cannot_be_one) {
    for (auto const* number : {"4294967296", "-4294967296", "1.5"}) {
        auto const v = read(R"({"verdict":"pass","client":{"exit":)" + std::string(number) + "}}");
        BOOST_REQUIRE(v);
        BOOST_TEST(!v->exit, number);
    }
}

BOOST_AUTO_TEST_CASE(count_what_failed_first_and_all_that_there_is_none_of) {
    auto v = verdict_of(verdict_word::fail);
    BOOST_TEST(counts_of(v) == "0 failed, 0 warned of, 0 passed, 0 not reached");
    v.findings = {kept_finding(), bad_finding(), open_finding(), bad_finding(), warned_finding()};
    BOOST_TEST(counts_of(v) == "2 failed, 1 warned of, 1 passed, 1 not reached");
}

BOOST_AUTO_TEST_CASE(have_a_format_for_each_name) {
    for (auto const& w : words_of(report_format())) {
        auto const read = read_format(w.text);
        auto const* known = std::get_if<report_format>(&read);
        BOOST_REQUIRE_MESSAGE(known, w.text);
        BOOST_TEST((*known == w.value), w.text);
    }
}

BOOST_AUTO_TEST_CASE(name_their_formats_as_a_sentence_has_them) {
    BOOST_TEST(format_names() == "text, json, junit, sarif or markdown");
}

BOOST_AUTO_TEST_CASE(refuse_another_format_with_all_names_and_the_nearest) {
    auto const all = "expected text, json, junit, sarif or markdown; did you mean ";
    BOOST_TEST(refusal("jnit") == all + std::string("junit?"));
    BOOST_TEST(refusal("Json") == all + std::string("json?"));
    BOOST_TEST(refusal("md").starts_with(all));
    BOOST_TEST(refusal("").starts_with(all));
}

BOOST_AUTO_TEST_CASE(come_with_the_media_type_of_their_format) {
    BOOST_TEST(media_type_of(report_format::json) == "application/json");
    BOOST_TEST(media_type_of(report_format::sarif) == "application/json");
    BOOST_TEST(media_type_of(report_format::junit) == "application/xml");
    BOOST_TEST(media_type_of(report_format::text) == "text/plain; charset=utf-8");
    BOOST_TEST(media_type_of(report_format::markdown) == "text/markdown; charset=utf-8");
}

BOOST_AUTO_TEST_SUITE_END()
