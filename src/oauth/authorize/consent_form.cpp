#include "oauth/authorize/consent_form.hpp"

#include <utility>

#include "base/crypto.hpp"
#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::string_view request_name = "form_request";

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
    // Points into the form of the body, which the context keeps.
    r.answer = &sent;
    return r;
}

http::html hidden_request(form_binding const& with, std::string_view text, std::string_view who,
                          time_point expires_at) {
    http::html fields;
    // Encoded, because a browser changes the line breaks of what stands in a field.
    return fields.hidden(request_name, base64url(text))
        .hidden(seal_field, new_seal(with, text, who, expires_at));
}

opened_page opened_seal(form_binding const& with, sent_request const& sent, time_point now) {
    auto const seal = sent.answer ? sent.answer->one(seal_field) : std::nullopt;
    if (!seal) return seal_flaw::foreign;
    return open_seal(with, sent.text, *seal, now);
}

}  // namespace tollgate::oauth
