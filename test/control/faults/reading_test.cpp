// POST /control/faults: the bounds of its members, and how a fault is shown again.
#include <boost/test/unit_test.hpp>

#include "control/faults/fault_json.hpp"
#include "control/support/plane.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

constexpr auto start = tollgate::time_point(1'800'000'000s);

control::vocabulary words() {
    return {{"refresh_token"}, {"tools/call"}, {"echo"}};
}

outcome<control::fault_settings> read(std::string_view body) {
    return control::read_fault(json::parse(body).as_object(), start, words());
}

// The pointer of the mistake; "" where there is none.
std::string wrong(std::string_view body) {
    auto const r = read(body);
    if (r) return {};
    BOOST_TEST(r.error().status() == 400u);
    auto const text = r.error().description();
    return text.substr(0, text.find(": "));
}

std::string with_trigger(std::string const& t) {
    return R"({"name":"token.server_error","trigger":)" + t + "}";
}
std::string raw(std::string const& params) {
    return R"({"name":"raw","params":)" + params + "}";
}

std::string script_of(std::size_t words) {
    std::string all;
    for (std::size_t i = 0; i < words; ++i)
        all += std::string(i == 0 ? "" : ",") + "\"ok\"";
    return R"({"script":[)" + all + "]}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fault_reading)

BOOST_AUTO_TEST_CASE(acts_always_and_on_everything_unless_told_otherwise) {
    auto const s = read(R"({"name":"raw","params":{"status":500}})").value();
    BOOST_TEST((s.trigger.kind == control::trigger::kind::always));
    BOOST_TEST(s.select.everything());
    BOOST_TEST(s.own.everything());
    BOOST_TEST(!s.expires_at.has_value());
    BOOST_TEST(s.side == control::both_sides);
}

// The side whose reset takes it away is that of the endpoint it was narrowed to.
BOOST_AUTO_TEST_CASE(belongs_to_the_side_of_the_endpoint_that_it_selects) {
    auto const side = [](std::string const& endpoint) {
        return read(R"({"name":"raw","select":{"endpoint":")" + endpoint +
                    R"("},"params":{"status":500}})")
            .value()
            .side;
    };
    for (auto const* e : {"token", "authorize", "register", "jwks", "device", "callback"})
        BOOST_TEST(side(e) == control::as_side, e);
    for (auto const* e : {"mcp", "sse", "messages", "resource_metadata", "test_page"})
        BOOST_TEST(side(e) == control::mcp_side, e);
}

BOOST_AUTO_TEST_CASE(selects_several_endpoints_and_belongs_to_all_their_sides) {
    auto const with = [](std::string const& endpoints) {
        return R"({"name":"raw","select":{"endpoint":)" + endpoints +
               R"(},"params":{"status":500}})";
    };
    BOOST_TEST(read(with(R"(["token","mcp"])")).value().side == control::both_sides);
    BOOST_TEST(read(with(R"(["mcp","sse"])")).value().side == control::mcp_side);
    for (auto const* bad : {"[]", "[7]", "7", "null", R"(["token","tokn"])", "{}"})
        BOOST_TEST(wrong(with(bad)) == "/select/endpoint", bad);
}

BOOST_AUTO_TEST_CASE(bounds_the_numbers_of_a_trigger) {
    for (auto const* t :
         {R"({"next":1})", R"({"nth":1000000000})", R"({"every":1})", R"({"after":0})",
          R"({"probability":0})", R"({"probability":1,"seed":1})", R"({"probability":0.25})"})
        BOOST_TEST(wrong(with_trigger(t)) == "", t);
    BOOST_TEST(wrong(with_trigger(R"({"next":0})")) == "/trigger/next");
    BOOST_TEST(wrong(with_trigger(R"({"nth":1000000001})")) == "/trigger/nth");
    BOOST_TEST(wrong(with_trigger(R"({"every":0})")) == "/trigger/every");
    BOOST_TEST(wrong(with_trigger(R"({"after":-1})")) == "/trigger/after");
    BOOST_TEST(wrong(with_trigger(R"({"nth":1.5})")) == "/trigger/nth");
    BOOST_TEST(wrong(with_trigger(R"({"probability":1.01})")) == "/trigger/probability");
    BOOST_TEST(wrong(with_trigger(R"({"probability":-0.1})")) == "/trigger/probability");
    BOOST_TEST(wrong(with_trigger(R"({"probability":0.5,"seed":0})")) == "/trigger/seed");
    BOOST_TEST(wrong(with_trigger(R"({"first_per":"user"})")) == "/trigger/first_per");
    BOOST_TEST(wrong(with_trigger(R"({"always":1})")) == "/trigger/always");
    BOOST_TEST(wrong(with_trigger("[]")) == "/trigger");
}

BOOST_AUTO_TEST_CASE(takes_a_script_of_a_thousand_words_and_no_empty_one) {
    BOOST_TEST(wrong(with_trigger(script_of(1))) == "");
    BOOST_TEST(wrong(with_trigger(script_of(1000))) == "");
    BOOST_TEST(wrong(with_trigger(script_of(1001))) == "/trigger/script");
    BOOST_TEST(wrong(with_trigger(script_of(0))) == "/trigger/script");
    BOOST_TEST(wrong(with_trigger(R"({"script":"ok"})")) == "/trigger/script");
    BOOST_TEST(wrong(with_trigger(R"({"script":["ok","Fault"]})")) == "/trigger/script/1");
}

BOOST_AUTO_TEST_CASE(bounds_the_life_of_a_fault_by_a_year) {
    auto const with = [](std::string const& life) {
        return R"({"name":"token.server_error","expires_in":)" + life + "}";
    };
    BOOST_TEST((read(with("\"365d\"")).value().expires_at == start + 24h * 365));
    BOOST_TEST((read(with("0.001")).value().expires_at == start + 1ms));
    for (auto const* life : {"\"366d\"", "31536001", "0", "-1", "true", "null", "\"\""})
        BOOST_TEST(wrong(with(life)) == "/expires_in", life);
}

// A value that no request can have would be silent for ever.
BOOST_AUTO_TEST_CASE(reads_a_selector_by_its_members) {
    auto const with = [](std::string const& select) {
        return R"({"name":"raw","params":{"status":500},"select":)" + select + "}";
    };
    BOOST_TEST(wrong(with("{}")) == "");
    BOOST_TEST(wrong(with(R"({"client":"c"})")) == "/select/client");
    BOOST_TEST(wrong(with(R"({"client_id":7})")) == "/select/client_id");
    BOOST_TEST(wrong(with(R"({"header":["X"]})")) == "/select/header");
    BOOST_TEST(wrong(with(R"({"header":{"X/Y":false}})")) == "/select/header/X~1Y");
    BOOST_TEST(wrong(with("\"token\"")) == "/select");
    BOOST_TEST(wrong(with(R"({"grant_type":":urn"})")) == "/select/grant_type");
    BOOST_TEST(wrong(with(R"({"grant_type":["refresh_token"]})")) == "/select/grant_type");
}

// A client_id may be a URL (client ID metadata documents); a subject is a name.
BOOST_AUTO_TEST_CASE(takes_a_client_id_as_long_as_a_url_may_be) {
    auto const with = [](std::string const& member, std::size_t length) {
        return R"({"name":"raw","params":{"status":500},"select":{")" + member + R"(":")" +
               std::string(length, 'x') + R"("}})";
    };
    BOOST_TEST(wrong(with("client_id", 2048)) == "");
    BOOST_TEST(wrong(with("client_id", 2049)) == "/select/client_id");
    BOOST_TEST(wrong(with("subject", 256)) == "");
    BOOST_TEST(wrong(with("subject", 257)) == "/select/subject");
}

BOOST_AUTO_TEST_CASE(bounds_what_a_raw_fault_answers) {
    BOOST_TEST(wrong(raw(R"({"status":200})")) == "");
    BOOST_TEST(wrong(raw(R"({"status":599})")) == "");
    BOOST_TEST(wrong(raw(R"({"status":199})")) == "/params/status");
    BOOST_TEST(wrong(raw(R"({"status":600})")) == "/params/status");
    BOOST_TEST(wrong(raw(R"({"delay_ms":120000})")) == "");
    BOOST_TEST(wrong(raw(R"({"delay_ms":120001})")) == "/params/delay_ms");
    BOOST_TEST(wrong(raw(R"({"delay_ms":-1})")) == "/params/delay_ms");
    BOOST_TEST(wrong(raw(R"({"merge_patch":[1]})")) == "/params/merge_patch");
    BOOST_TEST(wrong(raw(R"({"headers":["X"]})")) == "/params/headers");
    auto const body = [](std::size_t n) {
        return raw(R"({"body":")" + std::string(n, 'x') + "\"}");
    };
    BOOST_TEST(wrong(body(255 << 10)) == "");
    BOOST_TEST(wrong(body((256 << 10) + 1)) == "/params/body");
}

BOOST_AUTO_TEST_CASE(chooses_the_stage_by_what_there_is_to_do) {
    using namespace control;
    auto const seams = [](std::string const& params) {
        return fault(read(raw(params)).value()).seams();
    };
    BOOST_TEST(seams(R"({"status":500})") == (before_handler | in_its_place));
    BOOST_TEST(seams(R"({"delay_ms":5})") == before_handler);
    BOOST_TEST(seams(R"({"merge_patch":{"a":1}})") == after_handler);
    BOOST_TEST(seams(R"({"status":201,"stage":"mutate"})") == after_handler);
    BOOST_TEST(seams(R"({"delay_ms":5,"stage":"replace"})") == after_handler);
    BOOST_TEST(seams(R"({"status":201,"stage":"replace"})") == (after_handler | discards));
    BOOST_TEST(wrong(raw(R"({"delay_ms":0,"stage":"replace"})")) == "/params/stage");
}

// RFC 9110 §5.5: a field value holds visible characters, spaces and tabs.
BOOST_AUTO_TEST_CASE(takes_a_header_that_a_server_may_send) {
    BOOST_TEST(wrong(raw(R"({"headers":{"X-A":"a\tb","WWW-Authenticate":"Bearer",
                             "!#$%&'*+.^_`|~":""}})")) == "");
    for (auto const* name : {"Connection", "keep-alive", "UPGRADE", "Trailer", "Date"})
        BOOST_TEST(wrong(raw(R"({"headers":{")" + std::string(name) + R"(":"x"}})")) ==
                       "/params/headers/" + std::string(name),
                   name);
    BOOST_TEST(wrong(raw(R"({"headers":{"X":"a\u007f"}})")) == "/params/headers/X");
    BOOST_TEST(wrong(raw(R"({"headers":{"X":"a\u0000"}})")) == "/params/headers/X");
}

BOOST_FIXTURE_TEST_CASE(keeps_the_content_type_that_its_creator_gave_a_body, plane) {
    fault(raw(R"({"body":"<a/>","headers":{"content-type":"text/xml"}})"));
    auto const a = token();
    BOOST_TEST(a.header("Content-Type") == "text/xml");
    BOOST_TEST(a.body == "<a/>");
    del("faults");
    fault(raw(R"({"body":""})"));
    BOOST_TEST(token().header("Content-Type") == "text/plain; charset=utf-8");
}

BOOST_AUTO_TEST_CASE(shows_a_fault_as_it_was_asked_for) {
    auto const body = json::parse(R"({"name":"raw","trigger":{"first_per":"client"},
        "select":{"endpoint":["mcp","messages"],"grant_type":"refresh_token","client_id":"c","subject":"s",
                  "session":"i2345678","mcp_method":"tools/call","tool":"echo",
                  "header":{"X-A":"1","X-B":true}},
        "params":{"status":418,"stage":"replace","only":"success"}})");
    auto settings = control::read_fault(body.as_object(), start, words()).value();
    settings.id = "f7";
    auto const shown = describe(control::fault(std::move(settings)));
    for (auto const* member : {"name", "trigger", "select", "params"})
        BOOST_TEST(shown.at(member) == body.at(member), member);
    BOOST_TEST(text(shown, "id") == "f7");
    BOOST_TEST(text(shown, "stage") == "replace");
    BOOST_TEST(shown.at("matched").as_uint64() == 0u);
    BOOST_TEST(!shown.as_object().contains("expires_at"));
}

BOOST_AUTO_TEST_SUITE_END()
