// cut, pace, garbage: the way an answer is sent.
#include <algorithm>

#include "control/faults/effects/altered_stream.hpp"
#include "control/faults/effects/kinds.hpp"

namespace tollgate::control::effects {

namespace {

constexpr std::int64_t largest = 64 << 20;

// before: the handler does not run, and nothing is sent.
enum class place { before, after, head, body, half, end };

class cut final : public effect {
public:
    place at = place::after;
    std::size_t bytes = 0;  // of the body, for place::body
    bool reset = true;

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
        auto& d = r.delivery;
        d.cut = true;
        d.reset = reset;
        d.head = at != place::before && at != place::after;
        d.body_bytes = at == place::half   ? r.body.size() / 2
                       : at == place::body ? bytes
                       : at == place::end  ? r.body.size()
                                           : 0;
    }
};

class pace final : public effect {
public:
    std::size_t bytes = 1;
    std::chrono::milliseconds every{10};

    unsigned seams() const noexcept override { return after_handler; }
    task<bool> after(http::context& c, http::reply& r, administrations const&) const override {
        if (r.stream) {
            r.stream = pace_stream(std::move(r.stream), bytes, every, c.executor());
            co_return true;
        }
        r.delivery.piece = bytes;
        r.delivery.pause = every;
        co_return true;
    }
};

// RFC 9110 §15.2: interim responses in front of the answer.
class interim final : public effect {
public:
    std::string text;

    unsigned seams() const noexcept override { return after_handler; }
    task<bool> after(http::context&, http::reply& r, administrations const&) const override {
        r.delivery.first += text;
        co_return true;
    }
};

class garbage final : public effect {
public:
    std::string text;
    bool before_it = false;

    unsigned seams() const noexcept override {
        return before_it ? before_handler | in_its_place : after_handler | discards;
    }
    task<std::optional<http::reply>> before(http::context&, administrations const&) const override {
        http::reply r(200);
        r.delivery.instead = text;
        co_return r;
    }
    task<bool> after(http::context&, http::reply& r, administrations const&) const override {
        r.delivery.instead = text;
        co_return true;
    }
};

}  // namespace

new_effect read_cut(object_reader& in) {
    auto e = std::make_shared<cut>();
    constexpr std::string_view places[] = {"before", "after", "head", "body", "half", "end"};
    if (auto const i = in.choice("at", places)) e->at = static_cast<place>(*i);
    auto const bytes = in.integer("bytes", 0, largest);
    if (bytes && e->at != place::body) in.fail("bytes", "needs \"at\": \"body\"");
    e->bytes = static_cast<std::size_t>(bytes.value_or(1));
    e->reset = in.boolean("reset").value_or(true);
    return e;
}

new_effect read_pace(object_reader& in) {
    auto e = std::make_shared<pace>();
    e->bytes = static_cast<std::size_t>(in.integer("bytes", 1, largest).value_or(1));
    e->every = std::chrono::milliseconds(in.integer("every_ms", 1, 60'000).value_or(10));
    return e;
}

new_effect read_interim(object_reader& in) {
    auto e = std::make_shared<interim>();
    auto const status = in.need("status", "100 to 199").integer("status", 100, 199).value_or(103);
    auto const times = in.integer("times", 1, 1000).value_or(1);
    constexpr std::string_view reasons[] = {"Continue", "Switching Protocols", "Processing",
                                            "Early Hints"};
    auto const known = status <= 103 ? reasons[status - 100] : std::string_view("Interim");
    auto const one = "HTTP/1.1 " + std::to_string(status) + ' ' + std::string(known) + "\r\n\r\n";
    for (std::int64_t i = 0; i < times; ++i)
        e->text += one;
    return e;
}

new_effect read_garbage(object_reader& in) {
    auto e = std::make_shared<garbage>();
    e->text = in.text("text", 64 << 10).value_or("\x01\x02\x03 this is no HTTP\r\n\r\n");
    constexpr std::string_view moments[] = {"before", "after"};
    e->before_it = in.choice("when", moments) != 1u;
    return e;
}

}  // namespace tollgate::control::effects
