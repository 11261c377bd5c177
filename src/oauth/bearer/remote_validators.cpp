// Asks an introspection endpoint (RFC 7662).
#include "oauth/bearer/remote_validators.hpp"

#include "http/message/form.hpp"
#include "oauth/bearer/guard.hpp"
#include "oauth/bearer/token_answer.hpp"
#include "oauth/bearer/validators.hpp"
#include "oauth/fetch/basic_credentials.hpp"
#include "oauth/fetch/provider_failure.hpp"
#include "oauth/server/internal_credential.hpp"
#include "oauth/upstream/provider.hpp"

namespace tollgate::oauth {

namespace {

constexpr validation_endpoint introspection{"introspection endpoint", "introspection_endpoint",
                                            &provider_metadata::introspection_endpoint,
                                            &http::endpoint_paths::introspect};

class introspection_validator final : public token_validator {
public:
    introspection_validator(http::client& c, validator_options o)
        : client_(c), options_(std::move(o)) {}

    task<outcome<http::principal>> validate(presented_token token,
                                            http::place const& where) override {
        auto const target = co_await find_validation_target(options_, where, introspection);
        if (!target) co_return target.error();
        auto question = ask(token.text, *target);
        auto const answer = co_await client_.send(std::move(question));
        auto who = principal_of_introspection(answer, target->own, token.digest);
        co_return std::move(who);
    }

private:
    // RFC 7662 §2.1.
    http::outbound ask(std::string const& token, validation_target const& target) const {
        http::outbound question(target.url);
        question.method = http::verb::post;
        question.repeatable = true;  // it changes nothing over there
        question.timeout = options_.timeout;
        question.max_body = max_answer_bytes;
        question.headers.add("Content-Type", "application/x-www-form-urlencoded");
        question.headers.add("Accept", "application/json");
        question.body = "token=" + http::percent_encode(token) + "&token_type_hint=access_token";
        // To our own server alone: whoever has it is told of a token all that there is.
        if (target.own && !options_.internal_credential.empty())
            question.headers.add(std::string(internal_credential_header),
                                 options_.internal_credential);
        else if (!options_.client_id.empty())
            question.headers.add("Authorization",
                                 basic_credentials(options_.client_id, options_.client_secret));
        return question;
    }

    http::client& client_;
    validator_options options_;
};

constexpr validation_endpoint userinfo{"userinfo endpoint", "userinfo_endpoint",
                                       &provider_metadata::userinfo_endpoint,
                                       &http::endpoint_paths::userinfo};

class userinfo_validator final : public token_validator {
public:
    userinfo_validator(http::client& c, validator_options o) : client_(c), options_(std::move(o)) {}

    task<outcome<http::principal>> validate(presented_token token,
                                            http::place const& where) override {
        // It becomes a header of ours.
        if (!is_b64token(token.text))
            co_return not_valid("userinfo: not the syntax of a bearer token");
        auto const target = co_await find_validation_target(options_, where, userinfo);
        if (!target) co_return target.error();
        auto question = ask(token.text, *target);
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

std::unique_ptr<token_validator> make_introspection_validator(http::client& c,
                                                              validator_options o) {
    return std::make_unique<introspection_validator>(c, std::move(o));
}

std::unique_ptr<token_validator> make_userinfo_validator(http::client& c, validator_options o) {
    return std::make_unique<userinfo_validator>(c, std::move(o));
}

task<outcome<validation_target>> find_validation_target(validator_options const& o,
                                                        http::place const& where,
                                                        validation_endpoint const& wanted) {
    validation_target target;
    target.url = o.endpoint;
    if (!target.url.empty()) co_return target;
    if (!o.upstream) {
        target.own = true;
        target.url = where.internal_issuer + where.endpoints.get()->*wanted.own_path;
        co_return target;
    }
    auto const found = co_await o.upstream->metadata();
    if (!found) co_return cannot_tell(found.error().description());
    target.url = (**found).*wanted.of_provider;
    if (target.url.empty())
        co_return cannot_tell(no_endpoint(wanted.name, wanted.key).description());
    co_return target;
}

}  // namespace tollgate::oauth
