#include "http/relay/whole.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "base/text.hpp"
#include "http/message/headers.hpp"
#include "http/relay/pool.hpp"

namespace tollgate::http {

namespace {

constexpr std::size_t longest_answer = 16 << 20;
// An instance may hang, and be missed by nobody while the store is away.
constexpr std::chrono::seconds longest_wait{5};

std::optional<std::string> body_of_answer(std::string_view answer) {
    auto const end = answer.find("\r\n\r\n");
    if (end == std::string_view::npos || !answer.starts_with("HTTP/1.1 200 ")) return std::nullopt;
    auto head = answer.substr(0, end);
    auto const body = answer.substr(end + 4);
    while (!head.empty()) {
        auto line = next_part(head, '\n');
        auto const name = next_part(line, ':');
        if (iequals(name, "Content-Length") && std::to_string(body.size()) == trim(line))
            return std::string(body);
    }
    return std::nullopt;
}

}  // namespace

task<std::optional<std::string>> whole_answer(relay_question asked,
                                              boost::asio::any_io_executor executor) {
    auto& pool = relay_pool::of(executor);
    boost::asio::steady_timer limit(executor, longest_wait);
    error_code ec;
    auto const link = co_await pool.take(std::move(asked.instance), std::move(asked.address),
                                         std::move(executor), ec);
    if (!link) co_return std::nullopt;
    limit.async_wait([of = std::weak_ptr(link)](error_code const& gone) {
        auto const late = of.lock();
        if (!gone && late) late->close();
    });
    auto const preamble = text_of(asked.from);
    std::string_view const nothing;
    co_await link->send(preamble, asked.request, nothing, ec);
    std::string answer;
    bool ended = false;
    while (!ec && !ended && answer.size() < longest_answer) {
        auto const next = co_await link->next(ec);
        if (next.what == stream_io::data_frame) answer += next.data;
        ended = next.what == relay_mark::ended;
        if (next.what == relay_mark::not_mine) break;
    }
    pool.put(link);
    if (!ended) co_return std::nullopt;
    co_return body_of_answer(answer);
}

}  // namespace tollgate::http
