// Picks the strategy that the realm's policy names, at every call.

#include "oauth/bearer/validators.hpp"
#include "oauth/bearer/token_answer.hpp"

namespace tollgate::oauth {

namespace {

// 503 and not 401: it says nothing against the token.
task<outcome<http::principal>> refuse() {
    co_return cannot_tell("the validation strategy of this realm is not available");
}

class switching_validator final : public token_validator {
public:
    switching_validator(validator_set all, std::function<strategy(http::realm const&)> choose)
        : all_(std::move(all)), choose_(std::move(choose)) {}

    task<outcome<http::principal>> validate(presented_token token,
                                            http::place const& where) override {
        auto* chosen = pick(choose_(*where.realm));
        return chosen ? chosen->validate(std::move(token), where) : refuse();
    }

private:
    token_validator* pick(strategy s) const noexcept {
        switch (s) {
            case strategy::introspection:
                return all_.introspection.get();
            case strategy::userinfo:
                return all_.userinfo.get();
            case strategy::jwt:
                return all_.jwt.get();
            case strategy::local:
                return all_.local.get();
        }
        return nullptr;
    }

    validator_set all_;
    std::function<strategy(http::realm const&)> choose_;
};

}  // namespace

std::unique_ptr<token_validator> make_switching_validator(
    validator_set all, std::function<strategy(http::realm const&)> choose) {
    return std::make_unique<switching_validator>(std::move(all), std::move(choose));
}

}  // namespace tollgate::oauth
