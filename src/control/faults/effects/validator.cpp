// validator: the bearer guard decides otherwise about a token.
#include <unordered_map>

#include "control/faults/effects/kinds.hpp"
#include "control/faults/effects/templates.hpp"
#include "oauth/token_checks.hpp"

namespace tollgate::control::effects {

namespace json = boost::json;

namespace {

using judgement = outcome<http::principal>;

// Whoever was good once. Bounded: when it is full, nobody new is remembered.
class memory {
public:
    void remember(std::string_view digest, http::principal const& who) const {
        known_.with([&](by_digest& all) {
            if (all.size() < most) all.insert_or_assign(std::string(digest), who);
        });
    }
    std::optional<http::principal> recall(std::string_view digest) const {
        return known_.with([&](by_digest const& all) {
            auto const at = all.find(std::string(digest));
            return at == all.end() ? std::nullopt : std::optional(at->second);
        });
    }

private:
    using by_digest = std::unordered_map<std::string, http::principal>;

    static constexpr std::size_t most = 10'000;
    effect_state<by_digest> known_;
};

// What it says of every token.
enum class ruling { as_found, refused, unavailable, remembered, anything };

class opinion final : public oauth::token_opinion {
public:
    ruling says = ruling::as_found;
    std::string subject;  // whom it takes the caller for; empty: for whom it is
    std::optional<std::vector<std::string>> scopes;
    std::string not_of;  // tokens of that issuer are refused

    judgement about(judgement judged, std::string_view digest) const override {
        if (judged && !not_of.empty() && judged->issuer == not_of)
            return problem(401, "invalid_token", "").log("refused by a fault");
        auto decided = decide(std::move(judged), digest);
        if (!decided) return decided;
        if (!subject.empty()) decided->subject = subject;
        if (scopes) decided->scopes = scopes;
        return decided;
    }

private:
    judgement decide(judgement judged, std::string_view digest) const {
        switch (says) {
            case ruling::as_found:
                return judged;
            case ruling::refused:
                return problem(401, "invalid_token", "").log("refused by a fault");
            case ruling::unavailable:
                return problem(503, "temporarily_unavailable", "").log("refused by a fault");
            case ruling::remembered:
                return out_of_memory(std::move(judged), digest);
            case ruling::anything:
                break;
        }
        if (judged) return judged;
        http::principal anybody;
        anybody.subject = "anybody";
        anybody.key = std::string();
        anybody.strategy = "none";
        return anybody;
    }
    judgement out_of_memory(judgement judged, std::string_view digest) const {
        if (judged) {
            memory_.remember(digest, *judged);
            return judged;
        }
        auto known = memory_.recall(digest);
        if (!known) return judged;
        known->expires_at.reset();
        return std::move(*known);
    }

    memory memory_;
};

class other_checks final : public effect {
public:
    oauth::token_checks checks;
    std::shared_ptr<opinion> says = std::make_shared<opinion>();

    unsigned seams() const noexcept override { return before_handler | before_guard; }
    new_effect copy() const override {
        auto own = std::make_shared<other_checks>(*this);
        own->says = std::make_shared<opinion>(*says);
        return own;
    }
    std::shared_ptr<opinion> says_of(http::context const& c) const {
        if (says->not_of.empty()) return says;
        auto now = std::make_shared<opinion>();
        now->subject = says->subject;
        now->scopes = says->scopes;
        now->not_of = filled(says->not_of, c);
        return now;
    }
    task<std::optional<http::reply>> before(http::context& c,
                                            administrations const&) const override {
        auto const before = c.kept<oauth::token_checks>();
        auto now = std::make_shared<oauth::token_checks>(oauth::checks_of(before));
        now->audience = now->audience && checks.audience;
        now->expiry = now->expiry && checks.expiry;
        now->key = now->key && checks.key;
        now->scopes = now->scopes && checks.scopes;
        now->opinions.push_back(says_of(c));
        c.keep<oauth::token_checks>(std::move(now));
        co_return std::nullopt;
    }
};

void read_overlooked(object_reader& in, oauth::token_checks& checks) {
    struct named {
        std::string_view name;
        bool oauth::token_checks::*check;
    };
    constexpr named all[] = {{"audience", &oauth::token_checks::audience},
                             {"expiry", &oauth::token_checks::expiry},
                             {"key", &oauth::token_checks::key},
                             {"scopes", &oauth::token_checks::scopes}};
    auto const* list = in.array("overlook");
    if (list == nullptr) return;
    for (auto const& one : *list) {
        bool known = false;
        for (auto const& row : all)
            if (one.is_string() && std::string_view(one.get_string()) == row.name) {
                checks.*row.check = false;
                known = true;
            }
        if (!known) in.fail("overlook", "expected some of audience, expiry, key, scopes");
    }
}

std::vector<std::string> words_in(std::string_view text) {
    std::vector<std::string> all;
    while (!text.empty()) {
        auto const end = text.find(' ');
        if (end != 0) all.emplace_back(text.substr(0, end));
        text = end == text.npos ? std::string_view() : text.substr(end + 1);
    }
    return all;
}

}  // namespace

new_effect read_validator(object_reader& in) {
    auto e = std::make_shared<other_checks>();
    auto& says = *e->says;
    read_overlooked(in, e->checks);
    constexpr std::string_view refusals[] = {"invalid_token", "unavailable"};
    constexpr std::string_view acceptances[] = {"remembered", "anything"};
    auto const refused = in.choice("refuse", refusals);
    auto const accepted = in.choice("accept", acceptances);
    if (refused) says.says = *refused == 0 ? ruling::refused : ruling::unavailable;
    if (accepted) says.says = *accepted == 0 ? ruling::remembered : ruling::anything;
    if (refused && accepted) in.fail("accept", "does not go with refuse");
    if (says.says == ruling::anything) e->checks.audience = e->checks.scopes = false;
    says.subject = in.text("subject").value_or("");
    says.not_of = in.text("refuse_issuer", 2048).value_or("");
    if (!says.not_of.empty() && (refused || accepted))
        in.fail("refuse_issuer", "does not go with refuse or accept");
    if (auto const scope = in.text("scope", 2048)) says.scopes = words_in(*scope);
    bool const all_checked =
        e->checks.audience && e->checks.expiry && e->checks.key && e->checks.scopes;
    if (all_checked && says.says == ruling::as_found && says.subject.empty() && !says.scopes &&
        says.not_of.empty())
        in.need_something("overlook", "overlook, refuse, refuse_issuer, accept, subject or scope");
    return e;
}

}  // namespace tollgate::control::effects
