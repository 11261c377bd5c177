// answer, delay.
#include <algorithm>
#include <cmath>
#include <random>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include "control/faults/effects/fields.hpp"
#include "control/faults/effects/kinds.hpp"
#include "control/faults/effects/templates.hpp"
#include "http/pipeline/dispatcher.hpp"

namespace tollgate::control::effects {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_body = 256 << 10;
constexpr std::int64_t longest_delay = 120'000;

// instead: the handler does not run. discard: it runs, and its answer is thrown away; only_success:
// where it succeeded, so that the client does not learn it.
enum class moment { instead, discard, only_success };

class answer final : public effect {
public:
    enum class challenge { none, invalid_token, insufficient_scope };

    moment when = moment::instead;
    answers only = answers::all;
    challenge challenges = challenge::none;
    std::vector<std::string> scopes;
    unsigned status = 200;
    http::header_list fields;
    json::value body;  // null: none; a string as it is; else JSON

    unsigned seams() const noexcept override {
        unsigned const guard = challenges == challenge::none ? 0u : behind_guard;
        if (when == moment::instead) return before_handler | in_its_place | guard;
        return after_handler | discards | guard;
    }

    task<std::optional<http::reply>> before(http::context& c,
                                            administrations const& to) const override {
        co_return made(c, to);
    }

    task<bool> after(http::context& c, http::reply& r, administrations const& to) const override {
        if (!is_among(r, when == moment::only_success ? answers::success : only)) co_return false;
        r = made(c, to);
        co_return true;
    }

private:
    http::reply made(http::context& c, administrations const& to) const {
        if (challenges != challenge::none) return http::render(challenge_of(c, to));
        http::reply r(status);
        for (auto const& f : fields)
            r.headers.add(f.name, filled(f.value, c));
        if (body.is_null()) return r;
        auto value = body;
        fill(value, c);
        r.body = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
        if (!r.headers.has("Content-Type"))
            r.headers.add("Content-Type",
                          value.is_string() ? "text/plain; charset=utf-8" : "application/json");
        return r;
    }

    problem challenge_of(http::context& c, administrations const& to) const {
        auto wanted = scopes.empty() ? to.mcp.current_policy(c.realm())->scopes : scopes;
        for (auto& scope : wanted)
            scope = filled(scope, c);
        if (challenges == challenge::insufficient_scope)
            return http::challenge::insufficient_scope(c, wanted);
        return http::challenge::invalid_token(c, wanted, "refused by a fault");
    }
};

void read_challenge(object_reader& in, answer& a) {
    constexpr std::string_view kinds[] = {"invalid_token", "insufficient_scope"};
    if (auto const i = in.choice("challenge", kinds))
        a.challenges =
            *i == 0 ? answer::challenge::invalid_token : answer::challenge::insufficient_scope;
    auto const scope = in.text("scope", 2048);
    std::string_view rest(scope ? *scope : std::string_view());
    while (!rest.empty()) {
        auto const end = rest.find(' ');
        if (end != 0) a.scopes.emplace_back(rest.substr(0, end));
        rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
    }
}

class delay final : public effect {
public:
    std::chrono::milliseconds least{0};
    std::chrono::milliseconds most{0};
    double median_ms = 0;  // of a log-normal distribution; 0: a uniform one
    double sigma = 1;
    bool after_it = false;

    unsigned seams() const noexcept override { return after_it ? after_handler : before_handler; }

    task<std::optional<http::reply>> before(http::context& c,
                                            administrations const&) const override {
        co_await pause(c);
        co_return std::nullopt;
    }
    task<bool> after(http::context& c, http::reply&, administrations const&) const override {
        co_await pause(c);
        co_return true;
    }

private:
    // Ends early when the peer goes away.
    task<void> pause(http::context& c) const {
        thread_local std::minstd_rand random{std::random_device()()};
        std::uniform_int_distribution<std::int64_t> between(least.count(), most.count());
        auto wait = std::chrono::milliseconds(between(random));
        if (median_ms > 0) {
            std::lognormal_distribution<double> about(std::log(median_ms), sigma);
            auto const drawn = std::min(about(random), static_cast<double>(longest_delay));
            wait = std::chrono::milliseconds(static_cast<std::int64_t>(drawn));
        }
        if (wait.count() == 0) co_return;
        boost::asio::steady_timer timer(c.executor(), wait);
        auto const token = boost::asio::as_tuple(boost::asio::use_awaitable);
        [[maybe_unused]] auto const done = co_await timer.async_wait(token);
    }
};

}  // namespace

new_effect read_answer(object_reader& in) {
    auto a = std::make_shared<answer>();
    constexpr std::string_view moments[] = {"before", "replace", "after_commit"};
    if (auto const i = in.choice("when", moments)) a->when = static_cast<moment>(*i);
    a->only = read_only(in);
    if (a->only != answers::all && a->when != moment::discard)
        in.fail("only", "chooses among the server's answers: it needs \"when\": \"replace\"");
    read_challenge(in, *a);
    if (auto const status = in.integer("status", 200, 599))
        a->status = static_cast<unsigned>(*status);
    a->fields = read_fields(in, "headers");
    if (auto const* body = in.any("body")) a->body = *body;
    if (json::serialize(a->body).size() > longest_body) in.fail("body", "is longer than 256 KiB");
    return a;
}

new_effect read_delay(object_reader& in) {
    auto d = std::make_shared<delay>();
    auto const fixed = in.integer("ms", 0, longest_delay);
    auto const least = in.integer("least_ms", 0, longest_delay);
    auto const most = in.integer("most_ms", 0, longest_delay);
    auto const median = in.integer("median_ms", 1, longest_delay);
    d->median_ms = static_cast<double>(median.value_or(0));
    d->sigma = in.number("sigma", 0.01, 5).value_or(1);
    if (!fixed && !most && !median)
        in.need("ms", "milliseconds, or least_ms and most_ms, or median_ms and sigma");
    d->least = std::chrono::milliseconds(fixed.value_or(least.value_or(0)));
    d->most = std::chrono::milliseconds(fixed.value_or(most.value_or(0)));
    if (d->most < d->least) in.fail("most_ms", "is less than least_ms");
    constexpr std::string_view moments[] = {"before", "after"};
    d->after_it = in.choice("when", moments) == 1u;
    return d;
}

}  // namespace tollgate::control::effects
