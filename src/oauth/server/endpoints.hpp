// Endpoint functions, one each: what the route table names.
#pragma once

#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

using endpoint_result = task<outcome<http::reply>>;

endpoint_result metadata_endpoint(server& s, http::context& c);       // RFC 8414, OIDC Discovery
endpoint_result jwks_endpoint(server& s, http::context& c);           // RFC 7517
endpoint_result authorize_endpoint(server& s, http::context& c);      // RFC 6749 §3.1
endpoint_result token_endpoint(server& s, http::context& c);          // RFC 6749 §3.2
endpoint_result register_endpoint(server& s, http::context& c);       // RFC 7591
endpoint_result read_client_endpoint(server& s, http::context& c);    // RFC 7592 §2.1
endpoint_result update_client_endpoint(server& s, http::context& c);  // RFC 7592 §2.2
endpoint_result delete_client_endpoint(server& s, http::context& c);  // RFC 7592 §2.3
endpoint_result introspect_endpoint(server& s, http::context& c);     // RFC 7662
endpoint_result introspect_by_get_endpoint(server& s, http::context& c);     // policy: open
endpoint_result revoke_endpoint(server& s, http::context& c);                // RFC 7009
endpoint_result userinfo_endpoint(server& s, http::context& c);              // OIDC Core §5.3
endpoint_result device_authorization_endpoint(server& s, http::context& c);  // RFC 8628 §3.1
endpoint_result device_endpoint(server& s, http::context& c);                // RFC 8628 §3.3
endpoint_result callback_endpoint(server& s, http::context& c);              // broker mode
endpoint_result anything_endpoint(server& s, http::context& c);              // an API to call

}  // namespace tollgate::oauth
