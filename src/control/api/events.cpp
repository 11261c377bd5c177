// events, events/stream, transcript: what the journal of a realm holds.
#include <algorithm>
#include <charconv>

#include <boost/asio/this_coro.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "control/api/api.hpp"
#include "control/api/event_stream.hpp"
#include "control/journal/journal.hpp"
#include "control/journal/views.hpp"

namespace tollgate::control::api {

namespace json = boost::json;

namespace {

constexpr std::uint64_t longest_wait = 60;  // seconds

problem wrong(std::string_view name, std::string what) {
    return problem(400, "invalid_request", std::string(name) + ": " + std::move(what));
}

// The query names nothing else.
outcome<void> known_names(http::form const& f, std::span<std::string_view const> names) {
    for (auto const& [name, value] : f) {
        if (std::ranges::find(names, name) != names.end()) continue;
        auto const close = nearest_name(name, names);
        return wrong(tollgate::printable(name, 80),
                     "is not known here; the nearest is \"" + std::string(close) + '"');
    }
    return outcome<void>();
}

outcome<std::uint64_t> number(http::form const& f, std::string_view name, std::uint64_t most) {
    auto const text = f.one(name);
    if (!text) return std::uint64_t(0);
    std::uint64_t n = 0;
    auto const [end, ec] = std::from_chars(text->data(), text->data() + text->size(), n);
    if (ec == std::errc() && end == text->data() + text->size() && n <= most) return n;
    return wrong(name, "expected a whole number from 0 to " + std::to_string(most));
}

outcome<event_filter> filter(http::form const& f) {
    event_filter wanted;
    wanted.endpoint = f.one("endpoint").value_or("");
    wanted.client_id = f.one("client_id").value_or("");
    auto const type = f.one("type");
    if (!type) return wanted;
    wanted.type = value_of<event_type>(*type);
    if (wanted.type) return wanted;
    std::vector<std::string_view> words;
    for (auto const& w : words_of(event_type()))
        words.push_back(w.text);
    return wrong("type", "is no type of an event; the nearest is \"" +
                             std::string(nearest_name(*type, words)) + '"');
}

json::array to_json(std::vector<event_ptr> const& events, std::string const& realm) {
    json::array list;
    for (auto const& e : events)
        list.push_back(control::to_json(*e, realm));
    return list;
}

outcome<journal*> journal_of(context& c) {
    auto& j = c.realm().get<journal>();
    if (j.on()) return &j;
    return problem(409, "journal_off", "journal.bytes is 0: nothing is recorded");
}

}  // namespace

task<outcome<reply>> events(control_plane& p, context& c) {
    auto const kept = journal_of(c);
    if (!kept) co_return kept.error();
    auto const query = c.query();
    if (!query) co_return query.error();
    constexpr std::string_view names[] = {"since", "wait", "type", "endpoint", "client_id"};
    auto const known = known_names(**query, names);
    if (!known) co_return known.error();
    auto const since = number(**query, "since", UINT64_MAX / 2);
    if (!since) co_return since.error();
    auto const patience = number(**query, "wait", longest_wait);
    if (!patience) co_return patience.error();
    auto wanted = filter(**query);
    if (!wanted) co_return wanted.error();
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(*patience);
    auto page = (*kept)->read(*since, *wanted);
    while (page.events.empty() && std::chrono::steady_clock::now() < deadline) {
        auto const next = page.next;
        auto const executor = c.executor();
        co_await (*kept)->wait_for(next, deadline, executor);
        auto const state = co_await boost::asio::this_coro::cancellation_state;
        if (state.cancelled() != boost::asio::cancellation_type::none) break;
        page = (*kept)->read(*since, *wanted);
    }
    auto const lasts = co_await p.realms().keep_journal(c.realm_handle(), page.next);
    if (!lasts) co_return lasts.error();
    json::object body{{"next", page.next}, {"dropped", page.dropped}};
    body["events"] = to_json(page.events, c.realm().name());
    co_return json_answer(200, body);
}

task<outcome<reply>> stream_events(control_plane& p, context& c) {
    auto const kept = journal_of(c);
    if (!kept) co_return kept.error();
    auto const query = c.query();
    if (!query) co_return query.error();
    constexpr std::string_view names[] = {"since", "type", "endpoint", "client_id"};
    auto const known = known_names(**query, names);
    if (!known) co_return known.error();
    auto since = number(**query, "since", UINT64_MAX / 2);
    if (!since) co_return since.error();
    auto wanted = filter(**query);
    if (!wanted) co_return wanted.error();
    auto const last = c.request().header("Last-Event-ID");
    std::uint64_t seen = 0;
    std::from_chars(last.data(), last.data() + last.size(), seen);
    if (seen != 0) *since = seen + 1;
    co_return event_stream_reply(p.realms(), c.realm_handle(), *since, std::move(*wanted),
                                 c.executor());
}

task<outcome<reply>> transcript(control_plane& p, context& c) {
    auto const kept = journal_of(c);
    if (!kept) co_return kept.error();
    auto const query = c.query();
    if (!query) co_return query.error();
    constexpr std::string_view names[] = {"format", "since"};
    auto const known = known_names(**query, names);
    if (!known) co_return known.error();
    auto const since = number(**query, "since", UINT64_MAX / 2);
    if (!since) co_return since.error();
    auto const page = (*kept)->read(*since, {});
    auto const lasts = co_await p.realms().keep_journal(c.realm_handle(), page.next);
    if (!lasts) co_return lasts.error();
    auto const format = (*query)->one("format").value_or("json");
    if (format == "har")
        co_return json_answer(200, to_har(page.events, c.request().tls ? "https" : "http"));
    if (format == "mermaid") {
        reply r(200, "text/plain; charset=utf-8", to_mermaid(page.events));
        r.headers.set("Cache-Control", "no-store");
        co_return r;
    }
    if (format != "json") co_return wrong("format", "expected json, har or mermaid");
    json::object body{{"realm", c.realm().name()}, {"dropped", page.dropped}};
    body["events"] = to_json(page.events, c.realm().name());
    co_return json_answer(200, body);
}

}  // namespace tollgate::control::api
