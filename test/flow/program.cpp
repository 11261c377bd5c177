#include "flow/program.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/log/log.hpp"
#include "config/config.hpp"
#include "http/message/form.hpp"
#include "support/folder.hpp"
#include "support/nginx_proxy.hpp"
#include "support/redis_server.hpp"
#include "support/waiting.hpp"

namespace test {

namespace {

constexpr unsigned short several = 3;
constexpr char const* control_token = "a-token-of-the-control-plane";

std::string wanted_store() {
    auto const* const named = std::getenv("TEST_STORE");
    std::string const wanted = named != nullptr ? named : "memory";
    BOOST_REQUIRE_MESSAGE(wanted == "memory" || wanted == "sqlite" || wanted == "instances",
                          "TEST_STORE is memory, sqlite or instances");
    return wanted;
}

bool name_one_of(std::vector<std::string> const& sets, std::vector<std::string> const& keys) {
    return std::ranges::any_of(sets, [&](auto const& set) {
        return std::ranges::any_of(keys, [&](auto const& key) { return set.starts_with(key); });
    });
}

// `more`: before what the test itself says.
tollgate::config settings(std::vector<std::string> more, std::vector<std::string> const& sets,
                          std::string const& file) {
    std::vector<std::string> all{"authorization_server.listen=localhost:0",
                                 "mcp.listen=localhost:0", "server.log_level=off",
                                 "server.workers=2", "server.drain_timeout=3s"};
    all.insert(all.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
    all.insert(all.end(), sets.begin(), sets.end());
    tollgate::config_sources from;
    from.file = file;
    from.sets = std::move(all);
    return tollgate::load_config(from);
}

unsigned short port_of(std::string const& url) {
    return boost::urls::url_view(url).port_number();
}

// What several programs share, and who asks them in turns.
struct shared_by_several {
    redis_server redis;
    folder files;
    unsigned short issuer = redis_server::free_port();
    unsigned short mcp = redis_server::free_port();
    std::unique_ptr<nginx_proxy> proxy;

    std::vector<std::string> sets() const {
        auto const at = [](unsigned short port) {
            return "http://localhost:" + std::to_string(port);
        };
        return {"store.backend=redis",
                "store.url=" + redis.url(),
                "store.key_file=" + (files.path() / "tollgate.key").string(),
                "control.token=" + std::string(control_token),
                "authorization_server.listen=127.0.0.1:0",
                "mcp.listen=127.0.0.1:0",
                "authorization_server.public_url=" + at(issuer),
                "mcp.public_url=" + at(mcp)};
    }
};

std::string request_text(std::string const& method, boost::urls::url_view url,
                         fields const& headers, std::string const& body) {
    std::string target(url.encoded_target());
    if (target.empty()) target = "/";
    std::string text = method + ' ' + target + " HTTP/1.1\r\n";
    bool host = false;
    for (auto const& [name, value] : headers) {
        text += name + ": " + value + "\r\n";
        host = host || name == "Host";
    }
    if (!host) text += "Host: " + std::string(url.encoded_host_and_port()) + "\r\n";
    if (!body.empty() || method == "POST")
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return text + "\r\n" + body;
}

}  // namespace

program::program(std::vector<std::string> sets, std::string const& file) {
    auto const store = wanted_store();
    bool const own_store = name_one_of(sets, {"store."});
    bool const own_names =
        name_one_of(sets, {"control.", "authorization_server.listen", "mcp.listen",
                           "authorization_server.public_url", "mcp.public_url"});
    if (store == "instances" && !own_store && !own_names) {
        begin_several(sets, file);
    } else if (store == "sqlite" && !own_store) {
        auto const own = std::make_shared<folder>();
        records_ = own;
        auto const database = (own->path() / "tollgate.db").string();
        begin(settings({"store.backend=sqlite", "store.path=" + database}, sets, file));
    } else {
        begin(settings({}, sets, file));
    }
}

void program::begin(tollgate::config settings) {
    auto& one = running_.emplace_back();
    one.app = std::make_unique<tollgate::application>(std::move(settings));
    tollgate::set_log(tollgate::log_level::off, tollgate::log_format::text);
    one.app->start();
    one.thread = std::thread([app = one.app.get()] { app->run(); });
}

void program::begin_several(std::vector<std::string> const& sets, std::string const& file) {
    auto const shared = std::make_shared<shared_by_several>();
    records_ = shared;
    nginx_proxy::front issuer{shared->issuer, {}};
    nginx_proxy::front mcp{shared->mcp, {}};
    for (auto i = 0; i < several; ++i) {
        begin(settings(shared->sets(), sets, file));
        auto const& where = running_.back().app->where();
        issuer.second.push_back(port_of(where.bound_issuer));
        mcp.second.push_back(port_of(where.bound_mcp));
    }
    shared->proxy = std::make_unique<nginx_proxy>(std::vector{issuer, mcp}, control_token);
}

program::~program() {
    stop();
}

std::chrono::milliseconds program::stop() {
    auto const begin = std::chrono::steady_clock::now();
    for (auto& one : running_)
        if (one.thread.joinable()) one.app->stop();
    for (auto& one : running_)
        if (one.thread.joinable()) one.thread.join();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 begin);
}

void wait_for_proofs(program const& p) {
    if (p.is_several()) outlive(std::chrono::seconds(1));
}

boost::unit_test::precondition needs_one_program(std::string const& why) {
    return boost::unit_test::precondition([why](boost::unit_test::test_unit_id) {
        boost::test_tools::assertion_result runs(wanted_store() != "instances");
        runs.message() << why;
        return runs;
    });
}

std::string program::mcp_origin() const {
    return mcp().substr(0, mcp().rfind('/'));
}

std::unique_ptr<raw_client> open(std::string const& method, std::string const& url,
                                 fields const& headers, std::string const& body) {
    auto const parsed = boost::urls::parse_uri(url);
    BOOST_REQUIRE_MESSAGE(parsed.has_value(), "not a URL: " << url);
    auto const address = parsed->encoded_host() == "[::1]" ? "::1" : "127.0.0.1";
    auto client = std::make_unique<raw_client>(parsed->port_number(), address);
    client->record_messages();
    client->send(request_text(method, *parsed, headers, body));
    return client;
}

raw_reply call(std::string const& method, std::string const& url, fields const& headers,
               std::string const& body) {
    return open(method, url, headers, body)->read_reply(method == "HEAD");
}

raw_reply get(std::string const& url, fields const& headers) {
    return call("GET", url, headers);
}

raw_reply post_json(std::string const& url, std::string const& body, fields headers) {
    headers.emplace_back("Content-Type", "application/json");
    return call("POST", url, headers, body);
}

raw_reply post_form(std::string const& url, fields const& parameters, fields headers) {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    std::string body;
    for (auto const& [name, value] : parameters)
        body += (body.empty() ? "" : "&") + http::percent_encode(name) + '=' +
                http::percent_encode(value);
    return call("POST", url, headers, body);
}

boost::json::value json_of(raw_reply const& r) {
    boost::system::error_code ec;
    auto value = boost::json::parse(r.body, ec);
    BOOST_REQUIRE_MESSAGE(!ec, "status " << r.status << ", not JSON: " << r.body);
    return value;
}

long metric(program const& p, std::string const& name) {
    auto const text = '\n' + get(p.mcp_origin() + "/metrics").body;
    auto const at = text.find('\n' + name + ' ');
    return at == std::string::npos ? 0 : std::stol(text.substr(at + name.size() + 2));
}

std::string text_of(boost::json::value const& v, std::string_view member) {
    auto const* found = v.as_object().if_contains(member);
    BOOST_REQUIRE_MESSAGE(found && found->is_string(), "no text member " << member << " in " << v);
    return std::string(found->as_string());
}

fields bearer(std::string const& token) {
    return {{"Authorization", "Bearer " + token}};
}

}  // namespace test
