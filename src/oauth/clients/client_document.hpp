// Client ID Metadata Documents: a client_id that is the address of the client's own metadata.
// The rules of draft-ietf-oauth-client-id-metadata-document, and of MCP which asks for it. Pure.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "http/client/client.hpp"
#include "http/message/problem.hpp"
#include "oauth/model/policy.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

// Begins like a URL, so that no client of another kind can be meant.
bool is_document_id(std::string_view client_id) noexcept;

// What the policy lets a document or a key set be fetched from: https at any public address, or
// plain http on this machine where it says so. Nothing: neither.
std::optional<http::allowed_addresses> reach_of(std::string_view url, policy const& p);

// Where the document of such a client_id may be fetched. Fails with invalid_client (401) for a
// URL that no client identifier can be (§3).
outcome<http::allowed_addresses> check_document_id(std::string_view client_id, policy const& p);

// The client that a document describes (§4.1). Its redirect URIs, grants, keys and scopes are
// held to the rules of registration; a software statement is ignored, and of several methods to
// authenticate the one is taken that can be had here. Fails with invalid_client, naming what is
// wrong.
outcome<client> client_from_document(std::string const& client_id,
                                     boost::json::object const& document, policy const& p);

// What is wrong with a document that is to stand in for what `url` would answer, as a sentence:
// client metadata about that very URL, or a key set. Empty when it is fine.
std::string flaw_of_stand_in(std::string const& url, boost::json::object const& document, policy p);

}  // namespace tollgate::oauth
