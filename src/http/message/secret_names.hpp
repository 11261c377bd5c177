// Secrets by the names of what holds them, and tokens by their looks: for logs and the journal.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace tollgate::http {

enum class secrecy {
    none,
    open,       // may look like a token, and is none: code_challenge
    random,     // random enough that a digest does not give it away
    guessable,  // short, or chosen by a person
    session     // the id of a session
};

// Of a form parameter, JSON member or cookie. `name` is decoded; its case, '_', '-', '[' and ']' do
// not count: a client that spells a name wrongly (refreshToken, token[]) sends the secret all the
// same.
secrecy secrecy_of(std::string_view name);

// Of a header field that no standard knows (X-Api-Key, X-Client-Secret), by how its name ends.
secrecy secrecy_of_field(std::string_view name);

using replacement = std::function<std::string(std::string_view)>;

// A client may have put a token where none belongs. `text` with what looks like one, of whomever,
// replaced: for paths and sentences, in which nothing else is as long.
std::string replace_tokens(std::string_view text, replacement const& replaced);

// Likewise with what has the very form of a token of ours, or of a JWT: for values that may be long
// for other reasons.
std::string replace_own_tokens(std::string_view text, replacement const& replaced);

}  // namespace tollgate::http
