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

namespace test {

namespace {

// Where TEST_STORE wants a store and the test has none of its own.
std::shared_ptr<folder> folder_of_records(std::vector<std::string> const& sets) {
    auto const* const named = std::getenv("TEST_STORE");
    std::string_view const wanted = named != nullptr ? named : "memory";
    BOOST_REQUIRE_MESSAGE(wanted == "memory" || wanted == "sqlite",
                          "TEST_STORE is memory or sqlite");
    auto const is_store = [](auto const& set) { return set.starts_with("store."); };
    if (wanted == "memory" || std::ranges::any_of(sets, is_store)) return nullptr;
    return std::make_shared<folder>();
}

tollgate::config settings(folder const* records, std::vector<std::string> sets,
                          std::string const& file) {
    std::vector<std::string> all{"authorization_server.listen=localhost:0",
                                 "mcp.listen=localhost:0", "server.log_level=off",
                                 "server.workers=2", "server.drain_timeout=3s"};
    if (records) {
        all.push_back("store.backend=sqlite");
        all.push_back("store.path=" + (records->path() / "tollgate.db").string());
    }
    all.insert(all.end(), std::make_move_iterator(sets.begin()),
               std::make_move_iterator(sets.end()));
    tollgate::config_sources from;
    from.file = file;
    from.sets = std::move(all);
    return tollgate::load_config(from);
}

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
    auto const records = folder_of_records(sets);
    app_ = std::make_unique<tollgate::application>(settings(records.get(), std::move(sets), file));
    records_ = records;
    tollgate::set_log(tollgate::log_level::off, tollgate::log_format::text);
    app_->start();
    thread_ = std::thread([this] { app_->run(); });
}

program::~program() {
    if (thread_.joinable()) stop();
}

std::chrono::milliseconds program::stop() {
    auto const begin = std::chrono::steady_clock::now();
    app_->stop();
    thread_.join();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 begin);
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
