#include "oauth/test_page/login_answer.hpp"

#include <algorithm>
#include <utility>

#include "http/pipeline/cookie.hpp"

namespace tollgate::oauth {

namespace {

using failure = std::optional<test_page_failure>;

constexpr std::string_view start_again = "Start again at the test page, in the same browser.";

// An error code and nothing that could speak to a person: who wrote it is not known.
std::string plain_error(http::form const& query) {
    auto const error = query.one("error");
    auto const plain = [](char ch) { return (ch >= 'a' && ch <= 'z') || ch == '_'; };
    if (!error || error->size() > 64 || !std::ranges::all_of(*error, plain)) return "";
    return std::string(*error);
}

test_page_failure stranger(http::form const& query, std::string title, std::string says) {
    test_page_failure f;
    f.title = std::move(title);
    f.says = std::move(says);
    auto const error = plain_error(query);
    if (!error.empty()) f.facts.emplace_back("error (not proven to be the provider's)", error);
    f.check = {std::string(start_again),
               "A login must come back within ten minutes, once, to the browser that began it."};
    return f;
}

// RFC 9207 §2.4: compared when it is there, demanded of who says that it always is.
failure check_issuer(http::form const& query, begun_login const& login) {
    auto const iss = query.one("iss");
    bool const wrong = iss && !login.issuer.empty() && *iss != login.issuer;
    bool const silent = !iss && login.sends_issuer;
    if (!wrong && !silent) return std::nullopt;
    test_page_failure f;
    f.title = wrong ? "Another issuer answered" : "The answer does not name its issuer";
    f.says = wrong ? "The answer says that it is from another authorization server than the one "
                     "that was asked. It was not used (RFC 9207)."
                   : "The provider's metadata says that every answer carries iss, and this one "
                     "does not. It was not used (RFC 9207).";
    if (wrong) f.facts.emplace_back("iss", *iss);
    f.facts.emplace_back("expected", login.issuer);
    f.check = {"upstream.issuer (OAUTH_ISSUER) is equal to the provider's own name, to the byte."};
    return f;
}

// RFC 6749 §4.1.2.1.
failure check_error(http::form const& query, begun_login const&) {
    auto const error = query.one("error");
    if (!error) return std::nullopt;
    test_page_failure f;
    bool const provider = *error == "server_error" || *error == "temporarily_unavailable";
    f.status = provider ? 502 : 400;
    f.title = "The provider said no";
    f.says = "The authorization endpoint answered with an error.";
    for (std::string_view const name : {"error", "error_description", "error_uri"})
        if (auto const value = query.one(name)) f.facts.emplace_back(name, *value);
    f.check = {"The error is the provider's: its log says more.",
               "invalid_scope: upstream.scopes. invalid_target: the resource; ?resource= at the "
               "test page leaves it out. unauthorized_client: upstream.client_id."};
    return f;
}

failure check_code(http::form const& query, begun_login const&) {
    if (query.one("code")) return std::nullopt;
    test_page_failure f;
    f.status = 502;
    f.title = "The answer has no code";
    f.says = "The authorization endpoint answered with neither code nor error.";
    f.check = {"The authorization endpoint is one of OAuth 2.0, with response_type code."};
    return f;
}

}  // namespace

// RFC 6749 §10.12. Until the state is known, nothing in the address is anybody's word.
std::optional<test_page_failure> recognise(http::context& c, http::form const& query,
                                           begun_login& into) {
    if (auto const twice = query.repeated(""))
        return stranger(query, "The answer is malformed",
                        "The parameter " + std::string(*twice) + " is there more than once.");
    auto const state = query.one("state");
    if (!state)
        return stranger(query, "The answer has no state",
                        "The address has no state parameter, so nothing says which login it "
                        "belongs to. A provider must send back the one it got.");
    auto const cookie = http::cookie_value(c.request(), http::cookie_name(c, test_page_cookie));
    auto& logins = c.realm().get<test_page_logins>();
    auto redeemed = logins.take(*state, cookie.value_or(""), c.now());
    switch (redeemed.result) {
        case test_page_logins::finding::good:
            into = std::move(redeemed.login);
            return std::nullopt;
        case test_page_logins::finding::replayed:
            return stranger(query, "This answer was used before",
                            "The state in the address has been used: the page was reloaded, or "
                            "opened a second time.");
        case test_page_logins::finding::other_browser:
            return stranger(query, "This login began in another browser",
                            "The state in the address belongs to a login that this browser did "
                            "not begin, or its cookie is gone.");
        case test_page_logins::finding::unknown:
            break;
    }
    return stranger(query, "This login is not known here",
                    "The state in the address is unknown: the login is older than ten minutes, the "
                    "server was restarted, or the address was made up.");
}

std::optional<test_page_failure> unfit_answer(http::form const& query, begun_login const& login) {
    for (auto const check : {&check_issuer, &check_error, &check_code})
        if (auto wrong = check(query, login)) return wrong;
    return std::nullopt;
}

}  // namespace tollgate::oauth
