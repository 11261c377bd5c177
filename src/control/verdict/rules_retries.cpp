// Rules about trying again and again, about challenges that nobody follows, and about what is there
// only to be left alone.
#include <algorithm>
#include <deque>
#include <map>

#include "control/verdict/rule.hpp"

namespace tollgate::control::rules {

namespace {

using namespace std::chrono_literals;

constexpr auto a_minute = 60s;

// Breaks where one key comes more than `most` times within a minute.
class rate {
public:
    explicit rate(std::size_t most) noexcept : most_(most) {}

    bool is_too_much(std::string const& key, time_point at) {
        auto& times = times_[key];
        times.push_back(at);
        while (times.front() + a_minute < at)
            times.pop_front();
        return times.size() > most_;
    }

private:
    std::size_t const most_;
    std::map<std::string, std::deque<time_point>> times_;
};

std::string address_of(observation const& o) {
    return o.what().exchange->peer;
}

constexpr std::size_t in_vain = 3;
// Requests that were on their way together are all refused before the first answer is read.
constexpr auto time_to_react = 5s;

// The 401 answers that one address got in a row.
struct refused_row {
    std::size_t count = 0;
    time_point answered{};
    observation const* last =
        nullptr;  // that nothing has followed so far; null: not enough of them

    void add(observation const& o) {
        // Several at once are one.
        if (count != 0 && o.arrived() <= answered) return;
        answered = o.what().time;
        if (++count == in_vain && last == nullptr) last = &o;
    }
    // Broken unless it came at once, or had come before already and was answered late.
    bool is_followed_too_late(observation const& by) const {
        return last != nullptr && by.arrived() > last->what().time + time_to_react;
    }
};

// It was on its way with a token in whose place another one has been given: its client has reacted
// already. For a minute; then it is a client that does not use what it gets.
bool was_under_way(conversation const& c, observation const& refused) {
    auto const* sent = refused.is_bearer() ? c.of_access(refused.credential) : nullptr;
    if (sent == nullptr) return false;
    return std::ranges::any_of(c.tokens(), [&](tokens_seen const& t) {
        return t.at->seq() > sent->at->seq() && t.at->seq() < refused.seq() &&
               address_of(*t.at) == address_of(refused) &&
               refused.arrived() <= t.at->what().time + a_minute;
    });
}

}  // namespace

// Whoever asks for something else than MCP meanwhile has reacted: it may be another program (a
// browser) of that machine.
void challenge_followed(conversation const& c, assessment& a) {
    std::map<std::string, refused_row> rows;
    auto const blame = [&a](observation const& o) {
        a.broken(o,
                 "The server answered 401 again and again, and the client neither asked where to "
                 "log in nor refreshed");
    };
    for (auto const* o : c.exchanges()) {
        auto& r = rows[address_of(*o)];
        bool const of_mcp =
            o->endpoint() == "mcp" || o->endpoint() == "sse" || o->endpoint() == "messages";
        if (of_mcp && o->status == 401) {
            a.met();
            if (!was_under_way(c, *o)) r.add(*o);
            continue;
        }
        if (of_mcp) {
            r.count = 0;
            continue;
        }
        if (r.is_followed_too_late(*o)) blame(*r.last);
        r = {};
    }
    for (auto const& [address, r] : rows)
        if (r.last != nullptr) blame(*r.last);
}

void authorize_storm(conversation const& c, assessment& a) {
    rate logins(5);
    for (auto const& l : c.logins()) {
        a.met();
        if (logins.is_too_much(l.client_id, l.at->arrived()))
            a.broken(*l.at, "The person was sent to the login page more than 5 times in a minute");
    }
}

void registration_storm(conversation const& c, assessment& a) {
    rate registrations(5);
    for (auto const* o : c.exchanges()) {
        if (o->endpoint() != "register" || o->method != "POST") continue;
        a.met();
        if (registrations.is_too_much(o->peer_key(), o->arrived()))
            a.broken(*o, "The client registered more than 5 times in a minute");
    }
}

void token_storm(conversation const& c, assessment& a) {
    rate refusals(10);
    for (auto const* o : c.exchanges()) {
        if (o->endpoint() != "token") continue;
        a.met();
        if (o->succeeded()) continue;
        if (refusals.is_too_much(o->peer_key(), o->arrived()))
            a.broken(*o,
                     "Token requests that were refused were repeated more than 10 times in a "
                     "minute");
    }
}

void canary_fetched(conversation const& c, assessment& a) {
    for (auto const* o : c.exchanges()) {
        bool const planted = o->faulted() && (o->endpoint() == "as_metadata" ||
                                              o->endpoint() == "openid_configuration" ||
                                              o->endpoint() == "resource_metadata");
        if (planted) a.met();
        if (o->path.find("/canary/") != std::string_view::npos)
            a.broken(*o,
                     "The client fetched a URL that stood in metadata: " + std::string(o->path));
    }
}

}  // namespace tollgate::control::rules
