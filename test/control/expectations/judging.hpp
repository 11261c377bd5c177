// Judges a predicate, written as scenarios write it, over a story.
#pragma once

#include <string>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "control/expectations/expectation.hpp"
#include "control/verdict/story.hpp"

namespace test {

// The members that every expectation has, and a predicate.
inline boost::json::value with_predicate(std::string const& predicate) {
    return boost::json::parse(
        R"({"id":"x","level":"MUST","text":"t","broken":"b","clause":"c","url":"https://u.example",)" +
        predicate + '}');
}

// The mistake in an expectation; "": there is none.
inline std::string mistake_of(boost::json::value const& expectation) {
    control::object_reader in(expectation.get_object());
    control::read_expectation(in);
    auto const ok = in.finish();
    return ok ? "" : ok.error().description();
}
inline std::string mistake_in(std::string const& predicate) {
    return mistake_of(with_predicate(predicate));
}

// When it is judged: while the client runs, when it fell silent (over), or when it is done.
enum class client_is { running, silent, done };

// What was found, and the number of the event that shows it; 0: none does.
struct judgement {
    control::answer::kind is;
    std::uint64_t at;
    bool operator==(judgement const&) const = default;
};
inline std::ostream& operator<<(std::ostream& out, judgement const& j) {
    constexpr char const* words[] = {"unreached", "waiting", "holds", "broken"};
    return out << words[static_cast<int>(j.is)] << " by event " << j.at;
}

inline judgement answer_to(std::string const& predicate, story const& s,
                           client_is how = client_is::running,
                           std::chrono::milliseconds later = 0ms) {
    auto const value = with_predicate(predicate);
    control::object_reader in(value.get_object());
    auto const e = control::read_expectation(in);
    auto const ok = in.finish();
    BOOST_REQUIRE_MESSAGE(bool(ok), (ok ? "" : ok.error().description()));
    control::moment m;
    m.now = s.now() + later;
    m.done = how == client_is::done;
    m.over = how != client_is::running;
    control::conversation const c(s.events());
    auto const a = e.holds->judge(c, m);
    return {a.is, a.at ? a.at->seq() : 0};
}

inline judgement const not_reached{control::answer::kind::unreached, 0};
inline judgement waits(std::uint64_t at = 0) {
    return {control::answer::kind::waiting, at};
}
inline judgement holds_by(std::uint64_t at) {
    return {control::answer::kind::holds, at};
}
inline judgement broken_by(std::uint64_t at) {
    return {control::answer::kind::broken, at};
}

// A request of that method and path to the endpoint "jwks": a mark in a story that means nothing.
inline exchange mark(std::string const& method, std::string target = "") {
    exchange x;
    x.endpoint = "jwks";
    x.method = method;
    x.target = std::move(target);
    return x;
}
// A story of marks, one for each letter, by their methods.
inline story marks(std::string const& letters) {
    story s;
    for (char const c : letters)
        s.add(mark(std::string(1, c)));
    return s;
}

}  // namespace test
