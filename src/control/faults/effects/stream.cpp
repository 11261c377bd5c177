// events, rpc: what is said in MCP, on a stream or in one answer.
#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "control/faults/effects/kinds.hpp"
#include "control/faults/effects/merge_patch.hpp"
#include "control/faults/effects/templates.hpp"
#include "http/message/request.hpp"

namespace tollgate::control::effects {

namespace json = boost::json;

namespace {

// What becomes of one event of a stream. `text` is the event as it goes over the wire.
struct handling {
    std::string text;
    std::chrono::milliseconds wait{0};
    bool end = false;  // the stream breaks off behind it
};
using handler_of_events = std::function<handling(std::size_t number, std::string event)>;

// Events are told apart by the empty line behind each; ours end lines with LF.
class altered_stream final : public http::body_stream {
public:
    altered_stream(std::unique_ptr<http::body_stream> body, handler_of_events each,
                   boost::asio::any_io_executor on)
        : body_(std::move(body)), each_(std::move(each)), on_(std::move(on)) {}

    task<std::optional<std::string>> next() override {
        for (;;) {
            if (ended_) co_return std::nullopt;
            auto const end = waiting_.find("\n\n");
            if (end == std::string::npos) {
                auto piece = co_await body_->next();
                if (!piece) co_return rest();
                waiting_ += *piece;
                continue;
            }
            auto event = waiting_.substr(0, end + 2);
            waiting_.erase(0, end + 2);
            auto done = each_(++number_, std::move(event));
            if (done.wait.count() != 0) {
                auto const wait = done.wait;
                co_await pause(wait);
            }
            ended_ = done.end;
            if (!done.text.empty()) co_return std::move(done.text);
        }
    }

    void close() noexcept override { body_->close(); }

private:
    std::optional<std::string> rest() {
        ended_ = true;
        if (waiting_.empty()) return std::nullopt;
        return std::move(waiting_);
    }

    task<void> pause(std::chrono::milliseconds wait) {
        boost::asio::steady_timer timer(on_, wait);
        auto const token = boost::asio::as_tuple(boost::asio::use_awaitable);
        [[maybe_unused]] auto const done = co_await timer.async_wait(token);
    }

    std::unique_ptr<http::body_stream> body_;
    handler_of_events each_;
    boost::asio::any_io_executor on_;
    std::string waiting_;
    std::size_t number_ = 0;
    bool ended_ = false;
};

bool is_comment(std::string_view event) noexcept {
    return event.starts_with(':');
}

// Without the lines of that field.
std::string without_field(std::string_view event, std::string_view field) {
    std::string out;
    while (!event.empty()) {
        auto const end = event.find('\n');
        auto const line = event.substr(0, end == event.npos ? event.size() : end + 1);
        event.remove_prefix(line.size());
        if (!line.starts_with(std::string(field) + ':')) out += line;
    }
    return out;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

struct events_rule {
    std::vector<std::size_t> drop;
    std::vector<std::size_t> twice;
    std::size_t end_after = 0;  // 0: never
    std::chrono::milliseconds wait{0};
    bool without_id = false;
    std::string line_end;  // empty: as it is
    std::string name;      // another event type

    handling operator()(std::size_t number, std::string event) const {
        handling h;
        auto const in = [&](auto const& list) {
            return std::ranges::find(list, number) != list.end();
        };
        if (in(drop)) return h;
        h.wait = wait;
        if (without_id) event = without_field(event, "id");
        if (!name.empty() && !is_comment(event))
            event = "event: " + name + '\n' + without_field(event, "event");
        if (!line_end.empty()) event = replaced(std::move(event), "\n", line_end);
        h.text = in(twice) ? event + event : event;
        h.end = number == end_after;
        return h;
    }
};

class other_events final : public effect {
public:
    events_rule rule;

    unsigned seams() const noexcept override { return after_handler; }
    task<bool> after(http::context& c, http::reply& r, administrations const&) const override {
        if (!r.stream) co_return false;
        r.stream = std::make_unique<altered_stream>(std::move(r.stream), rule, c.executor());
        co_return true;
    }
};

// A JSON-RPC response: it has an id, and a result or an error.
bool is_response(json::object const& o) noexcept {
    return o.contains("id") && (o.contains("result") || o.contains("error"));
}

struct rpc_rule {
    std::optional<json::value> result;
    std::optional<json::value> error;
    bool another_id = false;

    // False: it is no response.
    bool alter(json::value& message) const {
        auto* o = message.if_object();
        if (o == nullptr || !is_response(*o)) return false;
        if (result && o->contains("result")) merge_patch((*o)["result"], *result);
        if (error) {
            o->erase("result");
            (*o)["error"] = *error;
        }
        if (another_id) (*o)["id"] = "an-id-that-nobody-used";
        return true;
    }

    // The data of an event, in one line as the server writes them.
    std::string in_event(std::string const& event) const {
        constexpr std::string_view data = "data: ";
        auto const at = event.find(data);
        if (at == std::string::npos) return event;
        auto const end = event.find('\n', at);
        json::error_code wrong;
        auto value = json::parse(
            std::string_view(event).substr(at + data.size(), end - at - data.size()), wrong);
        if (wrong || !alter(value)) return event;
        return event.substr(0, at + data.size()) + json::serialize(value) + event.substr(end);
    }
};

class other_response final : public effect {
public:
    rpc_rule rule;

    unsigned seams() const noexcept override { return after_handler; }
    task<bool> after(http::context& c, http::reply& r, administrations const&) const override {
        auto now = rule;
        if (now.result) fill(*now.result, c);
        if (now.error) fill(*now.error, c);
        if (r.stream) {
            auto each = [now](std::size_t, std::string event) {
                return handling{now.in_event(event)};
            };
            r.stream = std::make_unique<altered_stream>(std::move(r.stream), std::move(each),
                                                        c.executor());
            co_return true;
        }
        json::error_code wrong;
        auto value = json::parse(r.body, wrong);
        if (wrong || !now.alter(value)) co_return false;
        r.body = json::serialize(value);
        co_return true;
    }
};

std::vector<std::size_t> numbers(object_reader& in, std::string_view name) {
    std::vector<std::size_t> all;
    auto const* list = in.array(name);
    if (list == nullptr) return all;
    for (auto const& one : *list) {
        json::error_code wrong;
        auto const n = one.to_number<std::int64_t>(wrong);
        if (wrong || n < 1)
            in.fail(name, "expected numbers of events, from 1 on");
        else
            all.push_back(static_cast<std::size_t>(n));
    }
    return all;
}

}  // namespace

effect_ptr read_events(object_reader& in) {
    auto e = std::make_shared<other_events>();
    auto& rule = e->rule;
    rule.drop = numbers(in, "drop");
    rule.twice = numbers(in, "twice");
    rule.end_after = static_cast<std::size_t>(in.integer("end_after", 1, 1'000'000).value_or(0));
    rule.wait = std::chrono::milliseconds(in.integer("delay_ms", 0, 120'000).value_or(0));
    rule.without_id = in.boolean("without_id").value_or(false);
    constexpr std::string_view ends[] = {"crlf", "cr"};
    if (auto const i = in.choice("line_end", ends)) rule.line_end = *i == 0 ? "\r\n" : "\r";
    rule.name = in.text("event").value_or("");
    bool const something = !rule.drop.empty() || !rule.twice.empty() || rule.end_after != 0 ||
                           rule.wait.count() != 0 || rule.without_id || !rule.line_end.empty() ||
                           !rule.name.empty();
    if (!something)
        in.need("drop", "drop, twice, end_after, delay_ms, without_id, line_end or event");
    return e;
}

effect_ptr read_rpc(object_reader& in) {
    auto e = std::make_shared<other_response>();
    if (auto const* result = in.object("result")) e->rule.result = *result;
    if (auto const* error = in.object("error")) e->rule.error = *error;
    e->rule.another_id = in.boolean("another_id").value_or(false);
    if (!e->rule.result && !e->rule.error && !e->rule.another_id)
        in.need("result", "result, error or another_id");
    return e;
}

}  // namespace tollgate::control::effects
