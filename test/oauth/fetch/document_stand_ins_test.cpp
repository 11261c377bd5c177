#include "oauth/fetch/document_stand_ins.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;

namespace {

std::shared_ptr<oauth::documents_by_url const> configured(std::string const& url) {
    oauth::documents_by_url all;
    if (!url.empty()) {
        boost::json::object o;
        o["from"] = "file";
        all.emplace(url, std::make_shared<boost::json::object const>(std::move(o)));
    }
    return std::make_shared<oauth::documents_by_url const>(std::move(all));
}

boost::json::object from_api() {
    boost::json::object o;
    o["from"] = "api";
    return o;
}

std::string source(oauth::document_stand_ins const& s, std::string_view url) {
    auto const found = s.find(url);
    return found ? std::string(found->at("from").as_string()) : "nothing";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(document_stand_ins)

BOOST_AUTO_TEST_CASE(answer_for_their_url_and_no_other) {
    oauth::document_stand_ins const s(configured("https://a.example/c.json"));
    BOOST_TEST(source(s, "https://a.example/c.json") == "file");
    BOOST_TEST(source(s, "https://a.example/c.jso") == "nothing");
    BOOST_TEST(source(oauth::document_stand_ins(configured("")), "https://a.example/") ==
               "nothing");
}

BOOST_AUTO_TEST_CASE(of_a_realm_go_before_those_of_the_configuration_and_away_again) {
    oauth::document_stand_ins s(configured("https://a.example/c.json"));
    BOOST_TEST(s.put("https://a.example/c.json", from_api()));
    BOOST_TEST(source(s, "https://a.example/c.json") == "api");
    BOOST_TEST(s.list().size() == 1u);
    BOOST_TEST(!s.list().front().configured);
    BOOST_TEST(s.erase("https://a.example/c.json") == 1u);
    BOOST_TEST(s.erase("https://a.example/c.json") == 0u);
    BOOST_TEST(source(s, "https://a.example/c.json") == "file");
    BOOST_TEST(s.list().front().configured);
}

BOOST_AUTO_TEST_CASE(are_bounded_and_one_that_is_there_can_be_replaced) {
    oauth::document_stand_ins s(configured(""));
    for (std::size_t i = 0; i < oauth::document_stand_ins::most; ++i)
        BOOST_TEST(s.put("https://a.example/" + std::to_string(i), from_api()));
    BOOST_TEST(!s.put("https://a.example/more", from_api()));
    BOOST_TEST(s.put("https://a.example/0", from_api()));
    BOOST_TEST(s.clear() == oauth::document_stand_ins::most);
    BOOST_TEST(s.put("https://a.example/more", from_api()));
}

BOOST_AUTO_TEST_SUITE_END()
