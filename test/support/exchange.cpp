#include "support/exchange.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "http/message/form.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "support/message_log.hpp"

namespace test {

boost::json::value answer::json() const {
    boost::system::error_code ec;
    auto value = boost::json::parse(body, ec);
    BOOST_REQUIRE_MESSAGE(!ec, "not JSON: " << body);
    return value;
}

std::string encode(fields const& parameters) {
    std::string out;
    for (auto const& [name, value] : parameters) {
        if (!out.empty()) out += '&';
        out += http::percent_encode(name) + '=' + http::percent_encode(value);
    }
    return out;
}

bench::bench(http::router const& routes, http::handler layers)
    : routes_(routes), layers_(std::move(layers)) {
    where.realm = realm;
    where.as_origin = "http://localhost:9100";
    where.mcp_origin = "http://localhost:9101";
    where.internal_issuer = "http://127.0.0.1:9100";
}

namespace {

tollgate::task<http::reply> call(http::handler const& layers, http::context& c) {
    auto result = co_await layers(c);
    if (result) co_return std::move(*result);
    co_return http::render(result.error());
}

tollgate::task<std::string> read_all(http::body_stream& stream) {
    std::string all;
    for (;;) {
        auto chunk = co_await stream.next();
        if (!chunk) co_return all;
        all += *chunk;
    }
}

}  // namespace

http::reply bench::raw(http::verb method, std::string const& target, std::string const& body,
                       fields headers) {
    http::request r;
    r.method = method;
    r.method_text = http::to_string(method);
    r.target = target;
    auto const question = target.find('?');
    r.path = std::string_view(target).substr(0, question);
    if (question != std::string::npos) r.query = std::string_view(target).substr(question + 1);
    r.body = body;
    r.peer = !peer.empty() ? peer : peer_is_loopback ? "127.0.0.1" : "192.0.2.1";
    r.peer_is_loopback = peer_is_loopback;
    bool host = false;
    for (auto const& [name, value] : headers) {
        r.headers.push_back({name, value});
        host = host || http::iequals(name, "Host");
    }
    if (!host) r.headers.push_back({"Host", "localhost:9100"});
    where.realm = realm;
    auto const match = routes_.match(method, r.path);
    http::context c(r, where, r.path, match, clock, io_.get_executor(),
                    "test-" + std::to_string(++exchanges_));
    http::handler const layers = layers_ ? layers_ : http::handler(&http::run_route);
    auto answered = run(io_, call(layers, c));
    return records_messages ? recorded(r, std::move(answered)) : std::move(answered);
}

answer bench::send(http::verb method, std::string const& target, std::string const& body,
                   fields headers) {
    auto got = raw(method, target, body, std::move(headers));
    answer a;
    a.status = got.status;
    a.headers = got.headers;
    a.body = got.stream ? run(io_, read_all(*got.stream)) : got.body;
    return a;
}

answer bench::get(std::string const& target, fields headers) {
    return send(http::verb::get, target, "", std::move(headers));
}

answer bench::post_form(std::string const& target, fields const& parameters, fields headers) {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return send(http::verb::post, target, encode(parameters), std::move(headers));
}

answer bench::post_json(std::string const& target, std::string const& body, fields headers) {
    headers.emplace_back("Content-Type", "application/json");
    return send(http::verb::post, target, body, std::move(headers));
}

}  // namespace test
