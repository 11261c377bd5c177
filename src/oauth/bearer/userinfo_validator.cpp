// Presents the token to a userinfo endpoint (OpenID Connect Core §5.3): who may ask is whom the
// token is good for.

#include "oauth/bearer/guard.hpp"
#include "oauth/bearer/remote_validators.hpp"
#include "oauth/bearer/token_answer.hpp"
#include "oauth/bearer/validators.hpp"
#include "oauth/server/internal_credential.hpp"

namespace tollgate::oauth {

namespace {

constexpr validation_endpoint userinfo{"userinfo endpoint", "userinfo_endpoint",
                                       &provider_metadata::userinfo_endpoint,
                                       &http::endpoint_paths::userinfo};

class userinfo_validator final : public token_validator {
public:
    userinfo_validator(http::client& c, validator_options o) : client_(c), options_(std::move(o)) {}

    task<outcome<http::principal>> validate(std::string token, http::place const& where) override {
        // It becomes a header of ours.
        if (!is_b64token(token)) co_return not_valid("userinfo: not the syntax of a bearer token");
        auto const target = co_await find_validation_target(options_, where, userinfo);
        if (!target) co_return target.error();
        auto question = ask(token, *target);
        auto const answer = co_await client_.send(std::move(question));
        // Without the credential our own AS says no more than any other (`tollgate stdio`).
        bool const tells_all = target->own && !options_.internal_credential.empty();
        auto who = principal_of_userinfo(answer, tells_all);
        co_return std::move(who);
    }

private:
    http::outbound ask(std::string const& token, validation_target const& target) const {
        http::outbound question(target.url);
        question.timeout = options_.timeout;
        question.max_body = max_answer_bytes;
        question.headers.add("Authorization", "Bearer " + token);
        question.headers.add("Accept", "application/json");
        if (target.own && !options_.internal_credential.empty())
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
