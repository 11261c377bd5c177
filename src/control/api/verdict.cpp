// verdict, done, and the page of a verdict, which needs no right but its link.
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "control/api/api.hpp"
#include "control/api/judging.hpp"
#include "control/journal/journal.hpp"
#include "control/report/report.hpp"
#include "http/page/page.hpp"

namespace tollgate::control::api {

namespace json = boost::json;

outcome<verdict> judge_realm(control_plane& p, http::realm const& r, time_point now) {
    auto const& kept = r.get<journal>();
    if (!kept.on())
        return problem(409, "journal_off", "journal.bytes is 0: nothing is recorded to be judged");
    auto const told = r.get<realm_client>().now();
    auto const page = kept.read(told.since, {});
    trial t;
    t.realm = r.name();
    t.scenario = &r.get<realm_state>().current_scenario();
    t.events = page.events;
    t.dropped = page.dropped;
    t.client = told;
    t.stations = r.get<exam_progress>().records();
    t.now = now;
    t.versions = p.servers().mcp.current_policy(r)->versions;
    return judge(t);
}

namespace {

// What it is about outlives the process, where the realm does.
task<outcome<verdict>> verdict_of(control_plane& p, context& c) {
    auto const until = c.realm().get<journal>().next();
    auto const lasts = co_await p.realms().keep_journal(c.realm_handle(), until);
    if (!lasts) co_return lasts.error();
    co_return judge_realm(p, c.realm(), c.real_now());
}

outcome<report_format> wanted_format(context& c) {
    auto const query = c.query();
    if (!query) return query.error();
    for (auto const& [name, value] : **query)
        if (name != "format")
            return problem(
                400, "invalid_request",
                tollgate::printable(name, 80) + ": is not known here; the nearest is \"format\"");
    auto const given = (*query)->all("format");
    if (given.size() > 1)
        return problem(400, "invalid_request", "format: is there twice; one answer has one format");
    auto const read = read_format(given.empty() ? "json" : given.front());
    if (auto const* known = std::get_if<report_format>(&read)) return *known;
    return problem(400, "invalid_request", "format: " + std::get<std::string>(read));
}

std::string page_url(context const& c) {
    return c.place().issuer_here() + "/verdict/" + c.realm().get<realm_client>().key();
}

std::string written(verdict const& v, report_format how, std::string const& page) {
    std::span<verdict const> const one(&v, 1);
    switch (how) {
        case report_format::text:
            return to_text(one, page);
        case report_format::markdown:
            return to_markdown(one, page);
        case report_format::junit:
            return to_junit(one);
        case report_format::sarif:
            return json::serialize(to_sarif(one));
        case report_format::json:
            break;
    }
    return json::serialize(to_json(v));
}

}  // namespace

task<outcome<reply>> show_verdict(control_plane& p, context& c) {
    auto const how = wanted_format(c);
    if (!how) co_return how.error();
    auto const v = co_await verdict_of(p, c);
    if (!v) co_return v.error();
    auto const page = page_url(c);
    reply r(200, std::string(media_type_of(*how)), written(*v, *how, page));
    r.headers.set("Cache-Control", "no-store");
    r.headers.set("Tollgate-Verdict", std::string(word_of(v->word)));
    r.headers.set("Link", '<' + page + ">; rel=\"alternate\"; type=\"text/html\"");
    co_return r;
}

// {} or {"state": "crashed", "exit": 1}: what whoever started the client knows of its end.
task<outcome<reply>> done(control_plane& p, context& c) {
    auto& client = c.realm().get<realm_client>();
    constexpr std::string_view states[] = {"done", "crashed", "timed_out"};
    constexpr client_state values[] = {client_state::done, client_state::crashed,
                                       client_state::timed_out};
    std::size_t state = 0;
    std::optional<int> exit;
    if (!c.request().body.empty()) {
        auto const body = body_object(c);
        if (!body) co_return body.error();
        object_reader in(**body);
        state = in.choice("state", states).value_or(0);
        auto const code = in.integer("exit", INT32_MIN, INT32_MAX);
        if (code) exit = static_cast<int>(*code);
        auto const ok = in.finish();
        if (!ok) co_return ok.error();
    }
    if (!c.realm().get<journal>().on()) co_return judge_realm(p, c.realm(), c.real_now()).error();
    client.report(values[state], exit);
    auto const v = co_await verdict_of(p, c);
    if (!v) co_return v.error();
    co_return json_answer(200, to_json(*v));
}

task<outcome<reply>> verdict_page(control_plane& p, context& c) {
    auto const& key = c.realm().get<realm_client>().key();
    if (!equal_in_constant_time(c.parameter("key"), key))
        co_return problem(404, "not_found", "there is no such page").as(problem::shown_as::page);
    auto const v = co_await verdict_of(p, c);
    if (!v) co_return v.error();
    http::page page("Verdict of " + v->scenario, to_page(*v));
    page.wide = true;
    co_return http::html_page(page);
}

}  // namespace tollgate::control::api
