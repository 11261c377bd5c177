// What proxies say of a request, and whether it came under a name that is not spoken here.
#include "http/realm/forwarded.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate::http;

namespace {

struct asked {
    request r;
    listener_info l;

    asked() {
        r.headers = {{"Host", "localhost:9100"}};
        l.port = 9100;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(forwarded, asked)

BOOST_AUTO_TEST_CASE(every_request_is_judged_by_its_own_host_and_listener) {
    for (int time = 0; time < 3; ++time) {
        l.port = 9100;
        BOOST_TEST(foreign_origin(r, l) == "");
        l.port = 9200;
        BOOST_TEST(foreign_origin(r, l) == "http://localhost:9100");
        r.headers = {{"Host", "tunnel.example:443"}};
        BOOST_TEST(foreign_origin(r, l) == "http://tunnel.example:443");
        r.headers = {{"Host", "localhost:9100"}};
    }
}

BOOST_AUTO_TEST_CASE(what_a_proxy_says_counts_although_the_host_is_known) {
    BOOST_TEST(foreign_origin(r, l) == "");
    r.headers.push_back({"X-Forwarded-Proto", "https"});
    BOOST_TEST(foreign_origin(r, l) == "https://localhost:9100");
    r.headers.back() = {"X-Forwarded-Host", "app.example"};
    BOOST_TEST(foreign_origin(r, l) == "http://app.example");
    r.headers.back() = {"Forwarded", "for=192.0.2.43;proto=https;host=app.example"};
    BOOST_TEST(foreign_origin(r, l) == "https://app.example");
}

BOOST_AUTO_TEST_SUITE_END()
