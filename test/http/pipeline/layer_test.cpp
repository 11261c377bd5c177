#include "http/pipeline/layer.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>

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

layer plain(char in, char out) {
    return plain_layer{[in](context&) {
                           trace += in;
                           return std::optional<outcome<reply>>();
                       },
                       [out](context&, arrival const&, outcome<reply>&) { trace += out; }};
}

layer answering(char in, char out) {
    return plain_layer{[in](context&) {
                           trace += in;
                           return std::optional<outcome<reply>>(reply(418));
                       },
                       [out](context&, arrival const&, outcome<reply>& answer) {
                           trace += out;
                           answer->status = 500;
                       }};
}

task<outcome<reply>> throwing(context&) {
    throw std::runtime_error("a bug");
    co_return reply(200);
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

BOOST_AUTO_TEST_CASE(plain_layers_and_those_that_wait_keep_their_order) {
    auto const all =
        stack({plain('a', 'z'), plain('b', 'y'), tracing('c', 'x'), plain('d', 'w')}, &run_route);
    BOOST_TEST(status_of(all) == 200u);
    BOOST_TEST(trace == "abcd.wxyz");
}

BOOST_AUTO_TEST_CASE(a_plain_layer_that_answers_is_seen_by_those_outside_of_it_alone) {
    auto const all = stack({plain('a', 'z'), answering('b', 'y'), plain('c', 'x')}, &run_route);
    BOOST_TEST(status_of(all) == 418u);
    BOOST_TEST(trace == "abz");
}

BOOST_AUTO_TEST_CASE(a_plain_layer_sees_the_answer_and_may_change_it) {
    plain_layer const teapot{
        {}, [](context&, arrival const&, outcome<reply>& answer) { answer->status += 218; }};
    BOOST_TEST(status_of(stack({teapot}, &run_route)) == 418u);
    BOOST_TEST(trace == ".");
}

BOOST_AUTO_TEST_CASE(a_plain_layer_knows_when_the_request_came) {
    auto const before = std::chrono::steady_clock::now();
    bool right = false;
    plain_layer const clocked{{}, [&](context& c, arrival const& when, outcome<reply>&) {
                                  right = when.at >= before && when.time == c.real_now();
                              }};
    BOOST_TEST(status_of(stack({clocked}, &run_route)) == 200u);
    BOOST_TEST(right);
}

BOOST_AUTO_TEST_CASE(what_is_thrown_further_in_passes_the_plain_layers_by) {
    BOOST_CHECK_THROW(status_of(stack({plain('a', 'z')}, &throwing)), std::runtime_error);
    BOOST_TEST(trace == "a");
}

BOOST_AUTO_TEST_CASE(without_layers_the_innermost_handler_stands_alone) {
    BOOST_TEST(status_of(stack({}, &run_route)) == 200u);
    BOOST_TEST(trace == ".");
}

BOOST_AUTO_TEST_SUITE_END()
