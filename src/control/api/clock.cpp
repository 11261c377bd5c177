// clock: the time of this realm.
#include <cstdlib>

#include "base/quantity.hpp"
#include "base/time_shift.hpp"
#include "control/api/api.hpp"

namespace tollgate::control::api {

namespace json = boost::json;

namespace {

constexpr milliseconds longest_step = std::chrono::days(3'660);
constexpr milliseconds largest_skew = std::chrono::days(366);

std::int64_t seconds_of(time_shift::duration d) {
    return std::chrono::duration_cast<std::chrono::seconds>(d).count();
}

// "8h ahead of", "90s behind": what a person makes of a number of seconds.
std::string compared(std::int64_t seconds) {
    auto const length = duration_text(std::chrono::seconds(std::abs(seconds)));
    return length + (seconds > 0 ? " ahead of" : " behind");
}

std::string meaning(std::int64_t offset, std::int64_t skew, bool frozen) {
    if (offset == 0 && skew == 0 && !frozen) return "It goes with real time.";
    std::string text = frozen ? "It stands still" : "It runs";
    text += offset == 0 ? ", in step with real time" : ", " + compared(offset) + " real time";
    if (skew != 0) text += ", and shows a time that is " + compared(skew) + " what it should show";
    return text + '.';
}

reply clock_answer(context const& c) {
    auto const& time = c.realm().time();
    auto const real = c.real_now();
    auto const offset = seconds_of(time.unskewed(real) - real);
    auto const skew = seconds_of(time.skew());
    json::object o;
    o["now"] = rfc3339(time.at(real));
    o["offset_seconds"] = offset;
    o["frozen"] = time.is_frozen();
    o["skew_seconds"] = skew;
    o["meaning"] = meaning(offset, skew, time.is_frozen());
    return json_answer(200, o);
}

struct clock_change {
    std::optional<milliseconds> advance;
    std::optional<bool> freeze;
    std::optional<milliseconds> skew;

    bool none() const noexcept { return !advance && !freeze && !skew; }
};

// "-90s", "+90s" or a number of seconds.
std::optional<milliseconds> read_signed(object_reader& in, std::string_view name,
                                        milliseconds most) {
    auto const* v = in.any(name);
    if (v == nullptr || !v->is_string()) return in.duration(name, -most, most);
    std::string_view text = v->get_string();
    bool const behind = text.starts_with('-');
    if (behind || text.starts_with('+')) text.remove_prefix(1);
    auto const parsed = parse_duration(text);
    if (parsed && *parsed <= most) return behind ? -*parsed : *parsed;
    in.fail(name, "expected a duration like \"-90s\" or \"5m\", at most 366 days either way");
    return std::nullopt;
}

std::optional<milliseconds> read_advance(object_reader& in) {
    auto const by = read_signed(in, "advance", longest_step);
    if (!by || by->count() >= 0) return by;
    in.fail("advance",
            "time only moves on; to go back, restore a snapshot "
            "(POST /control/realms/NAME/restore), or set \"skew\"");
    return std::nullopt;
}

outcome<clock_change> read_change(context& c) {
    auto const body = body_object(c);
    if (!body) return body.error();
    object_reader in(**body);
    clock_change wanted;
    wanted.advance = read_advance(in);
    wanted.freeze = in.boolean("freeze");
    wanted.skew = read_signed(in, "skew", largest_skew);
    auto const ok = in.finish();
    if (!ok) return ok.error();
    if (wanted.none())
        return mistake("", "expected at least one of \"advance\", \"freeze\" and \"skew\"");
    return wanted;
}

}  // namespace

task<outcome<reply>> show_clock(control_plane&, context& c) {
    co_return clock_answer(c);
}

task<outcome<reply>> set_clock(control_plane&, context& c) {
    auto const wanted = read_change(c);
    if (!wanted) co_return wanted.error();
    auto& time = c.realm().time();
    // First what may fail: all of it or nothing.
    if (wanted->advance && !time.advance(*wanted->advance, c.real_now()))
        co_return mistake("/advance", "the clock would be more than a century from real time");
    if (wanted->freeze) time.freeze(*wanted->freeze, c.real_now());
    if (wanted->skew) time.set_skew(*wanted->skew);
    co_return clock_answer(c);
}

}  // namespace tollgate::control::api
