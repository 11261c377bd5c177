#include "oauth/test_page/test_page.hpp"

#include <array>
#include <optional>
#include <utility>

#include "base/crypto.hpp"
#include "http/pipeline/cookie.hpp"
#include "oauth/clients/test_page_client.hpp"
#include "oauth/server/endpoints.hpp"
#include "oauth/test_page/callback.hpp"
#include "oauth/test_page/login_answer.hpp"
#include "oauth/test_page/view.hpp"

namespace tollgate::oauth {

namespace {

using http::verb;

problem switched_off() {
    return problem(404, "not_found",
                   "The test page is switched off. The key mcp.test_page shows it; its default, "
                   "\"auto\", does so unless a public URL is set.")
        .as(problem::shown_as::page);
}

// The cookie of a browser that began a login before, or a new one: nobody can plant one of theirs.
std::string browser_of(test_page_logins& logins, http::context& c, std::string const& cookie) {
    auto const brought = http::cookie_value(c.request(), cookie);
    if (brought && logins.knows(*brought, c.now())) return std::string(*brought);
    return random_token();
}

std::string login_request(test_page_setup const& s, begun_login const& l,
                          std::string const& state) {
    std::vector<std::pair<std::string, std::string>> all{
        {"response_type", "code"}, {"client_id", s.client_id}, {"redirect_uri", s.redirect_uri}};
    if (!s.scopes.empty()) all.emplace_back("scope", scope_text(s.scopes));
    all.emplace_back("state", state);
    all.emplace_back("code_challenge", digest_of(l.verifier));
    all.emplace_back("code_challenge_method", "S256");
    if (!l.nonce.empty()) all.emplace_back("nonce", l.nonce);
    if (!s.resource.empty()) all.emplace_back("resource", s.resource);
    return http::with_query(s.provider.authorization_endpoint, all);
}

begun_login make_login(test_page_setup const& s) {
    begun_login l;
    l.verifier = random_token();
    if (has_scope(s.scopes, "openid")) l.nonce = random_token();
    l.issuer = s.provider.issuer;
    l.sends_issuer = s.provider.sends_issuer;
    l.client_id = s.client_id;
    l.with_settings = !s.overridden;
    l.resource = s.resource;
    l.redirect_uri = s.redirect_uri;
    return l;
}

endpoint_result start_endpoint(test_page& p, http::context& c) {
    if (!p.options.offered()) co_return switched_off();
    auto const setup = co_await set_up(p, c);
    if (!setup) co_return setup.error();
    co_return start_view(*setup);
}

endpoint_result login_endpoint(test_page& p, http::context& c) {
    if (!p.options.offered()) co_return switched_off();
    auto const setup = co_await set_up(p, c);
    if (!setup) co_return setup.error();
    if (!setup->ready()) co_return start_view(*setup, setup->failure ? 0 : 400);

    auto& logins = c.realm().get<test_page_logins>();
    auto const cookie = http::cookie_name(c, test_page_cookie);
    auto const browser = browser_of(logins, c, cookie);
    auto const state = random_token();
    auto login = make_login(*setup);
    auto answer = http::redirect(login_request(*setup, login, state));
    logins.begin(state, browser, std::move(login), c.now());
    answer.headers.add("Set-Cookie", http::set_cookie(c, cookie, browser, test_page_logins::life));
    answer.headers.add("Referrer-Policy", "no-referrer");
    co_return answer;
}

endpoint_result callback_endpoint(test_page& p, http::context& c) {
    if (!p.options.offered()) co_return switched_off();
    auto shown = co_await finish_login(p, c);
    co_return shown;
}

constexpr unsigned page = http::navigation | http::no_cors;
constexpr unsigned acting = page | http::once;
using row = http::route<test_page>;

constexpr std::array rows{
    row{test_page_path, verb::get, "test_page", &start_endpoint, page},
    row{test_page_login_path, verb::get, "test_page_login", &login_endpoint, acting},
    row{test_page_callback_path, verb::get, "test_page_callback", &callback_endpoint, acting},
};

}  // namespace

bool test_page::asks_own(std::string_view mode, provider_options const& p) noexcept {
    return mode == "broker" || (mode == "builtin" && !p.configured());
}

realm_part test_page_part() {
    return {[](http::realm& r) { r.attach(std::make_shared<test_page_logins>()); },
            [](http::realm& r) { r.get<test_page_logins>().reset(); },
            [](http::realm const& r) { return r.get<test_page_logins>().save(); },
            [](http::realm& r, void const* then) {
                r.get<test_page_logins>().load(*static_cast<test_page_logins::image const*>(then));
            }};
}

void add_test_page_routes(http::router& table, test_page& p) {
    table.add(p, std::span<row const>(rows));
}

}  // namespace tollgate::oauth
