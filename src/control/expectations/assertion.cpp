// assertion: whether the assertions of token requests (RFC 7523) were good.
#include <charconv>
#include <set>
#include <string>

#include "control/conversation/member.hpp"
#include "control/expectations/predicates.hpp"

namespace tollgate::control::predicates {

namespace {

// What is asked of them: that they are not over, or that they are signed JWTs of their issuer.
enum class quality { alive, signed_ };

// A NumericDate may have a fraction (RFC 7519 section 2).
bool is_over(observation const& o) {
    auto const text = member_of(o, "assertion.exp").value_or("");
    double exp = 0;
    auto const [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), exp);
    if (wrong != std::errc()) return false;
    auto const sent = std::chrono::floor<std::chrono::seconds>(o.arrived()).time_since_epoch();
    return exp <= static_cast<double>(sent.count());
}

// Whether it is for the server that got it: for its issuer, or for the token endpoint below that.
bool is_for_server(observation const& o) {
    auto const endpoint = std::string(o.host()) + std::string(o.path);
    auto const names_it = [&](std::string_view audience) {
        auto const scheme = audience.find("://");
        if (scheme == audience.npos) return false;
        auto const named = audience.substr(scheme + 3);
        return named == endpoint || named == endpoint.substr(0, endpoint.rfind('/'));
    };
    // One, or a list of them (RFC 7519 section 4.1.3).
    if (names_it(member_of(o, "assertion.aud").value_or(""))) return true;
    constexpr std::size_t most = 16;
    for (std::size_t i = 0; i < most; ++i)
        if (names_it(member_of(o, "assertion.aud/" + std::to_string(i)).value_or(""))) return true;
    return false;
}

// The server has refused it, and neither for its date nor for its audience.
bool is_forged(observation const& o) {
    bool const refused = member_of(o, "answer.error") == "invalid_grant";
    return refused && !is_over(o) && is_for_server(o);
}

class assertion final : public predicate {
public:
    assertion(pattern of, quality wanted) : of_(std::move(of)), wanted_(wanted) {}

    answer judge(conversation const& c, moment const&) const override {
        observation const* last = nullptr;
        std::set<std::string> seen;
        for (auto const& o : c.all()) {
            if (!of_.matches(o) || !o.form.has("assertion")) continue;
            last = &o;
            // One that comes back is refused for that.
            if (!seen.emplace(*o.form.one("assertion")).second) continue;
            bool const bad = wanted_ == quality::alive ? is_over(o) : is_forged(o);
            if (bad) return {answer::kind::broken, &o};
        }
        if (last == nullptr) return {};
        return {answer::kind::holds, last};
    }
    bool waits() const noexcept override { return true; }

private:
    pattern of_;
    quality wanted_;
};

}  // namespace

predicate_ptr read_assertion(object_reader& in) {
    auto of = read_pattern(in.need("of", "a pattern"), "of");
    constexpr std::string_view words[] = {"alive", "signed"};
    in.need("is", "alive or signed");
    auto const is = in.choice("is", words);
    return std::make_shared<assertion>(std::move(of), is == 1u ? quality::signed_ : quality::alive);
}

}  // namespace tollgate::control::predicates
