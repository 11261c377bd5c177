// Checks of an authorization request, what it must satisfy: two columns of named checks, pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/message/form.hpp"
#include "http/message/problem.hpp"
#include "http/realm/place.hpp"
#include "oauth/model/policy.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

// An authorization request on its way through the checks, which fill in what they find out.
struct authorize_request {
    http::form const& parameters;
    http::place const& where;
    policy const& rules;
    client const& who;

    std::string redirect_uri{};  // proven: one of the client's own
    bool redirect_sent = false;
    bool form_post = false;  // how the answer travels: as a form, else in the query
    scope_list scopes{};
    std::vector<std::string> resources{};
    scope_list prompt{};                    // OpenID Connect Core §3.1.2.1, likewise the next two
    std::optional<std::int64_t> max_age{};  // seconds
    std::string hinted_subject{};           // of a good id_token_hint
};

struct check {
    std::string_view name;
    std::optional<problem> (*run)(authorize_request&);
};

// Until these have passed, nothing may be redirected (RFC 6749 §4.1.2.1): whoever wrote the
// request could send the browser anywhere. Their failures are shown to the person.
std::span<check const> checks_that_are_shown() noexcept;
// From here on the redirect URI is the client's own: failures go there.
std::span<check const> checks_that_redirect() noexcept;

struct failed_check {
    std::string_view name;
    problem why;
};
std::optional<failed_check> first_failure(std::span<check const> column, authorize_request& r);

}  // namespace tollgate::oauth
