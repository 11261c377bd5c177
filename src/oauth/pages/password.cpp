#include "oauth/pages/password.hpp"

#include "http/limits/guess_limit.hpp"
#include "http/realm/peer.hpp"
#include "oauth/model/user_claims.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::string_view wrong = "The user or the password is wrong.";

http::guess guess_at(http::context const& c, user const& u, std::string_view browser) {
    auto g = http::guess_by_peer(c.request(), c.place(), http::secret_kind::user, u.name);
    if (browser.empty()) return g;
    g.by = "browser ";
    g.by += browser;
    g.by_many = false;
    g.by_known = true;
    return g;
}

}  // namespace

std::string wrong_password(server& s, http::context const& c, user const& u,
                           std::string_view password, std::string_view browser) {
    // A long one cannot be found by trying and is never shut (guess_limit.hpp).
    if (!u.short_password) {
        if (password_fits(u, password)) return {};
        http::count_wrong(http::secret_kind::user);
        return std::string(wrong);
    }
    auto const g = guess_at(c, u, browser);
    // Before the comparison: while it is shut a right password looks like a wrong one.
    if (!s.guesses().open(g, c.real_now()))
        return "Too many wrong passwords. Please wait a minute.";
    if (password_fits(u, password)) {
        s.guesses().right(g, c.real_now());
        return {};
    }
    s.guesses().wrong(g, c.real_now());
    return std::string(wrong);
}

}  // namespace tollgate::oauth
