#include "oauth/pages/page_errors.hpp"

#include <string>

#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::string_view unknown_client =
    "the client is unknown here. This server keeps the clients that register in memory and forgets "
    "them when it ends: let the client register again (most do once their stored client_id is "
    "deleted), or give it an entry in [[clients]] of the configuration.";

}  // namespace

problem shown(problem const& why, std::string_view check) {
    return why.at(400)
        .as(problem::shown_as::page)
        .log(std::string(check) + ": " + why.description());
}

problem not_a_client(problem const& why) {
    // Of find_client(): 401 speaks of the document at the client_id, 404 of no client at all.
    bool const documented = why.status() == 401;
    if (!documented && why.status() != 404) return why.as(problem::shown_as::page);
    auto const text = documented ? why.description() : std::string(unknown_client);
    auto const page = shown(errors::invalid_request.because(text), "known_client");
    return documented ? page.log("known_client: " + why.log_text()) : page;
}

}  // namespace tollgate::oauth
