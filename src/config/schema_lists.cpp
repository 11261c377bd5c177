// The keys of [[clients]], [[client_documents]], [[trusted_issuers]] and [[users]].
#include "config/schema.hpp"

namespace tollgate::settings {
namespace {

using client = config::client_section;
using trusted = config::trusted_issuer_section;
using client_document = config::client_document_section;
using user = config::user_section;

template <auto Field, class Owner>
slot at(Owner& o) {
    return &(o.*Field);
}
constexpr setting<client> client_rows[] = {
    {key("client_id").as(format::printable), at<&client::client_id>},
    {key("client_secret").as(format::printable).hidden(), at<&client::client_secret>},
    {key("client_name"), at<&client::client_name>},
    {key("redirect_uris").as(format::redirect_uri), at<&client::redirect_uris>},
    {key("grant_types").one_of(grant_types).filled(), at<&client::grant_types>},
    {key("scope").as(format::scope_list), at<&client::scope>},
    {key("exchange_audience").as(format::printable), at<&client::exchange_audience>},
    {key("token_endpoint_auth_method")
         .one_of("none|client_secret_basic|client_secret_post|private_key_jwt"),
     at<&client::token_endpoint_auth_method>},
    {key("application_type").one_of("web|native"), at<&client::application_type>},
    {key("jwks"), at<&client::jwks>},
    {key("jwks_uri").as(format::url), at<&client::jwks_uri>},
    {key("client_uri").as(format::url), at<&client::client_uri>},
    {key("logo_uri").as(format::url), at<&client::logo_uri>},
    {key("tos_uri").as(format::url), at<&client::tos_uri>},
    {key("policy_uri").as(format::url), at<&client::policy_uri>},
    {key("contacts"), at<&client::contacts>},
    {key("software_id"), at<&client::software_id>},
    {key("software_version"), at<&client::software_version>},
    {key("dpop_bound_access_tokens"), at<&client::dpop_bound_access_tokens>},
};

constexpr setting<trusted> trusted_rows[] = {
    {key("issuer").as(format::base_url), at<&trusted::issuer>},
    {key("jwks"), at<&trusted::jwks>},
    {key("jwks_uri").as(format::url), at<&trusted::jwks_uri>},
    {key("assertions").one_of("any|workload|id-jag"), at<&trusted::assertions>},
    {key("scope").as(format::scope_list), at<&trusted::scope>},
};

constexpr setting<client_document> client_document_rows[] = {
    {key("url").as(format::url), at<&client_document::url>},
    {key("file").as(format::file), at<&client_document::file>},
};

constexpr setting<user> user_rows[] = {
    {key("name"), at<&user::name>},
    {key("password").hidden(), at<&user::password>},
    {key("claims"), at<&user::claims>},
};

}  // namespace

std::span<setting<client> const> client_settings() {
    return client_rows;
}
std::span<setting<trusted> const> trusted_issuer_settings() {
    return trusted_rows;
}
std::span<setting<client_document> const> client_document_settings() {
    return client_document_rows;
}
std::span<setting<user> const> user_settings() {
    return user_rows;
}

}  // namespace tollgate::settings
