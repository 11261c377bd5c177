// The list of realms, of all instances.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/log/log.hpp"
#include "base/text.hpp"
#include "control/instances/request_gate.hpp"
#include "http/relay/whole.hpp"

namespace tollgate::control {

namespace {

namespace json = boost::json;

problem list_is_incomplete() {
    return problem(503, "temporarily_unavailable",
                   "an instance does not say which realms it has; try again")
        .with("Retry-After", "1");
}

// The same question to another instance: whoever asks is answered as by us.
std::string question_of(http::request const& r) {
    std::string all = "GET " + std::string(r.target) + " HTTP/1.1\r\n";
    for (auto const& field : r.headers) {
        bool const of_body = http::iequals(field.name, "Content-Length") ||
                             http::iequals(field.name, "Transfer-Encoding") ||
                             http::iequals(field.name, "Expect");
        if (of_body) continue;
        all.append(field.name).append(": ").append(field.value).append("\r\n");
    }
    return all += "\r\n";
}

json::array realms_in(std::string_view body) {
    boost::system::error_code ec;
    auto const parsed = json::parse(body, ec);
    auto const* const o = ec ? nullptr : parsed.if_object();
    auto const* const list = o ? o->if_contains("realms") : nullptr;
    return list && list->is_array() ? list->get_array() : json::array();
}

}  // namespace

task<http::reply> request_gate::list_all(http::request const& r, http::listener_info const& l,
                                         boost::asio::any_io_executor on) {
    auto answer = co_await inner_(r, l, on);
    if (answer.status != 200 || answer.stream || answer.wrongly) co_return answer;
    auto const others = co_await owners_.others_now();
    if (!others) co_return unavailable(r, list_is_incomplete());
    if (others->empty()) co_return answer;
    auto list = realms_in(answer.body);
    for (auto const& other : *others) {
        if (other.address.empty()) continue;  // it does not serve yet
        http::relay_question asked;
        asked.instance = other.id;
        asked.address = other.address;
        asked.from.peer = r.peer;
        asked.from.listener = l;
        asked.request = question_of(r);
        auto const body = co_await http::whole_answer(std::move(asked), on);
        if (!body) {
            log(log_level::warning, "instance_not_reached", {{"address", other.address}});
            co_return unavailable(r, list_is_incomplete());
        }
        for (auto& realm : realms_in(*body))
            list.push_back(std::move(realm));
    }
    json::object whole;
    whole["realms"] = std::move(list);
    answer.body = json::serialize(whole);
    co_return answer;
}

}  // namespace tollgate::control
