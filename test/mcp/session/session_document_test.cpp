#include "mcp/session/session_document.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::mcp;
namespace json = boost::json;

namespace {

http::credential who() {
    http::credential c;
    c.digest = "digest-of-a-token";
    c.who.subject = "ada";
    c.who.client_id = "client-1";
    return c;
}

struct lived_session {
    http::credential const opener = who();
    session one{"the-secret-id", transport::streamable_http, revision::v2025_06_18, &opener, 1000,
                "agent-7"};

    lived_session() {
        one.set_client({{{"sampling", json::object()}}, {{"name", "probe"}, {"version", "1"}}});
        one.set_initialized();
        one.set_log_level(logging_level::warning);
        one.subscribe("test://one");
        one.subscribe("test://two");
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(session_document)

BOOST_FIXTURE_TEST_CASE(a_session_read_back_is_what_it_was, lived_session) {
    auto const image = session_from(one.id(), document_of(one.save()));
    BOOST_TEST_REQUIRE(image.has_value());
    session back(*image, 1000);
    BOOST_TEST(back.id() == "the-secret-id");
    BOOST_TEST((back.via() == transport::streamable_http));
    BOOST_TEST((back.revision() == revision::v2025_06_18));
    BOOST_TEST(back.agent() == "agent-7");
    BOOST_TEST(back.initialized());
    BOOST_TEST((back.log_level() == logging_level::warning));
    BOOST_TEST(back.subscribed("test://one"));
    BOOST_TEST(back.subscribed("test://two"));
    BOOST_TEST(!back.subscribed("test://three"));
    BOOST_TEST(back.client()->capabilities.contains("sampling"));
    BOOST_TEST(back.client()->info.at("name") == "probe");
}

BOOST_FIXTURE_TEST_CASE(it_belongs_to_who_opened_it, lived_session) {
    session back(*session_from(one.id(), document_of(one.save())), 1000);
    auto other = who();
    other.who.subject = "eve";
    BOOST_TEST(!back.admits(&other, session_binding::principal));
    BOOST_TEST(back.admits(&opener, session_binding::principal));
    BOOST_TEST(back.admits(&opener, session_binding::token));
    auto renewed = who();
    renewed.digest = "of-another-token";
    BOOST_TEST(!back.admits(&renewed, session_binding::token));
}

BOOST_FIXTURE_TEST_CASE(the_document_does_not_hold_the_id, lived_session) {
    BOOST_TEST(document_of(one.save()).find("the-secret-id") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_nobody_opened_may_be_adopted_after_it_was_read_back) {
    session const open_to_all("id", transport::streamable_http, revision::v2025_11_25, nullptr, 10);
    session back(*session_from("id", document_of(open_to_all.save())), 10);
    BOOST_TEST(!back.initialized());
    BOOST_TEST(!back.log_level().has_value());
    auto const first = who();
    BOOST_TEST(back.admits(nullptr, session_binding::principal));
    BOOST_TEST(back.admits(&first, session_binding::principal));
    BOOST_TEST(!back.admits(nullptr, session_binding::principal));
}

BOOST_AUTO_TEST_CASE(what_is_no_document_of_a_session_gives_none) {
    for (auto const* text :
         {"", "[]", "{", "{}", R"({"revision":"1999-01-01"})", R"({"revision":7})"})
        BOOST_TEST(!session_from("id", text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(session_keeping)

BOOST_FIXTURE_TEST_CASE(it_needs_to_be_kept_after_each_change_and_before_it_is_over,
                        lived_session) {
    time_point const noon{std::chrono::hours(12)};
    BOOST_TEST(one.needs_keeping(noon));
    one.set_kept(one.changes(), noon + std::chrono::minutes(10));
    BOOST_TEST(!one.needs_keeping(noon));
    BOOST_TEST(!one.needs_keeping(noon + std::chrono::minutes(9)));
    BOOST_TEST(one.needs_keeping(noon + std::chrono::minutes(10)));
    for (auto const change :
         {+[](session& s) { s.set_log_level(logging_level::error); },
          +[](session& s) { s.unsubscribe("test://one"); },
          +[](session& s) { s.subscribe("test://four"); }, +[](session& s) { s.set_client({}); },
          +[](session& s) { s.set_revision(revision::v2025_11_25); }}) {
        change(one);
        BOOST_TEST(one.needs_keeping(noon));
        one.set_kept(one.changes(), noon + std::chrono::minutes(10));
    }
}

BOOST_FIXTURE_TEST_CASE(what_changes_nothing_need_not_be_kept, lived_session) {
    time_point const noon{std::chrono::hours(12)};
    one.set_kept(one.changes(), time_point::max());
    one.set_initialized();
    one.subscribe("test://one");
    one.unsubscribe("test://nobody");
    BOOST_TEST(one.admits(&opener, session_binding::principal));
    BOOST_TEST(!one.needs_keeping(noon));
}

BOOST_AUTO_TEST_SUITE_END()
