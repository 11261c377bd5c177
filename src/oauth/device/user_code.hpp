// User code: what a person reads on one device and types into another (RFC 8628 §6.1). Pure.
#pragma once

#include <string>
#include <string_view>

namespace tollgate::oauth {

// Eight letters of the twenty consonants that cannot spell a word and are not easily confused:
// 34 bits. As they are stored, without the hyphen.
std::string random_user_code();

// "WDJBMJHT" as "WDJB-MJHT".
std::string shown_user_code(std::string_view code);

// What was typed: letters in any case, with whatever punctuation and spaces between them. Empty
// for what cannot be a code.
std::string typed_user_code(std::string_view text);

}  // namespace tollgate::oauth
