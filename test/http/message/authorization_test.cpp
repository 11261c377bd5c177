// A bearer token of the configuration.
#include <boost/test/unit_test.hpp>

#include "http/message/authorization.hpp"

namespace {

using namespace tollgate;
using namespace tollgate::http;

bool brings(std::vector<std::string_view> const& values, std::string_view token = "secret") {
    request r;
    for (auto const value : values)
        r.headers.push_back({"Authorization", value});
    return has_bearer_token(r, token);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bearer_token)

// RFC 9110 §11.1: the name of a scheme is compared without case.
BOOST_AUTO_TEST_CASE(is_known_under_its_scheme) {
    BOOST_TEST(brings({"Bearer secret"}));
    BOOST_TEST(brings({"bearer  secret "}));
    BOOST_TEST(!brings({"Basic secret"}));
    BOOST_TEST(!brings({"secret"}));
}

BOOST_AUTO_TEST_CASE(is_known_whole_and_alone) {
    for (auto const* wrong : {"Bearer secre", "Bearer secrets", "Bearer ", "Bearer SECRET"})
        BOOST_TEST(!brings({wrong}), wrong);
    BOOST_TEST(!brings({}));
    BOOST_TEST(!brings({"Bearer secret", "Bearer secret"}));
}

BOOST_AUTO_TEST_CASE(is_none_where_none_is_configured) {
    BOOST_TEST(!brings({"Bearer "}, ""));
    BOOST_TEST(!brings({}, ""));
}

BOOST_AUTO_TEST_SUITE_END()
