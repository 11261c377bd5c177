// Predicates about each event of a kind.
#include <algorithm>
#include <array>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "control/conversation/member.hpp"
#include "control/expectations/each.hpp"

namespace tollgate::control::predicates {

namespace {

constexpr std::int64_t latest_nth = 100'000;

class every final : public each {
public:
    every(pattern of, std::size_t nth, pattern fits)
        : each(std::move(of), nth), fits_(std::move(fits)) {}

private:
    bool fine(observation const& o) const override { return fits_.matches(o); }

    pattern fits_;
};

// A list as a text ("a b") or as JSON (["a","b"]).
std::vector<std::string> words_in(std::string_view text) {
    std::vector<std::string> all;
    std::string word;
    for (char const c : text) {
        bool const between = c == ' ' || c == ',' || c == '[' || c == ']' || c == '"';
        if (!between) word += c;
        if (between && !word.empty()) all.push_back(std::exchange(word, {}));
    }
    if (!word.empty()) all.push_back(std::move(word));
    return all;
}

class words final : public each {
public:
    words(pattern of, std::size_t nth, std::string member, std::vector<std::string> all,
          std::vector<std::string> none)
        : each(std::move(of), nth),
          member_(std::move(member)),
          all_(std::move(all)),
          none_(std::move(none)) {}

private:
    bool fine(observation const& o) const override {
        auto const sent = words_in(member_of(o, member_).value_or(""));
        auto const there = [&](std::string const& w) {
            return w == "*" ? !sent.empty() : std::ranges::find(sent, w) != sent.end();
        };
        return std::ranges::all_of(all_, there) && std::ranges::none_of(none_, there);
    }

    std::string member_;
    std::vector<std::string> all_;
    std::vector<std::string> none_;
};

// How a value may have to be written.
struct shape_row {
    std::string_view name;
    bool (*fits)(std::string_view value);
};

bool is_uri_without_fragment(std::string_view value) {
    return value.find('#') == value.npos && value.find(':') != value.npos &&
           value.find(' ') == value.npos;
}

constexpr shape_row shapes[] = {
    {"uri_without_fragment", &is_uri_without_fragment},
    {"object", [](std::string_view v) { return v.starts_with('{'); }},
};

class shaped final : public each {
public:
    shaped(pattern of, std::string member, shape_row const& as)
        : each(std::move(of), 0), member_(std::move(member)), as_(as) {}

private:
    bool fine(observation const& o) const override {
        auto const value = member_of(o, member_);
        return value && as_.fits(*value);
    }

    std::string member_;
    shape_row const& as_;
};

// RFC 9728 section 3.3: the resource is named as the metadata name it, letter by letter.
class resource_told final : public predicate {
public:
    answer judge(conversation const& c, moment const&) const override {
        std::vector<std::string> told;
        observation const* last = nullptr;
        for (auto const* o : c.exchanges()) {
            if (auto known = member_of(*o, "answer.resource"); known && o->method == "GET")
                told.push_back(std::move(*known));
            bool const login = o->endpoint() == "authorize" && o->method == "GET";
            if (!login && o->endpoint() != "token") continue;
            auto const sent = (login ? o->query : o->form).one("resource");
            if (!sent || told.empty()) continue;
            last = o;
            if (std::ranges::find(told, *sent) == told.end()) return {answer::kind::broken, o};
        }
        if (last == nullptr) return {};
        return {answer::kind::holds, last};
    }
    bool waits() const noexcept override { return true; }
};

// RFC 7636 section 4.6: the verifier of each token request against the challenge of the login
// before it.
class pkce final : public predicate {
public:
    answer judge(conversation const& c, moment const&) const override {
        std::string challenge;
        observation const* last = nullptr;
        for (auto const* o : c.exchanges()) {
            if (o->endpoint() == "authorize" && o->method == "GET")
                challenge = o->query.one("code_challenge").value_or("");
            bool const redeems = o->endpoint() == "token" && o->method == "POST" &&
                                 o->form.one("grant_type") == "authorization_code";
            if (!redeems) continue;
            auto const verifier = o->form.one("code_verifier").value_or("");
            bool const same = !challenge.empty() && base64url(sha256(verifier)) == challenge;
            if (!same) return {answer::kind::broken, o};
            last = o;
        }
        if (last == nullptr) return {};
        return {answer::kind::holds, last};
    }
    bool waits() const noexcept override { return true; }
};

}  // namespace

answer each::judge(conversation const& c, moment const&) const {
    observation const* last = nullptr;
    std::size_t n = 0;
    for (auto const& o : c.all()) {
        if (!of_.matches(o) || (++n != nth_ && nth_ != 0)) continue;
        last = &o;
        if (!fine(o)) return {answer::kind::broken, &o};
    }
    if (last == nullptr) return {};
    return {answer::kind::holds, last};
}

std::size_t read_nth(object_reader& in) {
    return static_cast<std::size_t>(in.integer("nth", 1, latest_nth).value_or(0));
}

std::string read_member_of(object_reader& in, std::string_view name) {
    auto const member = in.need(name, "a member of an event").text(name);
    if (member && !is_member(*member))
        in.fail(name, '"' + printable(*member, 80) +
                          "\" is no member of an event; the nearest is \"" +
                          nearest_member(*member) + '"');
    return member.value_or("");
}

predicate_ptr read_every(object_reader& in) {
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    auto fits = read_pattern(in.need("fits", "a pattern"), "fits");
    return std::make_shared<every>(std::move(of), read_nth(in), std::move(fits));
}

predicate_ptr read_words(object_reader& in) {
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    auto member = read_member_of(in, "member");
    auto all = in.texts("all");
    auto none = in.texts("none");
    if (all.empty() && none.empty()) in.need("all", "a list of words");
    return std::make_shared<words>(std::move(of), read_nth(in), std::move(member), std::move(all),
                                   std::move(none));
}

predicate_ptr read_shape(object_reader& in) {
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    auto member = read_member_of(in, "member");
    std::array<std::string_view, std::size(shapes)> names{};
    for (std::size_t i = 0; i < names.size(); ++i)
        names[i] = shapes[i].name;
    in.need("as", "a shape");
    auto const as = in.choice("as", names).value_or(0);
    return std::make_shared<shaped>(std::move(of), std::move(member), shapes[as]);
}

predicate_ptr read_resource_told(object_reader&) {
    return std::make_shared<resource_told>();
}

predicate_ptr read_pkce(object_reader&) {
    return std::make_shared<pkce>();
}

}  // namespace tollgate::control::predicates
