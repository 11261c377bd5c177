// To whom a task belongs.
#include <boost/test/unit_test.hpp>

#include "http/pipeline/principal.hpp"
#include "mcp/tasks/background_task.hpp"

namespace http = tollgate::http;
using tollgate::mcp::task_owner;

namespace {

http::principal who(std::string const& subject, std::string const& client_id,
                    std::string const& issuer, bool own = false) {
    http::principal p;
    p.subject = subject;
    p.client_id = client_id;
    p.issuer = issuer;
    p.own_issuer = own;
    return p;
}

bool owns(http::principal const& began, http::principal const& asks) {
    return task_owner(&began).is(&asks);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_task_owner)

BOOST_AUTO_TEST_CASE(is_the_same_subject_of_the_same_issuer_and_client) {
    auto const alice = who("alice", "app", "https://idp");
    BOOST_TEST(owns(alice, alice));
    BOOST_TEST(!owns(alice, who("bob", "app", "https://idp")));
    BOOST_TEST(!owns(alice, who("alice", "other", "https://idp")));
}

// OpenID Connect Core 1.0 §5.7: only iss and sub together identify an end-user.
BOOST_AUTO_TEST_CASE(is_not_who_has_the_name_from_another_issuer) {
    auto const alice = who("alice", "app", "https://idp");
    BOOST_TEST(!owns(alice, who("alice", "app", "https://other")));
    BOOST_TEST(!owns(alice, who("alice", "app", "https://idp", true)));
}

BOOST_AUTO_TEST_CASE(is_the_same_under_every_name_of_our_own_server) {
    BOOST_TEST(owns(who("alice", "app", "http://localhost:9100", true),
                    who("alice", "app", "http://127.0.0.1:9101", true)));
}

// A strategy that does not reveal the client cannot tell two of them apart.
BOOST_AUTO_TEST_CASE(is_compared_by_client_only_where_both_are_known) {
    auto const known = who("alice", "app", "https://idp");
    auto const unknown = who("alice", "", "https://idp");
    BOOST_TEST(owns(known, unknown));
    BOOST_TEST(owns(unknown, known));
    BOOST_TEST(owns(unknown, unknown));
}

BOOST_AUTO_TEST_CASE(is_nobody_for_what_nobody_began) {
    task_owner const nobody(nullptr);
    auto const alice = who("alice", "", "");
    auto const nameless = who("", "", "");
    BOOST_TEST(nobody.is(nullptr));
    BOOST_TEST(!nobody.is(&alice));
    BOOST_TEST(!nobody.is(&nameless));
    BOOST_TEST(!task_owner(&nameless).is(nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
