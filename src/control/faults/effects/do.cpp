// do: something happens to the realm when a request comes.
#include <boost/json/array.hpp>

#include "control/faults/effects/kinds.hpp"
#include "http/pipeline/dispatcher.hpp"

namespace tollgate::control::effects {

namespace {

enum class deed { revoke_access, end_sessions, rotate_keys, forget_clients };
constexpr std::string_view deeds[] = {"revoke_access", "end_sessions", "rotate_keys",
                                      "forget_clients"};

class happening final : public effect {
public:
    deed what = deed::revoke_access;
    bool after_it = false;

    unsigned seams() const noexcept override { return after_it ? after_handler : before_handler; }
    task<std::optional<http::reply>> before(http::context& c,
                                            administrations const& to) const override {
        auto const done = co_await happen(c, to);
        if (!done) co_return http::render(done.error());
        co_return std::nullopt;
    }
    task<bool> after(http::context& c, http::reply& r, administrations const& to) const override {
        auto const done = co_await happen(c, to);
        if (!done) r = http::render(done.error());
        co_return true;
    }

private:
    task<outcome<void>> happen(http::context& c, administrations const& to) const {
        auto& realm = c.realm();
        switch (what) {
            case deed::revoke_access:
                co_return co_await to.oauth.revoke_access_tokens(realm);
            case deed::forget_clients:
                co_return co_await to.oauth.forget_clients(realm);
            case deed::end_sessions:
                to.mcp.end_sessions(realm);
                co_return outcome<void>();
            case deed::rotate_keys:
                break;
        }
        auto const rotated = co_await to.oauth.rotate_keys(realm);
        if (!rotated) co_return rotated.error();
        co_return outcome<void>();
    }
};

}  // namespace

effect_ptr read_do(object_reader& in) {
    auto e = std::make_shared<happening>();
    auto const i = in.need("what", "revoke_access, end_sessions, rotate_keys or forget_clients")
                       .choice("what", deeds);
    if (i) e->what = static_cast<deed>(*i);
    constexpr std::string_view moments[] = {"before", "after"};
    e->after_it = in.choice("when", moments) == 1u;
    return e;
}

}  // namespace tollgate::control::effects
