#include <string>
#include <utility>

#include "oauth/authorize/authorize.hpp"
#include "oauth/authorize/id_token_hint.hpp"
#include "oauth/authorize/interaction.hpp"
#include "oauth/authorize/response.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/id_token_algorithm.hpp"
#include "oauth/pages/page_errors.hpp"

namespace tollgate::oauth {

namespace {

std::optional<failed_check> read_hint(server& s, http::context const& c, authorize_request& r) {
    auto const hint = r.parameters.one("id_token_hint");
    if (!hint) return std::nullopt;
    auto const keys = s.state(c.realm()).keys().verifiers(id_token_algorithms(r.rules), c.now());
    auto subject = hinted_subject(*hint, keys, c.place(), r.who, c.now());
    if (!subject) return failed_check{"id_token_hint", subject.error()};
    r.hinted_subject = std::move(*subject);
    return std::nullopt;
}

}  // namespace

task<outcome<client>> client_of_request(server& s, http::context& c, http::form const& f) {
    auto const id = f.one("client_id");
    if (!id) {
        auto const why = errors::invalid_request.because(
            "client_id is missing or there more than once; an MCP client registers first");
        co_return shown(why, "known_client");
    }
    std::string name(*id);
    auto found = co_await s.find_client(c.place(), std::move(name));
    if (found) co_return found;
    co_return not_a_client(found.error());
}

std::optional<failed_check> first_redirecting_failure(server& s, http::context const& c,
                                                      authorize_request& r) {
    auto failed = first_failure(checks_that_redirect(), r);
    return failed ? failed : read_hint(s, c, r);
}

http::reply refuse(http::context& c, authorize_request const& r, problem const& why,
                   std::string_view check) {
    c.note("error", why.error());
    auto const& told = why.log_text().empty() ? why.description() : why.log_text();
    c.note("why", std::string(check) + ": " + told);
    return send_error(c, r, why);
}

}  // namespace tollgate::oauth
