// Sessions that outlive the process, around a request: brought back, kept, forgotten.
#include <algorithm>
#include <utility>

#include "mcp/transport/http/endpoint.hpp"

namespace tollgate::mcp {

namespace {

refusal not_now(problem const& why, std::string sentence) {
    auto out = invalid(503, std::move(sentence));
    out.error.message += ": " + why.description();
    return out;
}

session_keeper* keeper_of(endpoint const& e) {
    auto* const keeper = e.owner.keeper();
    return keeper != nullptr && keeper->keeps(e.http.realm()) ? keeper : nullptr;
}

}  // namespace

bool is_elsewhere(endpoint const& e) {
    if (e.owner.keeper() == nullptr) return false;
    auto const named = e.http.request().header("Mcp-Session-Id");
    return !named.empty() && !e.state.sessions.has(named);
}

// Written again when half of its time is over, not at each use.
bool must_be_kept(endpoint const& e, std::shared_ptr<session> const& s) {
    if (e.owner.keeper() == nullptr || !s) return false;
    auto const now = e.now();
    return s->needs_keeping(now.time + now.idle / 2);
}

task<std::optional<refusal>> recall_session(endpoint const& e) {
    auto const named = e.http.request().header("Mcp-Session-Id");
    auto* const keeper = keeper_of(e);
    if (keeper == nullptr) co_return std::nullopt;
    auto const kept = co_await keeper->find(e.http.realm_handle(), std::string(named));
    if (!kept) {
        auto const wrong = not_now(kept.error(), "Sessions cannot be looked up");
        co_return wrong;
    }
    auto const now = e.now();
    if (*kept) {
        auto const used = std::min(now.time, (*kept)->until - now.idle);
        e.state.sessions.recall({(*kept)->image, used}, *e.policy, now);
    }
    co_return std::nullopt;
}

task<std::optional<refusal>> keep_session(endpoint const& e, std::shared_ptr<session> s) {
    auto const now = e.now();
    auto* const keeper = keeper_of(e);
    if (keeper == nullptr) co_return std::nullopt;
    auto const done =
        co_await keeper->keep(e.http.realm_handle(), std::move(s), now.time + now.idle);
    if (done) co_return std::nullopt;
    auto const wrong = not_now(done.error(), "The session cannot be kept");
    co_return wrong;
}

task<std::optional<refusal>> forget_session(endpoint const& e, std::string id) {
    auto* const keeper = keeper_of(e);
    if (keeper == nullptr) co_return std::nullopt;
    auto const done = co_await keeper->forget(e.http.realm_handle(), std::move(id));
    if (done) co_return std::nullopt;
    auto const wrong = not_now(done.error(), "The session cannot be forgotten");
    co_return wrong;
}

}  // namespace tollgate::mcp
