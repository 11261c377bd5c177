// What a delay draws by lot: the seed of the realm says it, whoever asks and however often.
#include <algorithm>
#include <cmath>

#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;

namespace {

using times = std::vector<long>;

// The pauses between head and body of `count` answers, in a realm with that seed.
times drawn(std::uint64_t seed, std::string const& effect, std::size_t count = 400) {
    plane p;
    control::realm_request wanted;
    wanted.name = "seeded";
    wanted.seed = seed;
    p.enter(*p.realms.create(std::move(wanted)));
    auto const made = p.b.post_json(
        "/control/faults",
        R"({"select":{"endpoint":"as_metadata"},"effects":[{"delay":)" + effect + "}]}");
    BOOST_REQUIRE_MESSAGE(made.status == 201u, made.body);
    times all;
    for (std::size_t i = 0; i < count; ++i) {
        auto const r = p.b.raw(http::verb::get, "/metadata", "", {});
        BOOST_REQUIRE(r.wrongly);
        all.push_back(static_cast<long>(r.wrongly->before_body.count()));
    }
    return all;
}

constexpr auto uniform = R"({"least_ms":100,"most_ms":900,"when":"body"})";
constexpr auto log_normal = R"({"median_ms":200,"sigma":0.8,"when":"body"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(delay_effect)

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_times) {
    for (auto const* effect : {uniform, log_normal}) {
        BOOST_TEST(drawn(7, effect) == drawn(7, effect));
        BOOST_TEST(drawn(7, effect) != drawn(8, effect));
    }
}

BOOST_AUTO_TEST_CASE(fixed_times_are_fixed) {
    BOOST_TEST(drawn(1, R"({"ms":250,"when":"body"})", 3) == times({250, 250, 250}));
}

BOOST_AUTO_TEST_CASE(uniform_times_fill_their_bounds) {
    auto const all = drawn(3, uniform);
    auto const [least, most] = std::ranges::minmax(all);
    BOOST_TEST(least >= 100);
    BOOST_TEST(least < 140);
    BOOST_TEST(most <= 900);
    BOOST_TEST(most > 860);
}

// The logarithm is normal: half are below the median, two thirds within a sigma of it.
BOOST_AUTO_TEST_CASE(log_normal_times_have_their_median_and_their_sigma) {
    auto all = drawn(5, log_normal, 1000);
    std::ranges::sort(all);
    BOOST_TEST(all[500] > 180);
    BOOST_TEST(all[500] < 222);
    auto const within = std::ranges::count_if(
        all, [](long t) { return std::abs(std::log(static_cast<double>(t) / 200)) < 0.8; });
    BOOST_TEST(within > 620);
    BOOST_TEST(within < 745);
    BOOST_TEST(all.back() > 1000);
}

BOOST_AUTO_TEST_SUITE_END()
