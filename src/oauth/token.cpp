#include <array>
#include <utility>

#include "oauth/client_authentication.hpp"
#include "oauth/endpoints.hpp"
#include "oauth/errors.hpp"
#include "oauth/grants.hpp"

namespace tollgate::oauth {

namespace {

struct grant_row {
    std::string_view type;
    task<outcome<issued_tokens>> (*issue)(server&, http::context&, http::form const&,
                                          client const&);
};

constexpr std::array grants{
    grant_row{grant_code, &issue_for_code},
    grant_row{grant_refresh, &issue_for_refresh},
};

outcome<grant_row const*> requested_grant(http::form const& f) {
    // RFC 6749 §3.2: "Parameters MUST NOT be included more than once."
    if (f.repeated()) return errors::invalid_request.because("a parameter is there more than once");
    auto const type = f.one("grant_type");
    if (!type) return errors::invalid_request.because("grant_type is missing");
    for (auto const& row : grants) {
        if (row.type == *type) return &row;
    }
    return errors::unsupported_grant_type;
}

task<outcome<issued_tokens>> exchange(server& s, http::context& c) {
    auto const sent = c.body_form();
    if (!sent) co_return sent.error();
    http::form const& f = **sent;
    auto const row = requested_grant(f);
    if (!row) co_return row.error();
    c.note("grant", std::string((*row)->type));
    auto const who = co_await authenticate_client(s, c, f);
    if (!who) co_return who.error();
    if (!who->may_use((*row)->type)) co_return errors::unauthorized_client;
    co_return co_await (*row)->issue(s, c, f, *who);
}

}  // namespace

endpoint_result token_endpoint(server& s, http::context& c) {
    s.state(c.realm()).count_token_call();
    auto const issued = co_await exchange(s, c);
    if (!issued) co_return errors::explained(issued.error());
    co_return token_reply(*issued);
}

}  // namespace tollgate::oauth
