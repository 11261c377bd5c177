// The part of an exchange that has a connection: the request goes out, the answer comes in.
#include <memory>
#include <optional>
#include <utility>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/client/exchange.hpp"

namespace tollgate::http {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr std::uint32_t max_head = 64 << 10;
constexpr std::size_t read_size = 16 << 10;
constexpr std::size_t usual_head = 512;
// Interim answers (1xx) before the final one.
constexpr int max_interim = 8;

// These say where the message ends and whom it is for: not for a caller to decide.
bool set_by_us(std::string_view name) {
    for (auto one : {"Host", "Content-Length", "Transfer-Encoding", "Connection"})
        if (iequals(name, one)) return true;
    return false;
}

client_response to_response(beast::http::response<beast::http::string_body>&& message) {
    client_response a;
    a.status = message.result_int();
    for (auto const& field : message)
        a.headers.add(std::string(field.name_string()), std::string(field.value()));
    a.body = std::move(message.body());
    return a;
}

}  // namespace

task<error_code> client_exchange::talk(client_response& into) {
    auto const text = head();
    pieces all{asio::buffer(text), asio::buffer(what_.body)};
    error_code ec;
    // Most questions fit into the socket's buffer: then nothing is awaited.
    if (!io_->write_now(all, ec)) co_await io_->write(all, ec);
    if (!ec) ec = co_await read_answer(into);
    co_return ec;
}

std::string client_exchange::head() const {
    std::string text;
    text.reserve(usual_head);
    text.append(to_string(what_.method)).append(" ").append(where_.path);
    text.append(" HTTP/1.1\r\nHost: ").append(where_.authority).append("\r\n");
    // RFC 9110 §8.6: a length of 0 is said as well where the method expects a body.
    bool const asks_with_body = what_.method == verb::post || what_.method == verb::put ||
                                what_.method == verb::patch || !what_.body.empty();
    if (asks_with_body) text += "Content-Length: " + std::to_string(what_.body.size()) + "\r\n";
    if (!what_.headers.has("User-Agent")) text += "User-Agent: tollgate/" TOLLGATE_VERSION "\r\n";
    for (auto const& line : what_.headers)
        if (!set_by_us(line.name))
            text.append(line.name).append(": ").append(line.value).append("\r\n");
    text += "\r\n";
    return text;
}

task<error_code> client_exchange::read_answer(client_response& into) {
    using parser_type = beast::http::response_parser<beast::http::string_body>;
    std::optional<parser_type> parser;
    std::string pending;
    auto const bytes = std::make_unique_for_overwrite<char[]>(read_size);
    for (int interim = 0; interim < max_interim; ++interim) {
        parser.emplace();
        parser->eager(true);
        parser->header_limit(max_head);
        parser->body_limit(what_.max_body);
        parser->skip(what_.method == verb::head);
        while (!parser->is_done()) {
            error_code ec;
            auto const used = parser->put(asio::buffer(pending), ec);
            pending.erase(0, used);
            if (parser->is_done()) break;
            if (ec == beast::http::error::body_limit || ec == beast::http::error::header_limit)
                co_return asio::error::message_size;
            if (ec && ec != beast::http::error::need_more) co_return ec;
            if (!ec && used != 0 && !pending.empty()) continue;
            ec.clear();
            auto const n = co_await io_->read_some(asio::buffer(bytes.get(), read_size), ec);
            // RFC 9112 §6.3: a body without a length ends with its connection.
            if (ec == asio::error::eof && answer_begun_) {
                parser->put_eof(ec);
                if (ec) co_return asio::error::connection_reset;
                break;
            }
            if (ec) co_return ec;
            answer_begun_ = true;
            pending.append(bytes.get(), n);
        }
        if (parser->get().result_int() / 100 != 1) break;
    }
    if (parser->get().result_int() / 100 == 1) co_return beast::http::error::bad_status;
    // Bytes behind the answer belong to nothing that we asked for.
    reusable_ = parser->keep_alive() && pending.empty();
    into = to_response(parser->release());
    co_return error_code();
}

}  // namespace tollgate::http
