#include "oauth/pages/page_seal.hpp"

#include <charconv>
#include <chrono>
#include <stdexcept>

#include <boost/throw_exception.hpp>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::size_t nonce_bytes = 16;

// A line each: none of the first four can hold a line break.
std::string mac_of(form_binding const& with, std::string_view text, std::string_view nonce,
                   std::string_view expiry, std::string_view who) {
    std::string all = with.cookie;
    for (auto const part : {nonce, expiry, who, text}) {
        all += '\n';
        all += part;
    }
    return base64url(hmac_sha256(with.key, all));
}

}  // namespace

// NONCE.EXPIRY.WHO.MAC, of which the first and the last two are base64url.
std::string new_seal(form_binding const& with, std::string_view text, std::string_view who,
                     time_point expires_at) {
    auto const nonce = random_token(nonce_bytes);
    auto const expiry = std::to_string(to_epoch(expires_at));
    auto const named = base64url(who);
    return nonce + '.' + expiry + '.' + named + '.' + mac_of(with, text, nonce, expiry, named);
}

opened_page open_seal(form_binding const& with, std::string_view text, std::string_view seal,
                      time_point now) {
    auto rest = seal;
    auto const nonce = next_part(rest, '.');
    auto const expiry = next_part(rest, '.');
    auto const named = next_part(rest, '.');
    // First of all: nothing in a seal is believed before.
    if (!equal_in_constant_time(rest, mac_of(with, text, nonce, expiry, named)))
        return seal_flaw::foreign;
    // Ours, so a number stands there.
    std::int64_t until = 0;
    std::from_chars(expiry.data(), expiry.data() + expiry.size(), until);
    if (to_epoch(now) >= until) return seal_flaw::over;
    page_seal good;
    good.page = std::string(nonce);
    good.who = from_base64url(named).value_or("");
    return good;
}

// boost::system::result calls it where a value is taken that is not there.
void throw_exception_from_error(seal_flaw, boost::source_location const& where) {
    boost::throw_exception(std::logic_error("the value of a seal that is not ours was taken"),
                           where);
}

}  // namespace tollgate::oauth
