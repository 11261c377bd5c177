#include "cli/trials/runner.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "cli/control_client.hpp"
#include "control/report/report.hpp"

namespace tollgate::trials {

namespace {

namespace json = boost::json;

// One call, from a thread that may wait for it.
struct called {
    json::value body;
    std::string wrong;
};

called call(server_access const& to, std::string url, json::object const& body) {
    control_client client("tollgate test", to.token, to.ca_file);
    boost::asio::io_context io(1);
    std::exception_ptr bug;
    bool well = false;
    auto const executor = io.get_executor();
    auto work = client.ask(http::verb::post, std::move(url), json::serialize(body));
    boost::asio::co_spawn(executor, std::move(work), [&](std::exception_ptr e, bool ok) {
        bug = std::move(e);
        well = ok;
    });
    io.run();
    if (bug) std::rethrow_exception(bug);
    called c;
    if (!well) {
        c.wrong = client.result.err;
        return c;
    }
    boost::system::error_code not_json;
    c.body = json::parse(client.last().body, not_json);
    if (not_json) c.wrong = "the server answered something else than JSON\n";
    return c;
}

std::string member(json::value const& v, std::string_view name) {
    auto const* o = v.if_object();
    return o ? std::string(text_member(*o, name).value_or("")) : std::string();
}

std::string first_control(json::value const& realm) {
    auto const* o = realm.if_object();
    auto const* list = o ? o->if_contains("control") : nullptr;
    auto const* urls = list ? list->if_array() : nullptr;
    bool const named = urls && !urls->empty() && urls->front().is_string();
    return named ? std::string(urls->front().get_string()) : std::string();
}

std::string revision_of(control::scenario const& s, options const& o) {
    constexpr std::string_view usual = "2025-11-25";
    if (!o.era.empty()) return o.era;
    // Of the official suite's, as it chooses.
    bool const both = s.official && std::ranges::find(s.eras, usual) != s.eras.end();
    return s.eras.empty() || both ? std::string(usual) : s.eras.back();
}

// The revisions that the server of a trial speaks; empty: as ever.
json::array versions_of(control::scenario const& s, options const& o) {
    if (!o.era.empty()) return {json::value(json::string(o.era))};
    if (!s.official) return {};
    auto const revision = revision_of(s, o);
    if (revision == "2026-07-28") return {json::value(json::string(revision))};
    return {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"};
}

std::vector<std::pair<std::string, std::string>> variables(control::scenario const& s,
                                                           options const& o,
                                                           prepared_trial const& p) {
    json::object context;
    context["name"] = s.name;
    for (auto const& member : p.context)
        context[member.key()] = member.value();
    return {{"MCP_CONFORMANCE_SCENARIO", s.name},
            {"MCP_CONFORMANCE_CONTEXT", json::serialize(context)},
            {"MCP_CONFORMANCE_PROTOCOL_VERSION", revision_of(s, o)}};
}

// What the threads share.
class queue {
public:
    queue(options const& o, server_access const& to, progress const& told,
          std::atomic<bool> const& give_up)
        : options_(o), to_(to), told_(told), give_up_(give_up), results_(o.scenarios.size()) {}

    void work() {
        for (auto i = next_++; i < results_.size(); i = next_++) {
            auto result = one(i);
            std::lock_guard const lock(mutex_);
            results_[i] = std::move(result);
            told_(results_[i], results_.size() - ++finished_);
        }
    }
    std::vector<trial_result> take() { return std::move(results_); }

private:
    trial_result one(std::size_t i) {
        auto const began = std::chrono::steady_clock::now();
        auto const& s = *options_.scenarios[i];
        if (give_up_) {
            prepared_trial none;
            none.wrong = "interrupted\n";
            return finish_trial(s, none, to_, {});
        }
        auto const trial = prepare_trial(s, options_, run_ + '-' + std::to_string(i), to_);
        client_end end;
        if (trial.wrong.empty())
            end = run_client(options_.command, trial.mcp, variables(s, options_, trial),
                             options_.timeout, give_up_);
        auto result = finish_trial(s, trial, to_, end);
        result.took = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - began);
        return result;
    }

    options const& options_;
    server_access const& to_;
    progress const& told_;
    std::atomic<bool> const& give_up_;
    // Runs against one server do not meet.
    std::string const run_ = "test-" + hex_run();
    std::atomic<std::size_t> next_{0};
    std::mutex mutex_;
    std::size_t finished_ = 0;
    std::vector<trial_result> results_;

    // A realm's name has no capitals.
    static std::string hex_run() {
        std::string out;
        for (unsigned char const c : sha256(random_token()).substr(0, 4))
            for (auto const digit : {c >> 4, c & 15})
                out += "0123456789abcdef"[digit];
        return out;
    }
};

}  // namespace

prepared_trial prepare_trial(control::scenario const& s, options const& o, std::string const& name,
                             server_access const& to) {
    json::object body;
    body["name"] = name;
    body["scenario"] = s.name;
    body["ttl"] = "1h";
    if (auto versions = versions_of(s, o); !versions.empty()) {
        json::object policy;
        policy["versions"] = std::move(versions);
        body["policy"] = std::move(policy);
    }
    if (s.own_origin) body["isolation"] = "port";
    auto const made = call(to, to.control + "/realms", body);
    prepared_trial p;
    p.wrong = made.wrong;
    p.mcp = member(made.body, "mcp");
    p.control = first_control(made.body);
    auto const* answered = made.body.if_object();
    auto const* told = answered ? answered->if_contains("context") : nullptr;
    if (auto const* context = told ? told->if_object() : nullptr) p.context = *context;
    if (p.wrong.empty() && (p.mcp.empty() || p.control.empty()))
        p.wrong = "the server did not say where its realm is\n";
    return p;
}

trial_result finish_trial(control::scenario const& s, prepared_trial const& p,
                          server_access const& to, client_end const& end) {
    trial_result r;
    r.verdict.scenario = s.name;
    r.mcp = p.mcp;
    r.wrong = p.wrong;
    r.end = end;
    if (!r.wrong.empty()) return r;
    json::object body;
    using kind = client_end::kind;
    body["state"] = end.is == kind::timed_out                                ? "timed_out"
                    : end.is == kind::crashed || end.is == kind::not_started ? "crashed"
                                                                             : "done";
    if (end.exit) body["exit"] = *end.exit;
    auto const done = call(to, p.control + "/done", body);
    r.wrong = done.wrong;
    if (!r.wrong.empty()) return r;
    auto v = control::verdict_from(done.body);
    if (v)
        r.verdict = std::move(*v);
    else
        r.wrong = "the server's verdict cannot be read\n";
    return r;
}

std::vector<trial_result> run_trials(options const& o, server_access const& to,
                                     progress const& told, std::atomic<bool> const& give_up) {
    queue work(o, to, told, give_up);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < std::min(o.parallel, o.scenarios.size()); ++i)
        threads.emplace_back([&] { work.work(); });
    for (auto& t : threads)
        t.join();
    return work.take();
}

}  // namespace tollgate::trials
