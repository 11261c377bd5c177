// Predicates about how often.
#include "control/expectations/predicates.hpp"

namespace tollgate::control::predicates {

namespace {

constexpr std::int64_t most_events = 100'000;

// The events from behind the first `after` to the first `before` behind that.
struct window {
    pattern after{{}};
    pattern before{{}};
    bool has_after = false;
    bool has_before = false;
};

window read_window(object_reader& in) {
    window w;
    w.has_after = in.any("after") != nullptr;
    w.has_before = in.any("before") != nullptr;
    w.after = read_pattern(in, "after");
    w.before = read_pattern(in, "before");
    return w;
}

struct found {
    observation const* opened = nullptr;  // the `after`; null: it never came, or none is asked for
    bool open = false;                    // the window has begun
    bool closed = false;
    std::vector<observation const*> matches;
};

found look(conversation const& c, window const& w, pattern const& of) {
    found f;
    f.open = !w.has_after && c.tried();
    bool begun = !w.has_after;
    for (auto const& o : c.all()) {
        if (!begun) {
            begun = w.after.matches(o);
            if (begun) f.opened = &o;
            f.open = f.open || begun;
            continue;
        }
        if (w.has_before && w.before.matches(o)) {
            f.closed = true;
            break;
        }
        if (of.matches(o)) f.matches.push_back(&o);
    }
    return f;
}

class count final : public predicate {
public:
    count(pattern of, window w, std::size_t least, std::optional<std::size_t> most)
        : of_(std::move(of)), window_(std::move(w)), least_(least), most_(most) {}

    answer judge(conversation const& c, moment const& m) const override {
        auto const f = look(c, window_, of_);
        auto const n = f.matches.size();
        if (most_ && n > *most_) return {answer::kind::broken, f.matches[*most_]};
        if (!f.open) return {};
        bool const enough = n >= least_;
        if (enough && (!most_ || m.over || f.closed))
            return {answer::kind::holds, n == 0 ? f.opened : f.matches.back()};
        bool const never = !enough && (f.closed || (m.done && window_.has_after));
        if (never) return {answer::kind::broken, f.opened};
        // Without a beginning of its own it has begun with the first match.
        if (n == 0 && !window_.has_after) return {};
        return {answer::kind::waiting, f.opened};
    }
    bool waits() const noexcept override { return least_ > 0; }

private:
    pattern of_;
    window window_;
    std::size_t least_;
    std::optional<std::size_t> most_;
};

class never final : public predicate {
public:
    never(pattern of, window w) : of_(std::move(of)), window_(std::move(w)) {}

    answer judge(conversation const& c, moment const& m) const override {
        auto const f = look(c, window_, of_);
        if (!f.matches.empty()) return {answer::kind::broken, f.matches.front()};
        if (!f.open) return {};
        bool const silent = f.closed || m.over;
        return {silent ? answer::kind::holds : answer::kind::waiting, f.opened};
    }
    bool waits() const noexcept override { return false; }

private:
    pattern of_;
    window window_;
};

class between final : public predicate {
public:
    between(pattern of, pattern marks, std::size_t most)
        : of_(std::move(of)), marks_(std::move(marks)), most_(most) {}

    answer judge(conversation const& c, moment const& m) const override {
        std::size_t n = 0;
        observation const* any = nullptr;
        for (auto const& o : c.all()) {
            if (marks_.matches(o)) n = 0;
            if (!of_.matches(o)) continue;
            any = &o;
            if (++n > most_) return {answer::kind::broken, &o};
        }
        if (!any) return {};
        return {m.over ? answer::kind::holds : answer::kind::waiting, any};
    }
    bool waits() const noexcept override { return false; }

private:
    pattern of_;
    pattern marks_;
    std::size_t most_;
};

}  // namespace

predicate_ptr read_count(object_reader& in) {
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    auto w = read_window(in);
    auto const most = in.integer("most", 0, most_events);
    auto const least = in.integer("least", 0, most_events).value_or(most ? 0 : 1);
    if (most && least > *most) in.fail("least", "is more than most: no number is both");
    std::optional<std::size_t> limit;
    if (most) limit = static_cast<std::size_t>(*most);
    return std::make_shared<count>(std::move(of), std::move(w), static_cast<std::size_t>(least),
                                   limit);
}

predicate_ptr read_never(object_reader& in) {
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    auto w = read_window(in);
    return std::make_shared<never>(std::move(of), std::move(w));
}

predicate_ptr read_between(object_reader& in) {
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    auto marks = read_pattern(in.need("marks", "a pattern"), "marks");
    auto const most = in.integer("most", 0, most_events).value_or(1);
    return std::make_shared<between>(std::move(of), std::move(marks),
                                     static_cast<std::size_t>(most));
}

}  // namespace tollgate::control::predicates
