// Request context: one exchange on its way through the layers, as handlers see it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/container/small_vector.hpp>
#include <boost/json/value.hpp>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "http/message/form.hpp"
#include "http/message/problem.hpp"
#include "http/message/reply.hpp"
#include "http/message/request.hpp"
#include "http/pipeline/exchange_facts.hpp"
#include "http/pipeline/principal.hpp"
#include "http/realm/place.hpp"

namespace tollgate::http {

struct route_match;

// Made by the dispatcher, lives until the reply is written, used by one coroutine at a time.
// Paths are those below the realm's base: handlers never parse a prefix.
class context {
public:
    context(http::request const& received, http::place const& where, std::string_view path,
            route_match const& matched, tollgate::clock const& real_time,
            boost::asio::any_io_executor executor, std::string request_id);
    context(context const&) = delete;
    context& operator=(context const&) = delete;

    http::request const& request() const noexcept { return request_; }
    http::place const& place() const noexcept { return place_; }
    http::realm& realm() const noexcept { return *place_.realm; }
    // The shared realm handle, for what outlives the exchange.
    realm_ptr const& realm_handle() const noexcept { return place_.realm; }
    std::string_view path() const noexcept { return path_; }
    std::string const& request_id() const noexcept { return request_id_; }
    // By the clock of the realm: for everything that tokens, documents and sessions say of time.
    time_point now() const noexcept { return at(real_now()); }
    // For what outlives the exchange.
    shifted_clock clock() const { return {place_.realm->time_handle(), clock_}; }
    // By the real one: for deadlines, budgets and what is written down.
    time_point real_now() const noexcept { return clock_.now(); }
    tollgate::clock const& real_clock() const noexcept { return clock_; }
    // The executor of the connection (one core).
    boost::asio::any_io_executor const& executor() const noexcept { return executor_; }

    // The route's own name ("token", "mcp", …): what faults, metrics and the journal call it.
    std::string_view endpoint() const noexcept;
    bool guarded() const noexcept;
    // A path parameter of the matched route, percent-decoded; empty when there is none.
    std::string_view parameter(std::string_view name) const noexcept;
    route_match const& route() const noexcept { return route_; }

    // The query string; parsed on first use.
    outcome<form const*> query();
    // The body as a form: 400 invalid_request unless it is one (RFC 6749 §4.1.3, Appendix B).
    outcome<form const*> body_form();
    // The body as JSON (UTF-8, nesting limited to 64): 400 when it is not. Parsed once.
    outcome<boost::json::value const*> body_json();

    // Set by the bearer guard.
    void authenticate(credential c) { credential_ = std::move(c); }
    // The caller; nothing on open routes and for anonymous callers.
    credential const* who() const noexcept { return credential_ ? &*credential_ : nullptr; }

    // The key whose possession the request proved (RFC 9449 §4), by its RFC 7638 thumbprint; empty
    // without a proof. `for_refresh`: a refresh token that comes of it is bound to it, too (§5).
    struct proof {
        std::string thumbprint;
        bool for_refresh = false;
    };
    void prove(std::string thumbprint, bool for_refresh) {
        proof_.thumbprint = std::move(thumbprint);
        proof_.for_refresh = for_refresh;
    }
    proof const& proven() const noexcept { return proof_; }

    // Which challenges a refusal carries. Set by whoever looks at the token.
    void challenge_with(challenge_style s) { challenges_ = std::move(s); }
    challenge_style const& challenges() const noexcept { return challenges_; }

    // How they are worded: asked only when somebody refuses. Set by challenge_style_layer; must
    // outlive the context.
    using wording_source = std::function<challenge_wording(context const&)>;
    void style_challenges(wording_source const& by) noexcept { wording_ = &by; }
    challenge_wording wording() const {
        return wording_ ? (*wording_)(*this) : challenge_wording();
    }

    // What this request has read and keeps to, whatever changes meanwhile (a policy): `read` is
    // called when somebody first asks for a T, and returns a shared_ptr to it that is not null.
    template <class T, class Read>
    std::shared_ptr<T const> snapshot(Read const& read) const {
        if (auto before = kept<T>()) return before;
        std::shared_ptr<T const> now = read();
        snapshots_.emplace_back(&type_tag<T>, now);
        return now;
    }

    // The T that keep() or snapshot() put there; null: none.
    template <class T>
    std::shared_ptr<T const> kept() const noexcept {
        for (auto const& [type, held] : snapshots_)
            if (type == &type_tag<T>) return std::static_pointer_cast<T const>(held);
        return nullptr;
    }

    // Puts `now`, which is not null, in the place of the T that this request has read or would
    // read. What was read before lives as long as the request does: somebody may hold a reference
    // to it.
    template <class T>
    void keep(std::shared_ptr<T const> now) const {
        for (auto& [type, held] : snapshots_)
            if (type == &type_tag<T>) type = nullptr;
        snapshots_.emplace_back(&type_tag<T>, std::move(now));
    }

    // What this request is about, filled by whoever finds out.
    exchange_facts& facts() noexcept { return facts_; }
    exchange_facts const& facts() const noexcept { return facts_; }
    // What else decided the answer, for the log alone. No secrets.
    void note(std::string_view key, std::string value);
    // Facts and notes as the log writes them.
    std::vector<std::pair<std::string, std::string>> notes() const;
    // Those of the part of this exchange that another context ran.
    void take_over(context const& part);

private:
    time_point at(time_point real) const noexcept {
        return place_.realm ? place_.realm->time().at(real) : real;
    }

    template <class T>
    static constexpr char type_tag = 0;

    http::request const& request_;
    http::place const& place_;
    std::string_view path_;
    route_match const& route_;
    tollgate::clock const& clock_;
    boost::asio::any_io_executor executor_;
    std::string request_id_;
    std::optional<outcome<form>> query_;
    std::optional<outcome<form>> body_form_;
    std::optional<outcome<boost::json::value>> body_json_;
    std::optional<credential> credential_;
    proof proof_;
    challenge_style challenges_;
    wording_source const* wording_ = nullptr;
    exchange_facts facts_;
    std::vector<std::pair<std::string, std::string>> notes_;
    // Of the two servers, and seldom of both.
    mutable boost::container::small_vector<std::pair<void const*, std::shared_ptr<void const>>, 2>
        snapshots_;
};

}  // namespace tollgate::http
