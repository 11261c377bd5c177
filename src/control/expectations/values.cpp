// Predicates about the values of members.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "control/conversation/member.hpp"
#include "control/expectations/each.hpp"

namespace tollgate::control::predicates {

namespace {

struct valued {
    observation const* at;
    std::string value;
};

std::vector<valued> values(conversation const& c, pattern const& of, std::string const& member) {
    std::vector<valued> all;
    for (auto const& o : c.all())
        if (of.matches(o))
            if (auto v = member_of(o, member)) all.push_back({&o, std::move(*v)});
    return all;
}

// All the same, or no two.
class compared final : public predicate {
public:
    compared(pattern of, std::string member, bool equal)
        : of_(std::move(of)), member_(std::move(member)), equal_(equal) {}

    answer judge(conversation const& c, moment const& m) const override {
        auto const all = values(c, of_, member_);
        std::set<std::string_view> seen;
        for (auto const& v : all) {
            bool const fresh = seen.insert(v.value).second;
            bool const wrong = equal_ ? fresh && seen.size() > 1 : !fresh;
            if (wrong) return {answer::kind::broken, v.at};
        }
        // One value is like no other; that it is like others, two have to show.
        if (all.size() < (equal_ ? 2u : 1u)) return {};
        return {m.over ? answer::kind::holds : answer::kind::waiting, all.back().at};
    }
    bool waits() const noexcept override { return false; }

private:
    pattern of_;
    std::string member_;
    bool equal_;
};

// Each value is one that the other pattern has shown before, as a part of it or exactly; or it is
// none of them.
enum class likeness { part, exact, none };

class same final : public predicate {
public:
    same(pattern of, std::string member, pattern as, std::string as_member, likeness wanted)
        : wanted_(wanted),
          of_(std::move(of)),
          as_(std::move(as)),
          member_(std::move(member)),
          as_member_(std::move(as_member)) {}

    answer judge(conversation const& c, moment const&) const override {
        auto const known = values(c, as_, as_member_);
        auto const all = values(c, of_, member_);
        if (known.empty() || all.empty()) return {};
        for (auto const& v : all) {
            bool const shown = std::ranges::any_of(known, [&](valued const& k) {
                bool const like = wanted_ == likeness::part
                                      ? k.value.find(v.value) != std::string::npos
                                      : k.value == v.value;
                return k.at->seq() < v.at->seq() && like;
            });
            if (shown == (wanted_ == likeness::none)) return {answer::kind::broken, v.at};
        }
        return {answer::kind::holds, all.back().at};
    }
    bool waits() const noexcept override { return true; }

private:
    likeness wanted_;
    pattern of_;
    pattern as_;
    std::string member_;
    std::string as_member_;
};

bool has_word(std::string_view list, std::string_view wanted) {
    while (!list.empty())
        if (auto const word = next_part(list, ' '); word == wanted || wanted == "*") return true;
    return false;
}

class contains final : public predicate {
public:
    contains(pattern of, std::string member, std::vector<std::string> words)
        : of_(std::move(of)), member_(std::move(member)), words_(std::move(words)) {}

    answer judge(conversation const& c, moment const& m) const override {
        observation const* last = nullptr;
        for (auto const& o : c.all()) {
            if (!of_.matches(o)) continue;
            last = &o;
            auto const value = member_of(o, member_).value_or("");
            if (std::ranges::all_of(words_, [&](auto const& w) { return has_word(value, w); }))
                return {answer::kind::holds, &o};
        }
        if (!last) return {};
        return {m.done ? answer::kind::broken : answer::kind::waiting, last};
    }
    bool waits() const noexcept override { return true; }

private:
    pattern of_;
    std::string member_;
    std::vector<std::string> words_;
};

predicate_ptr read_compared(object_reader& in, bool equal) {
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    return std::make_shared<compared>(std::move(of), read_member_of(in, "member"), equal);
}

}  // namespace

predicate_ptr read_equal(object_reader& in) {
    return read_compared(in, true);
}

predicate_ptr read_differ(object_reader& in) {
    return read_compared(in, false);
}

predicate_ptr read_same(object_reader& in) {
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    auto as = read_pattern(in.need("as", "a pattern"), "as");
    auto member = read_member_of(in, "member");
    auto as_member = read_member_of(in, "as_member");
    auto const exact = in.boolean("exact").value_or(false);
    auto const none = in.boolean("none").value_or(false);
    auto const wanted = none ? likeness::none : exact ? likeness::exact : likeness::part;
    return std::make_shared<same>(std::move(of), std::move(member), std::move(as),
                                  std::move(as_member), wanted);
}

predicate_ptr read_contains(object_reader& in) {
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    auto member = read_member_of(in, "member");
    auto words = in.need("words", "a list of words").texts("words");
    if (words.empty()) in.fail("words", "expected a list of words");
    return std::make_shared<contains>(std::move(of), std::move(member), std::move(words));
}

}  // namespace tollgate::control::predicates
