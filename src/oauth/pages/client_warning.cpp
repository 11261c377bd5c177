#include "oauth/pages/client_warning.hpp"

namespace tollgate::oauth {

void warn_of_client(http::html& body, client const& c) {
    // Whoever runs this server vouches for it.
    if (c.configured) return;
    // Client ID Metadata Documents, MCP authorization "Localhost Redirect URI Risks": whoever
    // listens on the port gets the code, and anybody can send the identifier of another.
    if (c.can_be_impersonated()) {
        body.warning("Any program on this computer can use this identity.",
                     "Approve only if you have just started the sign-in yourself.");
        return;
    }
    if (c.from_document) {
        body.warning("Check the address.",
                     "The application is whoever controls the website of its client ID.");
        return;
    }
    body.warning("Nobody has verified this application.",
                 "It registered itself and chose its own name.");
}

}  // namespace tollgate::oauth
