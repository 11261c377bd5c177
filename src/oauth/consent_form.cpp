#include "oauth/consent_form.hpp"

#include <charconv>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <boost/throw_exception.hpp>

#include "http/text.hpp"
#include "oauth/crypto.hpp"
#include "oauth/errors.hpp"
#include "oauth/model.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::string_view request_name = "form_request";
constexpr std::size_t nonce_bytes = 16;

// A line each: none of the first four can hold a line break.
std::string mac_of(form_binding const& with, std::string_view text, std::string_view nonce,
                   std::string_view expiry, std::string_view who) {
    std::string all = with.cookie;
    for (auto const part : {nonce, expiry, who, text}) {
        all += '\n';
        all += part;
    }
    return base64url(http::hmac_sha256(with.key, all));
}

problem broken() {
    return errors::invalid_request.because("the form of this page came back broken");
}

}  // namespace

outcome<sent_request> read_request(http::form const& sent, std::string_view text) {
    sent_request r;
    if (!sent.has(request_name)) {
        r.text = std::string(text);
        r.parameters = sent;
        return r;
    }
    auto const kept = sent.one(request_name);
    auto decoded = kept ? from_base64url(*kept) : std::nullopt;
    if (!decoded) return broken();
    auto parameters = http::form::parse(*decoded);
    if (!parameters) return broken();
    r.text = std::move(*decoded);
    r.parameters = std::move(*parameters);
    r.answer = &sent;
    return r;
}

// NONCE.EXPIRY.WHO.MAC, of which the first and the last two are base64url.
std::string new_seal(form_binding const& with, std::string_view text, std::string_view who,
                     http::time_point expires_at) {
    auto const nonce = random_token(nonce_bytes);
    auto const expiry = std::to_string(to_epoch(expires_at));
    auto const named = base64url(who);
    return nonce + '.' + expiry + '.' + named + '.' + mac_of(with, text, nonce, expiry, named);
}

opened_page open_seal(form_binding const& with, std::string_view text, std::string_view seal,
                      http::time_point now) {
    auto rest = seal;
    auto const nonce = http::next_part(rest, '.');
    auto const expiry = http::next_part(rest, '.');
    auto const named = http::next_part(rest, '.');
    if (!equal_in_constant_time(rest, mac_of(with, text, nonce, expiry, named)))
        return seal_flaw::foreign;
    std::int64_t until = 0;
    std::from_chars(expiry.data(), expiry.data() + expiry.size(), until);
    if (to_epoch(now) >= until) return seal_flaw::over;
    page_seal good;
    good.page = std::string(nonce);
    good.who = from_base64url(named).value_or("");
    return good;
}

void throw_exception_from_error(seal_flaw, boost::source_location const& where) {
    boost::throw_exception(std::logic_error("the value of a seal that is not ours was taken"),
                           where);
}

http::html hidden_request(form_binding const& with, std::string_view text, std::string_view who,
                          http::time_point expires_at) {
    http::html fields;
    // Encoded, because a browser changes the line breaks of what stands in a field.
    return fields.hidden(request_name, base64url(text))
        .hidden(seal_field, new_seal(with, text, who, expires_at));
}

opened_page opened_seal(form_binding const& with, sent_request const& sent, http::time_point now) {
    auto const seal = sent.answer ? sent.answer->one(seal_field) : std::nullopt;
    if (!seal) return seal_flaw::foreign;
    return open_seal(with, sent.text, *seal, now);
}

}  // namespace tollgate::oauth
