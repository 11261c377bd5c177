// Documents that strangers name: fetched with care, kept as HTTP allows.
#include <boost/asio/co_spawn.hpp>

#include "oauth/fetch/documents_bench.hpp"
#include "support/waiting.hpp"

using namespace test;

BOOST_FIXTURE_TEST_SUITE(remote_documents_suite, documents_bench)

BOOST_AUTO_TEST_CASE(asks_for_json_and_gives_the_object) {
    peer.script = [](heard const&) { return http::reply(200, "application/json", R"({"a":1})"); };
    BOOST_TEST(get() == R"({"a":1})");
    BOOST_TEST(peer.asked().at(0).method == "GET");
    BOOST_TEST(peer.asked().at(0).authorization == "");
    peer.answers(200, "application/client+json; charset=utf-8", "{}");
    auto q = question("2");
    BOOST_TEST(get(q) == "{}");
}

// Client ID Metadata Document draft-01 §4: 200 alone, no redirect followed, JSON
BOOST_AUTO_TEST_CASE(refuses_answers_that_are_no_document) {
    struct row {
        unsigned status;
        char const* type;
        char const* body;
        char const* said;
    };
    row const rows[] = {
        {302, "application/json", "{}",
         "the document is a redirect, and redirects are not followed"},
        {308, "application/json", "{}",
         "the document is a redirect, and redirects are not followed"},
        {404, "application/json", "{}", "the document was answered with status 404, not 200"},
        {201, "application/json", "{}", "the document was answered with status 201, not 200"},
        {403, "application/json", "{}", "the document was answered with status 403, not 200"},
        {410, "application/json", "{}", "the document was answered with status 410, not 200"},
        {200, "text/html", "{}", "the document is not served as application/json"},
        {200, "text/json", "{}", "the document is not served as application/json"},
        {200, "application/json", "[]", "the document is no JSON object"},
        {200, "application/json", "{", "the document is no JSON object"},
        {200, "application/json", "", "the document is no JSON object"},
    };
    for (auto const& r : rows) {
        peer.answers(r.status, r.type, r.body);
        BOOST_TEST(get() == r.said);
        BOOST_TEST(kind_of_failure() == "401 invalid_client");
    }
}

// Client ID Metadata Document draft-01 §6.6: at most 5 kilobytes
BOOST_AUTO_TEST_CASE(reads_five_kilobytes_and_no_more) {
    auto const document = [](std::size_t size) {
        return R"({"a":")" + std::string(size - 8, 'x') + R"("})";
    };
    peer.answers_json(document(5120));
    BOOST_TEST(get().size() == 5120u);
    peer.answers_json(document(5121));
    auto q = question("2");
    BOOST_TEST(get(q) == "the document is larger than 5120 bytes");
}

// Client ID Metadata Document draft-01 §4.4, RFC 9111 §4.2: as long as the answer is fresh
BOOST_AUTO_TEST_CASE(keeps_a_document_as_long_as_its_headers_say) {
    answers("max-age=300");
    get();
    time.advance(299s);
    get();
    BOOST_TEST(peer.count() == 1u);
    time.advance(1s);
    get();
    BOOST_TEST(peer.count() == 2u);
}

BOOST_AUTO_TEST_CASE(keeps_nothing_that_must_not_be_kept_and_nothing_for_ever) {
    answers("no-store, max-age=300");
    get();
    get();
    BOOST_TEST(peer.count() == 2u);
    answers("max-age=999999999");
    get();
    time.advance(std::chrono::hours(24));
    get();
    BOOST_TEST(peer.count() == 4u);
}

// Client ID Metadata Document draft-01 §4.4: error responses must not be cached
BOOST_AUTO_TEST_CASE(keeps_no_failure) {
    peer.answers(404, "application/json", "{}");
    get();
    answers("max-age=300");
    BOOST_TEST(get() == R"({"a":1})");
    // Nor does a failure replace what could still be fresh for somebody else.
    time.advance(300s);
    peer.answers(404, "application/json", "{}");
    BOOST_TEST(get() == "the document was answered with status 404, not 200");
}

// RFC 9111 §4.3: a stale document is confirmed by its entity tag
BOOST_AUTO_TEST_CASE(asks_whether_a_stale_document_has_changed) {
    http::header_list h;
    h.add("ETag", "\"v1\"");
    h.add("Cache-Control", "no-cache");
    answers(h);
    BOOST_TEST(get() == R"({"a":1})");
    peer.script = [](heard const&) { return http::reply(304); };
    BOOST_TEST(get() == R"({"a":1})");
    BOOST_TEST(peer.count() == 2u);
    // Somebody who says 304 without having been asked the question has said nothing.
    auto q = question("2");
    BOOST_TEST(get(q) == "the document is a redirect, and redirects are not followed");
}

BOOST_AUTO_TEST_CASE(shares_nothing_between_two_owners) {
    answers("max-age=300");
    get(question("1"));
    get(question("2"));
    BOOST_TEST(peer.count() == 2u);
    get(question("1"));
    BOOST_TEST(peer.count() == 2u);
}

// Client ID Metadata Document draft-01 §4.4: nor a document that is invalid
BOOST_AUTO_TEST_CASE(forgets_a_document_that_was_of_no_use) {
    answers("max-age=300");
    get(question("1"));
    get(question("2"));
    documents.forget("1", question().url);
    get(question("1"));
    get(question("2"));
    BOOST_TEST(peer.count() == 3u);
}

BOOST_AUTO_TEST_CASE(asks_again_when_it_must_be_new_but_not_all_the_time) {
    answers("max-age=300");
    get();
    auto q = question();
    q.anew = true;
    get(q);
    BOOST_TEST(peer.count() == 1u);
    time.advance(5s);
    get(q);
    BOOST_TEST(peer.count() == 2u);
}

BOOST_AUTO_TEST_CASE(fetches_once_for_all_who_ask_at_the_same_time) {
    answers("no-store");
    peer.delay = 50ms;
    int done = 0;
    for (int i = 0; i < 10; ++i) {
        auto asking = documents.get(question());
        boost::asio::co_spawn(io, std::move(asking), [&](std::exception_ptr e, auto const& got) {
            BOOST_TEST(!e);
            BOOST_TEST(bool(got));
            ++done;
        });
    }
    BOOST_TEST(test::run_until(io, [&] { return done == 10; }));
    BOOST_TEST(peer.count() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
