#include "http/pipeline/layer.hpp"

#include <boost/test/unit_test.hpp>

#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

std::string trace;

task<outcome<reply>> traced(char in, char out, context& c, handler const& next) {
    trace += in;
    auto result = co_await next(c);
    trace += out;
    co_return result;
}

layer tracing(char in, char out) {
    return [in, out](context& c, handler const& next) { return traced(in, out, c, next); };
}

task<outcome<reply>> answer_early(context&, handler const&) {
    trace += '!';
    co_return reply(418);
}

task<outcome<reply>> hello(context&) {
    trace += '.';
    co_return reply(200, "text/plain", "hello");
}

unsigned status_of(handler layers) {
    router routes;
    routes.add_row("/", verb::get, "root", plain_route, &hello);
    trace.clear();
    test::bench bench(routes, std::move(layers));
    return bench.get("/").status;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layers)

BOOST_AUTO_TEST_CASE(the_first_layer_is_the_outermost) {
    BOOST_TEST(status_of(stack({tracing('a', 'z'), tracing('b', 'y')}, &run_route)) == 200u);
    BOOST_TEST(trace == "ab.yz");
}

BOOST_AUTO_TEST_CASE(a_layer_may_answer_by_itself_and_those_outside_still_see_it) {
    BOOST_TEST(status_of(stack({tracing('a', 'z'), &answer_early, tracing('b', 'y')},
                               &run_route)) == 418u);
    BOOST_TEST(trace == "a!z");
}

BOOST_AUTO_TEST_CASE(without_layers_the_innermost_handler_stands_alone) {
    BOOST_TEST(status_of(stack({}, &run_route)) == 200u);
    BOOST_TEST(trace == ".");
}

BOOST_AUTO_TEST_SUITE_END()
