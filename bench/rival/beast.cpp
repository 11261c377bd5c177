// The least that a Boost.Beast server can do to give the answers that scripts/bench asks for: one
// thread, no deadline, no bound, no log, nothing checked. What tollgate's answers cost is told in
// multiples of its.
//
//   PORT=18100 INTROSPECT_PORT=18101 bench_rival
//
//   GET  /json         a fixed document           POST /mcp          tools/call echo, initialize
//   POST /mcp-auth     the same, for a bearer that is in a table
//   POST /mcp-intro    the same, for a bearer that the server at INTROSPECT_PORT calls active
//   GET  /sse          legacy HTTP+SSE            POST /messages     what its client sends
//   GET  /authorize    a code, at once            POST /token        a token for it, or for a
//   client's secret POST /introspect   what is behind a token
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/src.hpp>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;
using tcp = asio::ip::tcp;
using executor = asio::io_context::executor_type;  // the concrete one: no type erasure
template <class T>
using task = asio::awaitable<T, executor>;
using token = asio::as_tuple_t<asio::use_awaitable_t<executor>>;
using socket_type = token::as_default_on_t<asio::basic_stream_socket<tcp, executor>>;
using acceptor_type = token::as_default_on_t<asio::basic_socket_acceptor<tcp, executor>>;
using request = http::request<http::string_body>;
using response = http::response<http::string_body>;

struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept {
        return std::hash<std::string_view>()(s);
    }
};
template <class T>
using table = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;

struct issued {
    std::string client;
    std::time_t until = 0;
};
struct pending_code {
    std::string client, challenge;
};
struct event_stream {
    socket_type socket;
    std::deque<std::string> waiting;
    bool writing = false;

    explicit event_stream(socket_type s) : socket(std::move(s)) {}
};

// One thread: nobody else looks.
struct server_state {
    table<issued> tokens;
    table<pending_code> codes;
    table<std::shared_ptr<event_stream>> streams;
    std::deque<socket_type> idle;  // connections to the other server
    unsigned short introspect_port = 0;
} state;

std::string random_name(std::size_t bytes) {
    static std::string pool;
    if (pool.size() < bytes) {
        pool.resize(4096);
        RAND_bytes(reinterpret_cast<unsigned char*>(pool.data()), static_cast<int>(pool.size()));
    }
    std::string name;
    name.reserve(2 * bytes);
    for (std::size_t i = 0; i < bytes; ++i) {
        auto const byte = static_cast<unsigned char>(pool.back());
        pool.pop_back();
        name += "0123456789abcdef"[byte >> 4];
        name += "0123456789abcdef"[byte & 15];
    }
    return name;
}

std::string challenge_of(std::string_view verifier) {
    unsigned char digest[32];
    unsigned char text[48];
    EVP_Digest(verifier.data(), verifier.size(), digest, nullptr, EVP_sha256(), nullptr);
    EVP_EncodeBlock(text, digest, sizeof digest);
    std::string s(reinterpret_cast<char*>(text), 43);
    for (char& c : s)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    return s;
}

int nibble(char c) {
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

// The value of a field of a form or a query; empty when it is not there.
std::string field(std::string_view form, std::string_view name) {
    while (!form.empty()) {
        auto const pair = form.substr(0, form.find('&'));
        form.remove_prefix(std::min(pair.size() + 1, form.size()));
        auto const equals = pair.find('=');
        if (pair.substr(0, equals) != name || equals == pair.npos) continue;
        std::string value;
        for (auto i = equals + 1; i < pair.size(); ++i) {
            if (pair[i] == '%' && i + 2 < pair.size()) {
                value += static_cast<char>(nibble(pair[i + 1]) * 16 + nibble(pair[i + 2]));
                i += 2;
            } else {
                value += pair[i] == '+' ? ' ' : pair[i];
            }
        }
        return value;
    }
    return {};
}

// The answer to a message; empty for one that wants none.
std::string answer_to(std::string const& body) {
    auto const message = json::parse(body);
    auto const& m = message.as_object();
    auto const* id = m.if_contains("id");
    if (!id) return {};
    json::object answer{{"jsonrpc", "2.0"}, {"id", *id}};
    auto const& params = m.at("params").as_object();
    if (m.at("method").as_string() == "tools/call") {
        json::object content{{"type", "text"}, {"text", params.at("arguments").at("text")}};
        answer["result"] = json::object{{"content", json::array{std::move(content)}}};
    } else {
        answer["result"] = json::object{{"protocolVersion", params.at("protocolVersion")},
                                        {"capabilities", json::object()}};
    }
    return json::serialize(answer);
}

std::string chunk(std::string_view text) {
    char size[24];
    std::string c(
        size, static_cast<std::size_t>(std::snprintf(size, sizeof size, "%zx\r\n", text.size())));
    c += text;
    c += "\r\n";
    return c;
}

void give_json(response& to, std::string body) {
    to.set(http::field::content_type, "application/json");
    to.body() = std::move(body);
}

void answer_message(response& to, std::string const& body) {
    auto text = answer_to(body);
    if (text.empty())
        to.result(http::status::accepted);
    else
        give_json(to, std::move(text));
}

std::string_view bearer_of(request const& r) {
    std::string_view const value = r[http::field::authorization];
    return value.starts_with("Bearer ") ? value.substr(7) : std::string_view();
}

void authorize(response& to, std::string_view query) {
    auto code = random_name(16);
    to.result(http::status::found);
    to.set(http::field::location,
           field(query, "redirect_uri") + "?code=" + code + "&state=" + field(query, "state"));
    state.codes.emplace(std::move(code),
                        pending_code{field(query, "client_id"), field(query, "code_challenge")});
}

bool is_good_code(std::string_view form, std::string const& client) {
    auto const found = state.codes.find(field(form, "code"));
    if (found == state.codes.end()) return false;
    bool const good = found->second.client == client &&
                      found->second.challenge == challenge_of(field(form, "code_verifier"));
    state.codes.erase(found);
    return good;
}

void issue_token(response& to, std::string_view form) {
    auto client = field(form, "client_id");
    bool const good = field(form, "grant_type") == "client_credentials"
                          ? !field(form, "client_secret").empty()
                          : is_good_code(form, client);
    if (!good) {
        to.result(http::status::bad_request);
        return give_json(to, R"({"error":"invalid_grant"})");
    }
    auto secret = random_name(32);
    to.set(http::field::cache_control, "no-store");
    give_json(to, R"({"access_token":")" + secret +
                      R"(","token_type":"Bearer","expires_in":3600,"scope":"mcp"})");
    state.tokens.emplace(std::move(secret), issued{std::move(client), std::time(nullptr) + 3600});
}

bool is_alive(std::string_view secret) {
    auto const found = state.tokens.find(secret);
    return found != state.tokens.end() && found->second.until > std::time(nullptr);
}

void introspect(response& to, std::string_view form) {
    auto const found = state.tokens.find(field(form, "token"));
    if (found == state.tokens.end()) return give_json(to, R"({"active":false})");
    give_json(to, R"({"active":true,"scope":"mcp","token_type":"Bearer","client_id":")" +
                      found->second.client + R"(","exp":)" + std::to_string(found->second.until) +
                      "}");
}

// Over a connection that is kept for the next one.
task<bool> is_active_elsewhere(std::string bearer) {
    auto const here = co_await asio::this_coro::executor;
    socket_type to(here);
    if (!state.idle.empty()) {
        to = std::move(state.idle.back());
        state.idle.pop_back();
    } else {
        tcp::endpoint const other(asio::ip::address_v4::loopback(), state.introspect_port);
        auto [failed] = co_await to.async_connect(other);
        if (failed) co_return false;
        to.set_option(tcp::no_delay(true));
    }
    request ask(http::verb::post, "/introspect", 11);
    ask.set(http::field::host, "127.0.0.1");
    ask.set(http::field::content_type, "application/x-www-form-urlencoded");
    ask.body() = "token=" + bearer;
    ask.prepare_payload();
    auto [not_sent, sent] = co_await http::async_write(to, ask);
    boost::beast::flat_buffer buffer;
    response answer;
    auto [not_read, read] = co_await http::async_read(to, buffer, answer);
    if (not_sent || not_read) co_return false;
    state.idle.push_back(std::move(to));
    co_return json::parse(answer.body()).at("active").as_bool();
}

task<void> write_events(std::shared_ptr<event_stream> to) {
    to->writing = true;
    while (!to->waiting.empty()) {
        auto const text = std::move(to->waiting.front());
        to->waiting.pop_front();
        auto [failed, n] = co_await asio::async_write(to->socket, asio::buffer(text));
        if (failed) break;
    }
    to->writing = false;
}

void take_message(response& to, std::string_view query, std::string const& body,
                  executor const& here) {
    auto const found = state.streams.find(query.substr(query.find('=') + 1));
    if (found == state.streams.end()) return to.result(http::status::not_found);
    auto const& stream = found->second;
    to.result(http::status::accepted);
    to.body() = "Accepted";
    auto const text = answer_to(body);
    if (text.empty()) return;
    stream->waiting.push_back(chunk("event: message\ndata: " + text + "\n\n"));
    if (!stream->writing) asio::co_spawn(here, write_events(stream), asio::detached);
}

task<void> serve_stream(socket_type from) {
    auto const name = random_name(16);
    auto const stream = std::make_shared<event_stream>(std::move(from));
    state.streams.emplace(name, stream);
    stream->waiting.push_back(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
        "Transfer-Encoding: chunked\r\n\r\n" +
        chunk("event: endpoint\ndata: /messages?sessionId=" + name + "\n\n"));
    co_await write_events(stream);
    char byte = 0;
    for (;;) {
        auto [failed, n] = co_await stream->socket.async_read_some(asio::buffer(&byte, 1));
        if (failed) break;
    }
    state.streams.erase(name);
}

void answer_at_once(request const& asked, response& to, std::string_view path,
                    std::string_view query, executor const& here) {
    if (path == "/mcp") return answer_message(to, asked.body());
    if (path == "/mcp-auth") {
        if (is_alive(bearer_of(asked))) return answer_message(to, asked.body());
        return to.result(http::status::unauthorized);
    }
    if (path == "/json") return give_json(to, R"({"ok":true,"text":"hello"})");
    if (path == "/messages") return take_message(to, query, asked.body(), here);
    if (path == "/authorize") return authorize(to, query);
    if (path == "/token") return issue_token(to, asked.body());
    if (path == "/introspect") return introspect(to, asked.body());
    to.result(http::status::not_found);
}

task<void> serve(socket_type socket) {
    auto const here = co_await asio::this_coro::executor;
    boost::beast::flat_buffer buffer;
    for (;;) {
        request asked;
        auto [not_read, read] = co_await http::async_read(socket, buffer, asked);
        if (not_read) break;
        std::string_view const target = asked.target();
        auto const path = target.substr(0, target.find('?'));
        auto const query = target.substr(std::min(path.size() + 1, target.size()));
        if (path == "/sse") {
            asio::co_spawn(here, serve_stream(std::move(socket)), asio::detached);
            break;
        }
        response answer(http::status::ok, 11);
        if (path == "/mcp-intro") {
            std::string bearer(bearer_of(asked));
            bool const active = co_await is_active_elsewhere(std::move(bearer));
            if (active)
                answer_message(answer, asked.body());
            else
                answer.result(http::status::unauthorized);
        } else {
            answer_at_once(asked, answer, path, query, here);
        }
        answer.keep_alive(asked.keep_alive());
        answer.prepare_payload();
        auto [not_sent, sent] = co_await http::async_write(socket, answer);
        if (not_sent || !asked.keep_alive()) break;
    }
}

task<void> accept_all(unsigned short port) {
    auto const here = co_await asio::this_coro::executor;
    acceptor_type acceptor(here, {asio::ip::address_v4::loopback(), port});
    for (;;) {
        auto [failed, accepted] = co_await acceptor.async_accept();
        if (failed) continue;
        socket_type socket(std::move(accepted));
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(here, serve(std::move(socket)), asio::detached);
    }
}

unsigned short port_of(char const* name) {
    char const* const text = std::getenv(name);
    return static_cast<unsigned short>(text ? std::atoi(text) : 0);
}

}  // namespace

int main() {
    state.introspect_port = port_of("INTROSPECT_PORT");
    asio::io_context context(1);
    asio::co_spawn(context.get_executor(), accept_all(port_of("PORT")), asio::detached);
    context.run();
}
