// The layer that writes exchanges down, and the streams that it listens to.
#include "control/journal/recorder.hpp"

#include <deque>

#include <boost/test/unit_test.hpp>

#include "control/journal/journal.hpp"
#include "control/support/plane.hpp"
#include "http/pipeline/dispatcher.hpp"

using namespace test;
using namespace std::chrono_literals;
using control::delivery;
using control::event_type;

namespace {

// What the endpoints do next.
struct scripted {
    std::function<outcome<http::reply>(http::context&)> answer = [](http::context&) {
        return outcome<http::reply>(http::json_reply(200, "{}"));
    };
};

task<outcome<http::reply>> serve(scripted& s, http::context& c) {
    co_return s.answer(c);
}

constexpr http::route<scripted> rows[] = {
    {"/token", http::verb::post, "token", &serve, http::plain_route},
    {"/authorize", http::verb::get, "authorize", &serve, http::plain_route},
    {"/register", http::verb::post, "register", &serve, http::plain_route},
    {"/revoke", http::verb::post, "revoke", &serve, http::plain_route},
    {"/mcp", http::verb::post, "mcp", &serve, http::plain_route},
    {"/mcp", http::verb::delete_, "mcp", &serve, http::plain_route},
    {"/sse", http::verb::get, "sse", &serve, http::plain_route},
    {"/healthz", http::verb::get, "healthz", &serve, http::origin_root},
    {"/verdict", http::verb::get, "verdict", &serve, http::plain_route},
    {"/control/x", http::verb::get, "control", &serve, http::control_plane},
    {"/control/x", http::verb::patch, "control", &serve, http::control_plane},
};

// A body of those pieces.
class pieces final : public http::body_stream {
public:
    explicit pieces(std::deque<std::string> all) : all_(std::move(all)) {}
    task<std::optional<std::string>> next() override {
        if (all_.empty()) co_return std::nullopt;
        auto first = std::move(all_.front());
        all_.pop_front();
        co_return first;
    }
    void close() noexcept override { all_.clear(); }

private:
    std::deque<std::string> all_;
};

struct recorded {
    explicit recorded(std::size_t bytes = 1 << 20) {
        routes.add(served, std::span<http::route<scripted> const>(rows));
        b.realm->attach(std::make_shared<control::journal>(bytes));
    }

    scripted served;
    http::router routes;
    bench b{routes, http::stack({control::journal_layer()}, &http::run_route)};

    control::journal& journal() const { return b.realm->get<control::journal>(); }
    std::vector<control::event_ptr> events() const { return journal().read(0, {}).events; }
    std::vector<control::event_ptr> events(event_type type) const {
        control::event_filter wanted;
        wanted.type = type;
        return journal().read(0, wanted).events;
    }
    std::string types() const {
        std::string all;
        for (auto const& e : events())
            all.append(all.empty() ? "" : " ").append(tollgate::word_of(e->type));
        return all;
    }
    // The next answers are of that status, of requests that turned out to be about `facts`.
    void answers(unsigned status, http::exchange_facts facts = {}, std::string location = {}) {
        served.answer = [=](http::context& c) {
            c.facts() = facts;
            http::reply r = http::json_reply(status, "{}");
            if (!location.empty()) r.headers.set("Location", location);
            return outcome<http::reply>(std::move(r));
        };
    }
    void streams(std::deque<std::string> const& all, http::exchange_facts facts = {}) {
        served.answer = [=](http::context& c) {
            c.facts() = facts;
            http::reply r(200, "text/event-stream", "");
            r.stream = std::make_unique<pieces>(all);
            return outcome<http::reply>(std::move(r));
        };
    }
    answer ask(http::verb method, std::string const& target, fields headers = {}) {
        return b.send(method, target, "", std::move(headers));
    }
};

http::exchange_facts about(std::string client, std::string session = {}, std::string method = {}) {
    http::exchange_facts f;
    f.client_id = std::move(client);
    f.session = std::move(session);
    f.mcp_method = std::move(method);
    return f;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(journal_recorder, recorded)

BOOST_AUTO_TEST_CASE(writes_down_what_came_and_what_went) {
    b.post_form("/token", {{"a", "b"}}, {{"X-One", "1"}});
    BOOST_REQUIRE(events().size() == 1u);
    auto const e = events()[0];
    BOOST_TEST(e->endpoint == "token");
    BOOST_TEST(e->exchange->request.start == "POST /token");
    BOOST_TEST(e->exchange->request.fields ==
               "X-One: 1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
               "Host: localhost:9100\r\n");
    BOOST_TEST(e->exchange->request.body == "a=b");
    BOOST_TEST(e->exchange->response.start == "200");
    BOOST_TEST(e->exchange->response.body == "{}");
    BOOST_TEST(e->exchange->peer == "127.0.0.1");
    BOOST_TEST(!e->exchange->streamed);
    BOOST_TEST((e->time == b.clock.now()));
}

BOOST_AUTO_TEST_CASE(writes_down_what_no_route_answers) {
    BOOST_TEST(ask(http::verb::get, "/nowhere?x=1").status == 404u);
    BOOST_REQUIRE(events().size() == 1u);
    BOOST_TEST(events()[0]->endpoint == "");
    BOOST_TEST(events()[0]->exchange->request.start == "GET /nowhere?x=1");
    BOOST_TEST(events()[0]->exchange->response.start == "404");
}

BOOST_AUTO_TEST_CASE(writes_down_a_refusal_as_it_goes_out) {
    served.answer = [](http::context&) -> outcome<http::reply> {
        return problem(400, "invalid_grant", "the code is unknown").log("nobody reads this");
    };
    BOOST_TEST(ask(http::verb::post, "/token").status == 400u);
    auto const body = events()[0]->exchange->response.body;
    BOOST_TEST(body.find("the code is unknown") != body.npos);
    BOOST_TEST(body.find("nobody") == body.npos);
}

BOOST_AUTO_TEST_CASE(tells_when_a_request_came_by_the_real_clock) {
    BOOST_REQUIRE(b.realm->time().advance(24h, b.clock.now()));
    auto const arrived = b.clock.now();
    served.answer = [this](http::context&) {
        b.clock.advance(250ms);
        return outcome<http::reply>(http::reply(204));
    };
    ask(http::verb::post, "/token");
    BOOST_TEST((events()[0]->exchange->arrived == arrived));
    BOOST_TEST((events()[0]->time == arrived + 250ms));
}

BOOST_AUTO_TEST_CASE(keeps_the_beginning_of_a_long_body_and_its_size) {
    b.post_json("/mcp", std::string(20'000, 'x'));
    auto const sent = events()[0]->exchange->request;
    BOOST_TEST(sent.body.size() == 16'384u);
    BOOST_TEST(sent.body_size == 20'000u);
}

// A field that does not fit leaves, whole, and those behind it stay.
BOOST_AUTO_TEST_CASE(keeps_no_half_of_a_field) {
    ask(http::verb::post, "/token",
        {{"X-First", "1"}, {"X-Long", std::string(17'000, 'x')}, {"X-Last", "2"}});
    auto const kept = events()[0]->exchange->request.fields;
    BOOST_TEST(kept.find("X-Long") == kept.npos);
    BOOST_TEST(kept.starts_with("X-First: 1\r\nX-Last: 2\r\n"));
}

BOOST_AUTO_TEST_CASE(leaves_operations_and_whoever_reads_the_control_plane_alone) {
    ask(http::verb::get, "/healthz");
    ask(http::verb::get, "/control/x");
    ask(http::verb::head, "/control/x");
    ask(http::verb::options, "/control/x");
    ask(http::verb::get, "/verdict");
    BOOST_TEST(events().empty());
}

BOOST_AUTO_TEST_CASE(writes_a_change_by_the_control_plane_down_as_such) {
    ask(http::verb::patch, "/control/x");
    BOOST_TEST(types() == "control");
    BOOST_TEST(events()[0]->exchange->request.start == "PATCH /control/x");
}

BOOST_AUTO_TEST_CASE(leaves_an_answer_alone_where_nothing_is_kept) {
    recorded off(0);
    auto const r = off.b.raw(http::verb::post, "/token", "", {});
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(!r.on_sent);
    BOOST_TEST(off.events().empty());
}

BOOST_AUTO_TEST_CASE(hears_how_the_answer_got_away) {
    auto const one = b.raw(http::verb::post, "/token", "", {});
    auto const other = b.raw(http::verb::post, "/token", "", {});
    b.raw(http::verb::post, "/token", "", {});
    one.on_sent(true);
    other.on_sent(false);
    BOOST_TEST((events()[0]->exchange->how == delivery::delivered));
    BOOST_TEST((events()[1]->exchange->how == delivery::cut));
    BOOST_TEST((events()[2]->exchange->how == delivery::pending));
}

BOOST_AUTO_TEST_CASE(gives_what_one_request_brought_about_its_flow_and_its_number) {
    auto f = about("c");
    f.grant_type = "refresh_token";
    f.faults = {"a", "b"};
    answers(200, f);
    ask(http::verb::post, "/token");
    BOOST_TEST(types() == "exchange fault fault refresh");
    auto const all = events();
    BOOST_TEST(all[1]->outcome == "a");
    BOOST_TEST(all[2]->outcome == "b");
    for (std::size_t i = 1; i < all.size(); ++i) {
        BOOST_TEST(all[i]->of == 1u);
        BOOST_TEST(all[i]->flow == all[0]->flow);
        BOOST_TEST(all[i]->endpoint == "token");
        BOOST_TEST(all[i]->facts.client_id == "c");
        BOOST_TEST(!all[i]->exchange);
    }
}

BOOST_AUTO_TEST_CASE(tells_a_refresh_that_failed_by_its_error) {
    auto f = about("c");
    f.grant_type = "refresh_token";
    f.error = "invalid_grant";
    answers(400, f);
    ask(http::verb::post, "/token");
    BOOST_TEST(events(event_type::refresh)[0]->outcome == "invalid_grant");
    f.grant_type = "authorization_code";
    answers(400, f);
    ask(http::verb::post, "/token");
    BOOST_TEST(events(event_type::refresh).size() == 1u);
}

// RFC 6749 §4.1.2
BOOST_AUTO_TEST_CASE(ends_a_login_with_the_code_that_goes_back_to_the_client) {
    answers(302, about("c"), "http://localhost/cb?state=s&code=abc");
    ask(http::verb::get, "/authorize");
    answers(302, about("c"), "http://localhost/cb?code=abc");
    ask(http::verb::get, "/authorize");
    auto const logins = events(event_type::login);
    BOOST_REQUIRE(logins.size() == 2u);
    BOOST_TEST(logins[0]->outcome == "code");
}

BOOST_AUTO_TEST_CASE(sees_no_end_of_a_login_in_a_page_or_in_a_redirect_elsewhere) {
    answers(200, about("c"));
    ask(http::verb::get, "/authorize");
    answers(302, about("c"), "http://localhost/login?error_code=7&zip_code=8");
    ask(http::verb::get, "/authorize");
    answers(302, about("c"), "http://localhost/cb?code=abc");
    ask(http::verb::post, "/token");
    BOOST_TEST(events(event_type::login).empty());
}

BOOST_AUTO_TEST_CASE(ends_a_login_with_the_error_that_goes_back) {
    auto f = about("c");
    f.error = "access_denied";
    answers(302, f, "http://localhost/cb?error=access_denied");
    ask(http::verb::get, "/authorize");
    BOOST_TEST(events(event_type::login)[0]->outcome == "access_denied");
}

BOOST_AUTO_TEST_CASE(tells_registrations_and_revocations_that_took_place) {
    answers(201, about("c"));
    ask(http::verb::post, "/register");
    answers(400, about("c"));
    ask(http::verb::post, "/register");
    ask(http::verb::post, "/revoke");
    answers(200, about("c"));
    ask(http::verb::post, "/revoke");
    BOOST_TEST(types() == "exchange registration exchange exchange exchange revocation");
}

BOOST_AUTO_TEST_CASE(tells_when_a_session_begins_and_ends) {
    answers(200, about("c", "01234567…", "initialize"));
    ask(http::verb::post, "/mcp");
    answers(200, about("c", "01234567…", "tools/list"));
    ask(http::verb::post, "/mcp");
    answers(204, about("c", "01234567…"));
    ask(http::verb::delete_, "/mcp");
    auto const sessions = events(event_type::session);
    BOOST_REQUIRE(sessions.size() == 2u);
    BOOST_TEST(sessions[0]->outcome == "opened");
    BOOST_TEST(sessions[1]->outcome == "ended");
}

BOOST_AUTO_TEST_CASE(sees_no_session_where_it_was_refused_or_there_is_none) {
    answers(404, about("c", "01234567…"));
    ask(http::verb::delete_, "/mcp");
    answers(400, about("c", "01234567…", "initialize"));
    ask(http::verb::post, "/mcp");
    answers(200, about("c", "", "initialize"));
    ask(http::verb::post, "/mcp");
    BOOST_TEST(events(event_type::session).empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(journal_recorded_stream, recorded)

BOOST_AUTO_TEST_CASE(passes_every_byte_on) {
    streams({"data: 1\n", "\n: comment\n\n", "data: half"});
    BOOST_TEST(ask(http::verb::get, "/sse").body == "data: 1\n\n: comment\n\ndata: half");
}

BOOST_AUTO_TEST_CASE(writes_each_event_down_however_the_pieces_fall) {
    streams({"id: 7\nevent: endpoint\nda", "ta: /messages\n\ndata: {}\n", "\n"},
            about("c", "", "tools/call"));
    ask(http::verb::get, "/sse");
    BOOST_TEST(types() == "exchange stream stream stream");
    auto const all = events();
    BOOST_TEST(all[0]->exchange->streamed);
    BOOST_TEST(all[1]->stream_event == "endpoint");
    BOOST_TEST(all[1]->stream_id == "7");
    BOOST_TEST(all[1]->stream_data == "/messages");
    BOOST_TEST(all[2]->stream_event == "message");
    BOOST_TEST(all[3]->stream_event == "");
    BOOST_TEST(all[3]->outcome == "ended");
    for (auto const& e : events(event_type::stream)) {
        BOOST_TEST(e->of == 1u);
        BOOST_TEST(e->flow == all[0]->flow);
        BOOST_TEST(e->facts.client_id == "c");
        BOOST_TEST(e->facts.mcp_method == "");  // what was asked is no fact of what is said
    }
}

BOOST_AUTO_TEST_CASE(tells_a_request_of_the_server_from_a_response) {
    streams({"data: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n\n",
             "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"method\":\"x\"}}\n\n",
             "data: \"method\"\n\n", "data: {\"method\":7}\n\n"});
    ask(http::verb::get, "/sse");
    auto const messages = events(event_type::message);
    BOOST_REQUIRE(messages.size() == 1u);
    BOOST_TEST(messages[0]->facts.mcp_method == "ping");
    BOOST_TEST(messages[0]->seq + 1 == events(event_type::stream)[0]->seq);
}

BOOST_AUTO_TEST_CASE(keeps_the_beginning_of_long_data) {
    streams({"data: " + std::string(20'000, 'x') + "\n\n"});
    ask(http::verb::get, "/sse");
    BOOST_TEST(events(event_type::stream)[0]->stream_data.size() == 16'384u);
}

BOOST_AUTO_TEST_CASE(says_of_a_stream_that_nobody_read_to_its_end_that_it_was_cut) {
    streams({"data: 1\n\n", "data: 2\n\n"});
    {
        auto const r = b.raw(http::verb::get, "/sse", "", {});
        run(b.io(), r.stream->next());
    }
    auto const all = events(event_type::stream);
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0]->stream_data == "1");
    BOOST_TEST(all[1]->outcome == "cut");
}

BOOST_AUTO_TEST_CASE(closes_what_it_listens_to) {
    streams({"data: 1\n\n"});
    auto const r = b.raw(http::verb::get, "/sse", "", {});
    r.stream->close();
    BOOST_TEST(!run(b.io(), r.stream->next()).has_value());
    BOOST_TEST(events(event_type::stream).back()->outcome == "ended");
}

// The stream goes on when the realm is forgotten.
BOOST_AUTO_TEST_CASE(keeps_the_realm_that_it_writes_into) {
    streams({"data: 1\n\n"});
    auto r = b.raw(http::verb::get, "/sse", "", {});
    r.on_sent = {};
    std::weak_ptr<http::realm> const old = b.realm;
    b.realm = std::make_shared<http::realm>("default");
    b.where.realm = b.realm;
    BOOST_TEST(!old.expired());
    BOOST_TEST(run(b.io(), r.stream->next()).value() == "data: 1\n\n");
    BOOST_TEST(old.lock()->get<control::journal>().next() == 3u);
    r.stream.reset();
    BOOST_TEST(old.expired());
}

BOOST_AUTO_TEST_SUITE_END()
