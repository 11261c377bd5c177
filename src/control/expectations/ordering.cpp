// Predicates about order and time.
#include "control/expectations/predicates.hpp"

namespace tollgate::control::predicates {

namespace {

class order final : public predicate {
public:
    order(pattern first, pattern then) : first_(std::move(first)), then_(std::move(then)) {}

    answer judge(conversation const& c, moment const& m) const override {
        observation const* first = nullptr;
        for (auto const& o : c.all()) {
            if (!first && first_.matches(o)) {
                first = &o;
                continue;
            }
            if (then_.matches(o)) return {first ? answer::kind::holds : answer::kind::broken, &o};
        }
        if (!first) return {};
        return {m.done ? answer::kind::broken : answer::kind::waiting, first};
    }
    bool waits() const noexcept override { return true; }

private:
    pattern first_;
    pattern then_;
};

class after final : public predicate {
public:
    after(pattern each, pattern then) : each_(std::move(each)), then_(std::move(then)) {}

    answer judge(conversation const& c, moment const& m) const override {
        observation const* open = nullptr;
        observation const* shown = nullptr;
        for (auto const& o : c.all()) {
            if (each_.matches(o)) {
                open = &o;
            } else if (open && then_.matches(o)) {
                open = nullptr;
                shown = &o;
            }
        }
        if (!open) return {shown ? answer::kind::holds : answer::kind::unreached, shown};
        return {m.done ? answer::kind::broken : answer::kind::waiting, open};
    }
    bool waits() const noexcept override { return true; }

private:
    pattern each_;
    pattern then_;
};

class within final : public predicate {
public:
    within(pattern first, pattern then, milliseconds limit)
        : first_(std::move(first)), then_(std::move(then)), limit_(limit) {}

    answer judge(conversation const& c, moment const& m) const override {
        observation const* first = nullptr;
        for (auto const& o : c.all()) {
            if (!first) {
                if (first_.matches(o)) first = &o;
                continue;
            }
            if (!then_.matches(o)) continue;
            bool const late = o.arrived() - first->what().time > limit_;
            return {late ? answer::kind::broken : answer::kind::holds, &o};
        }
        if (!first) return {};
        bool const late = m.done || m.now - first->what().time > limit_;
        return {late ? answer::kind::broken : answer::kind::waiting, first};
    }
    bool waits() const noexcept override { return true; }

private:
    pattern first_;
    pattern then_;
    milliseconds limit_;
};

}  // namespace

predicate_ptr read_order(object_reader& in) {
    auto first = read_pattern(in.need("first", "a pattern"), "first");
    auto then = read_pattern(in.need("then", "a pattern"), "then");
    return std::make_shared<order>(std::move(first), std::move(then));
}

predicate_ptr read_after(object_reader& in) {
    auto each = read_pattern(in.need("each", "a pattern"), "each");
    auto then = read_pattern(in.need("then", "a pattern"), "then");
    return std::make_shared<after>(std::move(each), std::move(then));
}

predicate_ptr read_within(object_reader& in) {
    auto first = read_pattern(in.need("first", "a pattern"), "first");
    auto then = read_pattern(in.need("then", "a pattern"), "then");
    in.need("seconds", "a number of seconds");
    auto const limit = in.duration("seconds", milliseconds(1), std::chrono::hours(1));
    return std::make_shared<within>(std::move(first), std::move(then),
                                    limit.value_or(milliseconds(1000)));
}

}  // namespace tollgate::control::predicates
