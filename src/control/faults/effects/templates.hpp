// Templates: names in braces, which stand for what a request is about.
//
//     {issuer}      the issuer of the realm         {as_origin}   its origin
//     {resource}    the URL of the MCP server       {mcp_origin}  its origin
//     {client_id}   the client, where it is known   {now}         seconds since 1970
//     {random}      another text each time          {mcp_issuer}  the other issuer name
//     {ISSUER}, {RESOURCE}  with the host in capitals
//     {issuer_dot}  with a dot behind the host      {issuer_http}, {metadata_url_http}  over http
//     {long}        8,192 letters                   {date_soon}   an HTTP date in five seconds
//     {refresh_token}  the one that was sent
//     {metadata_url}  of the resource metadata      {sse}         the URL of the older transport
//     {realm}       its name                        {own_origin}  of its own port, where it has one
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "http/pipeline/context.hpp"

namespace tollgate::control {

// What stands in braces and is none of these names stays as it is.
std::string filled(std::string_view text, http::context const& c);
// Every string of it.
void fill(boost::json::value& v, http::context const& c);

// The parameters of a fault: "{seconds}" alone becomes the value with its type, within a text its
// characters. Names that `parameters` has not are left for the request.
boost::json::value with_parameters(boost::json::value const& v,
                                   boost::json::object const& parameters);

}  // namespace tollgate::control
