// delay: fixed, or drawn from a distribution that the seed of the realm determines.
#include <cmath>
#include <numbers>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/mixed.hpp"
#include "control/faults/effects/kinds.hpp"

namespace tollgate::control::effects {

namespace {

constexpr std::int64_t longest_delay = 120'000;
constexpr std::string_view delay_moments[] = {"before", "after", "body"};
enum class delay_moment { before, after, body };

class delay final : public effect {
public:
    double least = 0;
    double most = 0;
    double median = 0;  // log-normal where it is not 0
    double sigma = 0;
    delay_moment when = delay_moment::before;

    unsigned seams() const noexcept override {
        return when == delay_moment::before ? before_handler : after_handler;
    }
    new_effect copy() const override { return std::make_shared<delay>(*this); }
    void seed(std::uint64_t s) const override {
        drawn_.with([s](sequence& d) { d.seed = s; });
    }

    task<std::optional<http::reply>> before(http::context& c,
                                            administrations const&) const override {
        co_await pause(c);
        co_return std::nullopt;
    }
    task<bool> after(http::context& c, http::reply& r, administrations const&) const override {
        if (when == delay_moment::body)
            r.delivery().before_body = next();
        else
            co_await pause(c);
        co_return true;
    }

private:
    // The same for the same seed, whoever asks.
    struct sequence {
        std::uint64_t seed = 0;
        std::uint64_t asked = 0;
    };

    std::chrono::milliseconds next() const {
        auto const drawn = drawn_.with([](sequence& d) {
            auto const before = d;
            ++d.asked;
            return before;
        });
        auto const at = drawn.asked * 2;
        auto const u = uniform(drawn.seed, at);
        double wait = least + u * (most - least);
        if (median != 0) {
            // Box and Muller: a normal variate of two uniform ones.
            auto const v = uniform(drawn.seed, at + 1);
            auto const normal =
                std::sqrt(-2 * std::log(1 - u)) * std::cos(2 * std::numbers::pi * v);
            wait = std::min(median * std::exp(sigma * normal), static_cast<double>(longest_delay));
        }
        return std::chrono::milliseconds(std::llround(wait));
    }

    // Ends early when the peer goes away.
    task<void> pause(http::context& c) const {
        auto const wait = next();
        if (wait.count() == 0) co_return;
        boost::asio::steady_timer timer(c.executor(), wait);
        auto const token = boost::asio::as_tuple(boost::asio::use_awaitable);
        [[maybe_unused]] auto const done = co_await timer.async_wait(token);
    }

    effect_state<sequence> drawn_;
};

}  // namespace

new_effect read_delay(object_reader& in) {
    auto d = std::make_shared<delay>();
    auto const fixed = in.integer("ms", 0, longest_delay);
    auto const least = in.integer("least_ms", 0, longest_delay);
    auto const most = in.integer("most_ms", 0, longest_delay);
    auto const median = in.integer("median_ms", 1, longest_delay);
    auto const sigma = in.number("sigma", 0, 4);
    if ((fixed ? 1 : 0) + (most ? 1 : 0) + (median ? 1 : 0) != 1)
        in.fail("ms", "expected one of ms, most_ms (with least_ms) and median_ms (with sigma)");
    if (least && !most) in.fail("least_ms", "needs most_ms");
    if (sigma && !median) in.fail("sigma", "needs median_ms");
    d->least = static_cast<double>(fixed.value_or(least.value_or(0)));
    d->most = static_cast<double>(fixed.value_or(most.value_or(0)));
    d->median = static_cast<double>(median.value_or(0));
    d->sigma = sigma.value_or(0.5);
    if (d->most < d->least) in.fail("most_ms", "is less than least_ms");
    d->when = static_cast<delay_moment>(in.choice("when", delay_moments).value_or(0));
    return d;
}

}  // namespace tollgate::control::effects
