#include "oauth/clients/test_page_client.hpp"

#include <boost/json/array.hpp>

namespace tollgate::oauth {

std::string test_page_redirect_uri(http::place const& here) {
    return here.mcp_base() + std::string(test_page_callback_path);
}

client test_page_client(http::place const& here) {
    client c;
    c.id = test_page_client_id;
    c.configured = true;
    // On another port of this machine listens somebody else.
    c.exact_redirects = true;
    c.metadata["client_name"] = "Test page of this server";
    c.metadata["redirect_uris"] = boost::json::array{test_page_redirect_uri(here)};
    c.metadata["grant_types"] = boost::json::array{grant_code, grant_refresh};
    c.metadata["token_endpoint_auth_method"] = "none";
    read_metadata(c);
    return c;
}

}  // namespace tollgate::oauth
