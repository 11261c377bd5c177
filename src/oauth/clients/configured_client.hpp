// Configured clients ([[clients]]): those that the configuration knows.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "oauth/model/records.hpp"

namespace tollgate::oauth {

// A client of the configuration; RFC 7591 names. With a secret and no method it may use Basic
// and the body alike; without a secret it is public.
struct configured_client {
    std::string client_id;
    std::string client_secret;
    std::string client_name;
    std::vector<std::string> redirect_uris;
    std::vector<std::string> grant_types{"authorization_code", "refresh_token"};
    std::string scope;  // what it may ask for; empty: whatever the policy grants
    std::vector<std::string> exchange_audience;  // client::exchange_audience
    std::string token_endpoint_auth_method;
    std::string application_type;
    boost::json::object jwks;      // for private_key_jwt; or jwks_uri among the rest
    boost::json::object metadata;  // the rest of RFC 7591 §2, as it is to be registered
};

// As those of every realm. Throws std::invalid_argument for one that contradicts itself or stands
// twice, with a sentence.
std::vector<client> make_clients(std::vector<configured_client> const& from);

}  // namespace tollgate::oauth
