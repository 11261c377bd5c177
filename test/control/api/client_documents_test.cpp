#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;

BOOST_AUTO_TEST_SUITE(api_documents)

BOOST_FIXTURE_TEST_CASE(puts_a_document_lists_it_and_takes_it_away, plane) {
    auto const made = post("client-documents",
                           R"({"url":"https://a.example/c.json","document":{"client_id":"x"}})");
    BOOST_TEST(made.status == 201u);
    BOOST_TEST(made.body == R"({"url":"https://a.example/c.json"})");
    BOOST_TEST(get("client-documents").body ==
               R"({"client_documents":[{"url":"https://a.example/c.json","configured":false}]})");
    BOOST_TEST(del("client-documents?url=https%3A%2F%2Fb.example").status == 404u);
    BOOST_TEST(del("client-documents?url=https%3A%2F%2Fa.example%2Fc.json").body ==
               R"({"removed":1})");
    BOOST_TEST(del("client-documents").body == R"({"removed":0})");
}

BOOST_FIXTURE_TEST_CASE(never_takes_two_urls_or_an_empty_one_for_all_of_them, plane) {
    for (auto const* query : {"?url=https%3A%2F%2Fa.example&url=https%3A%2F%2Fb.example", "?url="})
        BOOST_TEST(del("client-documents" + std::string(query)).status == 400u, query);
}

BOOST_FIXTURE_TEST_CASE(names_what_is_wrong_with_a_document_by_its_pointer, plane) {
    auto const said = [this](std::string const& body) {
        auto const a = post("client-documents", body);
        BOOST_TEST(a.status == 400u);
        return described(a);
    };
    BOOST_TEST(said(R"({"url":"https://a.example/","document":{}})") ==
               "/document: it names no client_id");
    BOOST_TEST(said(R"({"url":"https://a.example/"})") ==
               "/document: is missing; expected what the URL answers");
    BOOST_TEST(said(R"({"document":{}})") ==
               "/url: is missing; expected the URL that clients are named by");
    BOOST_TEST(said(R"({"url":"u","document":[]})") ==
               "/document: expected an object, got an array");
}

BOOST_AUTO_TEST_SUITE_END()
