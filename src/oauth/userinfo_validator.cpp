// Presents the token to a userinfo endpoint (OpenID Connect Core §5.3): who may ask is whom the
// token is good for.

#include "oauth/guard.hpp"
#include "oauth/provider_answer.hpp"
#include "oauth/validators.hpp"

namespace tollgate::oauth {

namespace {

class userinfo_validator final : public token_validator {
public:
    userinfo_validator(http::client& c, validator_options o) : client_(c), options_(std::move(o)) {}

    task<outcome<http::principal>> validate(std::string token, http::place const& where) override {
        // It becomes a header of ours.
        if (!is_b64token(token)) co_return not_valid("userinfo: not the syntax of a bearer token");
        bool const own = options_.endpoint.empty();
        auto question = ask(token, own ? where.internal_issuer + "/userinfo" : options_.endpoint);
        auto const answer = co_await client_.send(std::move(question));
        // Without the credential our own AS says no more than any other (`tollgate stdio`).
        bool const tells_all = own && !options_.internal_credential.empty();
        auto who = principal_of_userinfo(answer, tells_all);
        co_return std::move(who);
    }

private:
    http::outbound ask(std::string const& token, std::string url) const {
        http::outbound question(std::move(url));
        question.timeout = options_.timeout;
        question.max_body = max_answer_bytes;
        question.headers.add("Authorization", "Bearer " + token);
        question.headers.add("Accept", "application/json");
        if (options_.endpoint.empty() && !options_.internal_credential.empty())
            question.headers.add(std::string(internal_credential_header),
                                 options_.internal_credential);
        return question;
    }

    http::client& client_;
    validator_options options_;
};

}  // namespace

std::unique_ptr<token_validator> make_userinfo_validator(http::client& c, validator_options o) {
    return std::make_unique<userinfo_validator>(c, std::move(o));
}

}  // namespace tollgate::oauth
