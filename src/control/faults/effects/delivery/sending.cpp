// cut, pace, garbage: the way an answer is sent.
#include <algorithm>
#include <limits>

#include "control/faults/effects/altered_stream.hpp"
#include "control/faults/effects/kinds.hpp"

namespace tollgate::control::effects {

namespace {

constexpr std::int64_t largest = 64 << 20;
constexpr std::int64_t longest_hold = 600'000;

// before: the handler does not run, and nothing is sent.
enum class place { before, after, head, body, half, end };

class cut final : public effect {
public:
    place at = place::after;
    std::size_t bytes = 0;  // of the body, for place::body
    bool reset = true;
    std::chrono::milliseconds hold{0};

    unsigned seams() const noexcept override {
        return at == place::before ? before_handler | in_its_place : after_handler;
    }
    task<std::optional<http::reply>> before(http::context&, administrations const&) const override {
        http::reply r(200);
        apply(r);
        co_return r;
    }
    task<bool> after(http::context&, http::reply& r, administrations const&) const override {
        apply(r);
        co_return true;
    }

private:
    void apply(http::reply& r) const {
        auto& d = r.delivery();
        d.cut = true;
        d.reset = reset;
        d.hold = hold;
        d.head = at != place::before && at != place::after;
        d.body_bytes = bytes_of(r.body.size());
    }
    std::size_t bytes_of(std::size_t whole) const noexcept {
        if (at == place::half) return whole / 2;
        if (at == place::end) return std::numeric_limits<std::size_t>::max();
        return at == place::body ? bytes : 0;
    }
};

class pace final : public effect {
public:
    std::size_t bytes = 1;
    std::chrono::milliseconds every{10};
    http::reply_delivery::part of = http::reply_delivery::part::all;

    unsigned seams() const noexcept override { return after_handler; }
    task<bool> after(http::context& c, http::reply& r, administrations const&) const override {
        if (r.stream) {
            r.stream = pace_stream(std::move(r.stream), bytes, every, c.executor());
            co_return true;
        }
        auto& d = r.delivery();
        d.piece = bytes;
        d.pause = every;
        d.paced = of;
        co_return true;
    }
};

class garbage final : public effect {
public:
    enum class where { instead, head, end };
    std::string text;
    bool before_it = false;
    where at = where::instead;

    unsigned seams() const noexcept override {
        if (at != where::instead) return after_handler;
        return before_it ? before_handler | in_its_place : after_handler | discards;
    }
    task<std::optional<http::reply>> before(http::context&, administrations const&) const override {
        http::reply r(200);
        r.delivery().instead = text;
        co_return r;
    }
    task<bool> after(http::context&, http::reply& r, administrations const&) const override {
        auto& d = r.delivery();
        if (at == where::head)
            d.interim += text;
        else if (at == where::end)
            d.trailing += text;
        else
            d.instead = text;
        co_return true;
    }
};

// So many bytes a second: twenty pieces of them, or a byte at a time.
void spread(pace& e, std::int64_t per_second) noexcept {
    constexpr std::int64_t pieces = 20;
    auto const piece = std::max<std::int64_t>(per_second / pieces, 1);
    e.bytes = static_cast<std::size_t>(piece);
    e.every = std::chrono::milliseconds(1000 * piece / per_second);
}

}  // namespace

new_effect read_cut(object_reader& in) {
    auto e = std::make_shared<cut>();
    constexpr std::string_view places[] = {"before", "after", "head", "body", "half", "end"};
    if (auto const i = in.choice("at", places)) e->at = static_cast<place>(*i);
    auto const bytes = in.integer("bytes", 0, largest);
    if (bytes && e->at != place::body) in.fail("bytes", "needs \"at\": \"body\"");
    e->bytes = static_cast<std::size_t>(bytes.value_or(1));
    e->reset = in.boolean("reset").value_or(true);
    e->hold = std::chrono::milliseconds(in.integer("hold_ms", 0, longest_hold).value_or(0));
    return e;
}

new_effect read_pace(object_reader& in) {
    auto e = std::make_shared<pace>();
    auto const bytes = in.integer("bytes", 1, largest);
    auto const every = in.integer("every_ms", 1, 60'000);
    auto const per_second = in.integer("bytes_per_second", 1, largest);
    e->bytes = static_cast<std::size_t>(bytes.value_or(1));
    e->every = std::chrono::milliseconds(every.value_or(10));
    if (per_second) spread(*e, *per_second);
    if (per_second && (bytes || every))
        in.fail("bytes_per_second", "does not go with bytes and every_ms");
    constexpr std::string_view parts[] = {"all", "head", "body"};
    e->of = static_cast<http::reply_delivery::part>(in.choice("of", parts).value_or(0));
    return e;
}

new_effect read_garbage(object_reader& in) {
    auto e = std::make_shared<garbage>();
    e->text = in.text("text", 64 << 10).value_or("\x01\x02\x03 this is no HTTP\r\n\r\n");
    constexpr std::string_view moments[] = {"before", "after"};
    auto const when = in.choice("when", moments);
    e->before_it = when != 1u;
    constexpr std::string_view places[] = {"instead", "head", "end"};
    e->at = static_cast<garbage::where>(in.choice("at", places).value_or(0));
    if (when && e->at != garbage::where::instead) in.fail("when", "needs \"at\": \"instead\"");
    return e;
}

}  // namespace tollgate::control::effects
