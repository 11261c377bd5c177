#include "oauth/test_page/callback.hpp"

#include <optional>
#include <utility>

#include "base/json.hpp"
#include "oauth/test_page/id_token.hpp"
#include "oauth/test_page/login_answer.hpp"
#include "oauth/test_page/setup.hpp"
#include "oauth/upstream/identity.hpp"

namespace tollgate::oauth {

namespace {

using failure = std::optional<test_page_failure>;

http::reply failed(http::context& c, test_page_setup const& s, test_page_failure const& f,
                   std::string_view leg) {
    c.note("leg", std::string(leg));
    c.note("why", f.title);
    return failure_view(s, f);
}

// What this login was begun with counts, whatever the address says now.
void adopt(test_page_setup& s, begun_login const& login) {
    s.client_id = login.client_id;
    s.overridden = !login.with_settings;
    s.has_secret = s.has_secret && login.with_settings;
    s.resource_given = login.resource != s.resource;
    s.resource = login.resource;
}

// A refusal is an answer to what the visitor brought; all else is the provider's fault.
unsigned page_status(problem const& p) {
    return p.status() < 500 ? 400 : p.status();
}

test_page_failure token_failure(test_page_setup const& s, begun_login const& login,
                                problem const& why, provider_response response) {
    test_page_failure f;
    f.status = page_status(why);
    f.title = "The token request failed";
    f.says = why.description();
    f.response = std::move(response);
    f.check.push_back("The redirect URI is registered at the provider, to the letter: " +
                      login.redirect_uri);
    f.check.push_back("The client is known at the token endpoint: " + login.client_id +
                      (s.has_secret ? ", with the secret of OAUTH_CLIENT_SECRET "
                                      "(upstream.client_secret)"
                                    : ", without a secret"));
    if (!login.resource.empty())
        f.check.push_back("The provider takes the resource " + login.resource +
                          "; ?resource= at the test page leaves it out.");
    f.check.emplace_back("A code works once and not for long: start again.");
    return f;
}

// RFC 6749 §7.1: a token of a type that is not understood must not be used.
test_page_failure type_failure(std::string flaw, provider_response response) {
    test_page_failure f;
    f.status = 502;
    f.title = "The access token is of another type";
    f.says = std::move(flaw);
    f.response = std::move(response);
    f.check = {"The token_type of the answer must be Bearer: Inspector and curl know no other."};
    return f;
}

test_page_failure id_token_failure(std::string flaw) {
    test_page_failure f;
    f.status = 502;
    f.title = "The id_token is wrong";
    f.says =
        "The token endpoint answered with an id_token that must not be used (OpenID Connect "
        "Core section 3.1.3.7). " +
        std::move(flaw);
    f.check = {"The provider's clock, and its issuer: they must be what upstream.issuer says."};
    return f;
}

test_page_failure userinfo_failure(test_page_setup const& s, std::string says, unsigned status,
                                   provider_response response) {
    test_page_failure f;
    f.status = status;
    f.title = "The userinfo request failed";
    f.says = std::move(says);
    f.response = std::move(response);
    f.check = {"The userinfo endpoint (OAUTH_USERINFO_URL, upstream.userinfo_endpoint): " +
                   s.provider.userinfo_endpoint,
               "The scopes: most providers want openid for it. Asked for: " + scope_text(s.scopes)};
    return f;
}

// OpenID Connect Core §5.3.2: a sub that differs from that of the id_token must not be used.
bool is_somebody_else(boost::json::object const& userinfo, provider_tokens const& t) {
    auto const subject = id_token_subject(t.id_token);
    return !subject.empty() && text_member(userinfo, "sub") != subject;
}

// RFC 6749 §4.1.3, then OpenID Connect Core §5.3.
class redemption {
public:
    redemption(test_page_setup const& s, begun_login const& l, provider& from)
        : setup_(s), login_(l), from_(from) {}

    task<failure> redeem(std::string code, time_point now) {
        code_redemption r(std::move(code), login_.verifier, login_.redirect_uri);
        if (!login_.with_settings) r.client_id = login_.client_id;
        r.resource = login_.resource;
        provider_response response;
        r.response = &response;
        auto tokens = co_await from_.redeem(std::move(r));
        if (!tokens) co_return token_failure(setup_, login_, tokens.error(), std::move(response));
        tokens_ = std::move(*tokens);
        auto type = flaw_of_type(tokens_);
        if (!type.empty()) co_return type_failure(std::move(type), std::move(response));
        if (tokens_.id_token.empty()) co_return std::nullopt;
        auto flaw = id_token_flaw(tokens_.id_token, login_, now);
        if (flaw) co_return id_token_failure(std::move(*flaw));
        co_return std::nullopt;
    }

    task<test_page_result> ask_userinfo() {
        test_page_result shown{tokens_.answer, tokens_.access_token};
        if (setup_.provider.userinfo_endpoint.empty()) {
            shown.no_userinfo = "The provider has no userinfo endpoint that is known here.";
            co_return shown;
        }
        provider_response response;
        auto claims = co_await from_.userinfo(tokens_.access_token, &response);
        if (!claims) {
            auto const status = claims.error().status() == 504 ? 504u : 502u;
            shown.wrong =
                userinfo_failure(setup_, claims.error().description(), status, std::move(response));
            co_return shown;
        }
        if (is_somebody_else(*claims, tokens_))
            shown.wrong =
                userinfo_failure(setup_, "It speaks of another sub than the id_token does.", 502,
                                 std::move(response));
        else
            shown.userinfo = std::move(*claims);
        co_return shown;
    }

private:
    test_page_setup const& setup_;
    begun_login const& login_;
    provider& from_;
    provider_tokens tokens_;
};

}  // namespace

task<outcome<http::reply>> finish_login(test_page& p, http::context& c) {
    auto setup = co_await set_up(p, c);
    if (!setup) co_return setup.error();
    auto const& query = **c.query();  // set_up could read it
    begun_login login;
    if (auto const wrong = recognise(c, query, login)) co_return failed(c, *setup, *wrong, "state");
    adopt(*setup, login);
    if (auto const wrong = unfit_answer(query, login))
        co_return failed(c, *setup, *wrong, "authorization");

    std::optional<provider> own;
    // Its addresses are the realm's: made for this one login.
    if (setup->own) own.emplace(p.outbound, own_back_channel(c.place()), c.real_clock());
    redemption legs(*setup, login, own ? *own : p.upstream);
    std::string code(*query.one("code"));
    auto const wrong = co_await legs.redeem(std::move(code), c.now());
    if (wrong) co_return failed(c, *setup, *wrong, "token");
    auto const shown = co_await legs.ask_userinfo();
    if (shown.wrong) c.note("leg", "userinfo");
    co_return result_view(*setup, shown);
}

}  // namespace tollgate::oauth
