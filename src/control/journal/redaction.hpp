// Redaction: what leaves the journal names each secret by a pseudonym, the same for the same
// secret, so that one sees where a token goes without having it. All of it is UTF-8: of a text that
// is none, '?' stands for each byte outside of ASCII.
#pragma once

#include <string>
#include <string_view>

namespace tollgate::control {

// "~Zm9vYmFy": the first characters of the digest, as GET state shows refresh tokens. Of a text
// that could be guessed by its digest (a password, a user code) nothing: "***".
std::string pseudonym(std::string_view secret);

// "9f86d081…": a session as the log and the events call it.
std::string session_label(std::string_view id);

// The value of a header field without its secrets: Authorization, DPoP, cookies, Location.
std::string redact_field(std::string_view name, std::string_view value);
// A path with its query, or a URL with query and fragment.
std::string redact_target(std::string_view target);
// A body by its media type: forms, JSON (also JSON-RPC); others are told by their size alone. What
// is longer than it was kept is told by its size, too, because half a secret would slip through.
std::string redact_body(std::string_view media_type, std::string_view kept, std::size_t size);
// A text with what looks like a token of ours, or like a JWT, replaced: a client may have put it
// where none belongs.
std::string redact_tokens(std::string_view text);
// A JSON text.
std::string redact_json(std::string_view text);

}  // namespace tollgate::control
