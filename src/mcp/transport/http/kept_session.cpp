// Sessions that outlive the process, around a request: brought back, kept, forgotten.
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

task<std::optional<refusal>> recall_session(endpoint const& e) {
    auto const named = e.http.request().header("Mcp-Session-Id");
    if (e.owner.keeper() == nullptr || named.empty() || e.state.sessions.has(named))
        co_return std::nullopt;
    auto* const keeper = keeper_of(e);
    if (keeper == nullptr) co_return std::nullopt;
    auto const kept = co_await keeper->find(e.http.realm_handle(), std::string(named));
    if (!kept) {
        auto const wrong = not_now(kept.error(), "Sessions cannot be looked up");
        co_return wrong;
    }
    if (*kept) e.state.sessions.recall(**kept, *e.policy, e.now());
    co_return std::nullopt;
}

task<std::optional<refusal>> keep_session(endpoint const& e, std::shared_ptr<session> s) {
    auto const now = e.now();
    // Written again when half of its time is over, not at each use.
    if (!s || e.owner.keeper() == nullptr || !s->needs_keeping(now.time + now.idle / 2))
        co_return std::nullopt;
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
