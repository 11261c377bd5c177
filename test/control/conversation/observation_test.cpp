// One event taken apart: what is read of it, and what is left alone.
#include "control/conversation/observation.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::control;

namespace {

namespace json = boost::json;

// An exchange as the journal keeps it, byte for byte.
struct kept {
    recorded_message request;
    recorded_message response;
    std::string peer = "127.0.0.1";
    delivery how = delivery::delivered;
    http::exchange_facts facts{};

    kept(std::string start, std::string fields = "", std::string body = "") {
        request = message(std::move(start), std::move(fields), std::move(body));
        response = message("200", "", "");
    }
    kept& answered(std::string status, std::string fields = "", std::string body = "") {
        response = message(std::move(status), std::move(fields), std::move(body));
        return *this;
    }
    observation seen() const {
        auto x = std::make_shared<recorded_exchange>();
        x->request = request;
        x->response = response;
        x->peer = peer;
        x->how = how;
        x->arrived = time_point(std::chrono::seconds(100));
        event e;
        e.seq = 7;
        e.endpoint = "mcp";
        e.facts = facts;
        e.time = time_point(std::chrono::seconds(103));
        e.exchange = std::move(x);
        return observe(std::make_shared<event const>(std::move(e)));
    }

private:
    static recorded_message message(std::string start, std::string fields, std::string body) {
        auto const size = body.size();
        return {std::move(start), std::move(fields), std::move(body), size};
    }
};

std::string const json_type = "Content-Type: application/json\r\n";
std::string const form_type = "Content-Type: application/x-www-form-urlencoded\r\n";

observation posted(std::string const& body) {
    return kept("POST /mcp", json_type, body).seen();
}

observation authorized(std::string const& value) {
    return kept("GET /mcp", "Authorization: " + value + "\r\n").seen();
}

observation of_type(event_type type) {
    event e;
    e.type = type;
    e.time = time_point(std::chrono::seconds(55));
    return observe(std::make_shared<event const>(std::move(e)));
}

std::string one(http::form const& f, std::string_view name) {
    return std::string(f.one(name).value_or("(none)"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(observations)

BOOST_AUTO_TEST_CASE(tell_method_path_and_query_of_a_request) {
    auto const o = kept("GET /authorize?state=a%20b&scope=x+y").seen();
    BOOST_TEST(o.method == "GET");
    BOOST_TEST(o.path == "/authorize");
    BOOST_TEST(one(o.query, "state") == "a b");
    BOOST_TEST(one(o.query, "scope") == "x y");
}

BOOST_AUTO_TEST_CASE(take_only_the_first_question_mark_for_the_beginning_of_the_query) {
    auto const o = kept("GET /a?b=c?d").seen();
    BOOST_TEST(o.path == "/a");
    BOOST_TEST(one(o.query, "b") == "c?d");
}

BOOST_AUTO_TEST_CASE(have_no_query_where_it_cannot_be_read) {
    auto const o = kept("GET /a?b=%zz").seen();
    BOOST_TEST(o.path == "/a");
    BOOST_TEST(!o.query.has("b"));
    BOOST_TEST(!kept("GET /a?").seen().query.has(""));
}

BOOST_AUTO_TEST_CASE(of_another_type_are_no_exchange_and_have_nothing_of_one) {
    auto const o = of_type(event_type::session);
    BOOST_TEST(!o.is_exchange());
    BOOST_TEST(o.method.empty());
    BOOST_TEST(o.status == 0u);
    BOOST_TEST(!o.cut());
    BOOST_TEST(o.peer() == "");
    BOOST_TEST(o.header("Host") == "");
    BOOST_TEST(o.messages().empty());
}

// An exchange whose parts the journal has not kept.
BOOST_AUTO_TEST_CASE(are_no_exchange_without_its_two_halves) {
    BOOST_TEST(!of_type(event_type::exchange).is_exchange());
}

BOOST_AUTO_TEST_CASE(of_an_exchange_arrive_with_the_request_and_others_when_they_happen) {
    BOOST_TEST((kept("GET /a").seen().arrived() == time_point(std::chrono::seconds(100))));
    BOOST_TEST((of_type(event_type::fault).arrived() == time_point(std::chrono::seconds(55))));
}

BOOST_AUTO_TEST_CASE(find_a_field_whatever_the_case_of_its_name_is) {
    auto const o = kept("GET /a", "X-One: 1\r\nx-two: 2\r\n").seen();
    BOOST_TEST(o.header("x-oNE") == "1");
    BOOST_TEST(o.header("X-TWO") == "2");
    BOOST_TEST(o.header("X-Three") == "");
}

BOOST_AUTO_TEST_CASE(take_the_first_of_several_fields_of_one_name) {
    auto const o =
        kept("GET /a", "X-A: 1\r\nX-A: 2\r\n").answered("200", "X-B: 3\r\nX-B: 4\r\n").seen();
    BOOST_TEST(o.header("X-A") == "1");
    BOOST_TEST(o.answer_header("X-B") == "3");
    BOOST_TEST(o.sent.size() == 2u);
}

BOOST_AUTO_TEST_CASE(tell_fields_of_the_request_from_those_of_the_answer) {
    auto const o = kept("GET /a", "X-A: sent\r\n").answered("200", "X-B: got\r\n").seen();
    BOOST_TEST(o.header("X-B") == "");
    BOOST_TEST(o.answer_header("X-A") == "");
}

BOOST_AUTO_TEST_CASE(keep_a_value_with_a_colon_in_it_whole) {
    auto const o = kept("GET /a", "Host: localhost:9100\r\nReferer: http://a: b\r\n").seen();
    BOOST_TEST(o.host() == "localhost:9100");
    BOOST_TEST(o.header("Referer") == "http://a: b");
}

BOOST_AUTO_TEST_CASE(read_the_last_field_without_an_end_of_line_and_leave_what_is_no_field) {
    auto const o = kept("GET /a", "no field\r\nX-A: 1").seen();
    BOOST_TEST(o.header("X-A") == "1");
    BOOST_TEST(o.sent.size() == 1u);
}

BOOST_AUTO_TEST_CASE(read_a_form_whatever_stands_behind_its_media_type) {
    for (auto const* type : {"application/x-www-form-urlencoded",
                             "Application/X-WWW-Form-Urlencoded; charset=utf-8"}) {
        auto const o =
            kept("POST /token", "Content-Type: " + std::string(type) + "\r\n", "a=1&b=2").seen();
        BOOST_TEST(one(o.form, "a") == "1", type);
        BOOST_TEST(o.body.is_null(), type);
    }
}

BOOST_AUTO_TEST_CASE(read_no_form_from_a_body_of_another_type) {
    BOOST_TEST(!kept("POST /token", json_type, "a=1").seen().form.has("a"));
    BOOST_TEST(!kept("POST /token", "", "a=1").seen().form.has("a"));
}

// Half of a message says something else than the whole of it.
BOOST_AUTO_TEST_CASE(read_no_body_of_which_only_the_beginning_was_kept) {
    kept form("POST /token", form_type, "a=1");
    form.request.body_size = 4;
    BOOST_TEST(!form.seen().form.has("a"));
    kept message("POST /mcp", json_type, "7");
    message.request.body_size = 2;
    BOOST_TEST(message.seen().body.is_null());
    auto answer = kept("GET /a").answered("200", json_type, "7");
    answer.response.body_size = 2;
    BOOST_TEST(answer.seen().answer.is_null());
}

BOOST_AUTO_TEST_CASE(read_json_of_every_media_type_that_is_json) {
    for (auto const* type : {"application/json", "application/json; charset=utf-8",
                             "APPLICATION/JSON", "application/problem+json"}) {
        auto const o =
            kept("GET /a").answered("200", "Content-Type: " + std::string(type) + "\r\n", "[1]");
        BOOST_TEST(json::serialize(o.seen().answer) == "[1]", type);
    }
}

BOOST_AUTO_TEST_CASE(read_no_json_from_what_is_declared_otherwise_or_is_none) {
    BOOST_TEST(kept("POST /mcp", "Content-Type: text/plain\r\n", "[1]").seen().body.is_null());
    BOOST_TEST(kept("POST /mcp", "", "[1]").seen().body.is_null());
    BOOST_TEST(posted("{").body.is_null());
    BOOST_TEST(posted("").body.is_null());
    BOOST_TEST(posted("[1] 2").body.is_null());
}

BOOST_AUTO_TEST_CASE(split_authorization_into_scheme_and_credential) {
    auto const o = authorized("Bearer abc");
    BOOST_TEST(o.scheme == "Bearer");
    BOOST_TEST(o.credential == "abc");
    auto const spaced = authorized("  bearer \t  abc  ");
    BOOST_TEST(spaced.scheme == "bearer");
    BOOST_TEST(spaced.credential == "abc");
}

BOOST_AUTO_TEST_CASE(have_a_scheme_without_a_credential_where_nothing_stands_behind_it) {
    auto const o = authorized("Bearer");
    BOOST_TEST(o.scheme == "Bearer");
    BOOST_TEST(o.credential == "");
    BOOST_TEST(kept("GET /mcp").seen().scheme == "");
}

// RFC 9449 §7.1: a token that is bound to a key comes with the scheme DPoP.
BOOST_AUTO_TEST_CASE(bear_a_token_by_bearer_and_by_dpop_in_any_case_and_by_nothing_else) {
    for (auto const* scheme : {"Bearer", "bearer", "BEARER", "DPoP", "dpop"})
        BOOST_TEST(authorized(std::string(scheme) + " t").is_bearer(), scheme);
    for (auto const* scheme : {"Basic", "Bearers", "Bear"})
        BOOST_TEST(!authorized(std::string(scheme) + " t").is_bearer(), scheme);
    BOOST_TEST(!kept("GET /mcp").seen().is_bearer());
}

BOOST_AUTO_TEST_CASE(succeed_by_a_status_from_200_to_299) {
    for (auto const* status : {"200", "202", "299"})
        BOOST_TEST(kept("GET /a").answered(status).seen().succeeded(), status);
    for (auto const* status : {"199", "300", "404", ""})
        BOOST_TEST(!kept("GET /a").answered(status).seen().succeeded(), status);
    BOOST_TEST(kept("GET /a").answered("404").seen().status == 404u);
}

// What nobody has heard of yet is not lost.
BOOST_AUTO_TEST_CASE(are_cut_only_when_the_answer_is_known_not_to_have_come) {
    kept x("GET /a");
    x.how = delivery::cut;
    BOOST_TEST(x.seen().cut());
    x.how = delivery::pending;
    BOOST_TEST(!x.seen().cut());
}

BOOST_AUTO_TEST_CASE(name_their_peer_by_its_address_and_its_user_agent) {
    BOOST_TEST(kept("GET /a", "User-Agent: node\r\n").seen().peer() == R"(127.0.0.1, "node")");
    BOOST_TEST(kept("GET /a").seen().peer() == "127.0.0.1");
}

// A stranger has chosen it, and it stands in a sentence.
BOOST_AUTO_TEST_CASE(show_no_more_than_sixty_plain_characters_of_a_user_agent) {
    auto const wild = kept("GET /a", "User-Agent: a\x1b[31mb\xff\r\n").seen();
    BOOST_TEST(wild.peer() == R"(127.0.0.1, "a?[31mb?")");
    auto const peer = kept("GET /a", "User-Agent: " + std::string(61, 'x') + "\r\n").seen().peer();
    BOOST_TEST(peer.find(std::string(60, 'x')) != std::string::npos, peer);
    BOOST_TEST(peer.find(std::string(61, 'x')) == std::string::npos, peer);
}

BOOST_AUTO_TEST_CASE(tell_two_programs_of_one_machine_apart) {
    auto const key = [](std::string const& agent) {
        return kept("GET /a", "User-Agent: " + agent + "\r\n").seen().peer_key();
    };
    BOOST_TEST(key("node") == key("node"));
    BOOST_TEST(key("node") != key("curl"));
    kept elsewhere("GET /a", "User-Agent: node\r\n");
    elsewhere.peer = "192.0.2.1";
    BOOST_TEST(elsewhere.seen().peer_key() != key("node"));
}

BOOST_AUTO_TEST_CASE(hold_one_message_or_those_of_a_batch_that_are_objects) {
    BOOST_TEST(posted(R"({"method":"a"})").messages().size() == 1u);
    BOOST_TEST(posted(R"([{"method":"a"},7,{"method":"b"}])").messages().size() == 2u);
    BOOST_TEST(posted("7").messages().empty());
    BOOST_TEST(posted("[]").messages().empty());
}

BOOST_AUTO_TEST_CASE(are_of_the_method_of_their_first_message) {
    BOOST_TEST(posted(R"({"method":"a"})").mcp_method() == "a");
    BOOST_TEST(posted(R"([{"method":"b"},{"method":"a"}])").mcp_method() == "b");
}

BOOST_AUTO_TEST_CASE(are_of_the_method_that_the_server_understood_where_the_body_tells_none) {
    for (auto const* body : {"", "[]", "{}", R"({"method":7})", R"([7,{"method":"b"}])"}) {
        kept x("POST /mcp", json_type, body);
        x.facts.mcp_method = "understood";
        BOOST_TEST(x.seen().mcp_method() == "understood", body);
    }
}

BOOST_AUTO_TEST_CASE(read_a_parameter_of_the_query_of_a_url) {
    BOOST_TEST(parameter_of("http://a/b?code=1&state=x%26y", "state") == "x&y");
    BOOST_TEST(parameter_of("http://a/b?code=1#state=2", "code") == "1");
    BOOST_TEST(parameter_of("cursor://b?code=1", "code") == "1");
}

BOOST_AUTO_TEST_CASE(read_no_parameter_where_there_is_none_or_it_is_there_twice) {
    for (auto const* url : {"", "http://a/b", "http://a/b?", "http://a/b?other=1",
                            "http://a/b?code=", "http://a/b?code=1&code=2", "http://a/b?code=%zz"})
        BOOST_TEST(parameter_of(url, "code") == "", url);
}

// RFC 3986 §3.5: a question mark behind "#" is of the fragment.
BOOST_AUTO_TEST_CASE(read_no_parameter_from_a_fragment) {
    BOOST_TEST(parameter_of("http://a/b#code=1", "code") == "");
    BOOST_TEST(parameter_of("http://a/b#/c?code=1", "code") == "");
    BOOST_TEST(parameter_of("http://a/b?x=1#?code=1", "code") == "");
}

BOOST_AUTO_TEST_SUITE_END()
