#include "oauth/consent_form.hpp"

#include <charconv>
#include <chrono>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "oauth/crypto.hpp"
#include "oauth/errors.hpp"
#include "oauth/model.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::string_view request_name = "form_request";
constexpr std::string_view seal_name = "form_seal";
constexpr std::size_t nonce_bytes = 16;
constexpr std::size_t mac_bytes = 32;

std::string hmac_sha256(std::string_view key, std::string_view text) {
    std::string mac(mac_bytes, '\0');
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<unsigned char const*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(mac.data()), &size);
    return mac;
}

// A line each: none of the first three can hold a line break.
std::string mac_of(form_binding const& with, std::string_view request, std::string_view nonce,
                   std::string_view expiry) {
    std::string text = with.cookie + '\n';
    text += nonce;
    text += '\n';
    text += expiry;
    text += '\n';
    text += request;
    return base64url(hmac_sha256(with.key, text));
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

http::html hidden_request(form_binding const& with, std::string_view text,
                          http::time_point expires_at) {
    auto const nonce = random_token(nonce_bytes);
    auto const expiry = std::to_string(to_epoch(expires_at));
    auto const seal = nonce + '.' + expiry + '.' + mac_of(with, text, nonce, expiry);
    http::html fields;
    // Encoded, because a browser changes the line breaks of what stands in a field.
    return fields.hidden(request_name, base64url(text)).hidden(seal_name, seal);
}

std::optional<std::string> opened_seal(form_binding const& with, sent_request const& sent,
                                       http::time_point now) {
    auto const seal = sent.answer ? sent.answer->one(seal_name) : std::nullopt;
    if (!seal) return std::nullopt;
    auto const first = seal->find('.');
    auto const second = first == seal->npos ? seal->npos : seal->find('.', first + 1);
    if (second == seal->npos) return std::nullopt;
    auto const nonce = seal->substr(0, first);
    auto const expiry = seal->substr(first + 1, second - first - 1);
    auto const mac = mac_of(with, sent.text, nonce, expiry);
    if (!equal_in_constant_time(seal->substr(second + 1), mac)) return std::nullopt;
    std::int64_t until = 0;
    std::from_chars(expiry.data(), expiry.data() + expiry.size(), until);
    if (to_epoch(now) >= until) return std::nullopt;
    return std::string(nonce);
}

}  // namespace tollgate::oauth
