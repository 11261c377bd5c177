#include "oauth/fetch/sent_secrets.hpp"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "base/text.hpp"
#include "http/message/form.hpp"
#include "oauth/fetch/basic_credentials.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

constexpr std::size_t shortest = 4;
constexpr std::string_view mask = "***";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

// A word of letters may stand in a sentence by itself ("the client secret is wrong"): such a secret
// is taken for one only where a value stands.
bool is_a_word(std::string_view secret) {
    constexpr std::size_t longest_word = 8;
    return secret.size() <= longest_word && std::ranges::all_of(secret, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
}

// At the start of the text and to its end, or behind "=", ":" or a quotation mark.
bool stands_as_value(std::string_view text, std::size_t at, std::size_t size) {
    if (at == 0) return size == text.size();
    auto const before = text.substr(0, at);
    auto const last = before.find_last_not_of(' ');
    return last != before.npos && std::string_view("=:\"'").find(before[last]) != before.npos;
}

std::string replaced_values(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at)) {
        bool const value = stands_as_value(text, at, what.size());
        if (value) text.replace(at, what.size(), by);
        at += value ? by.size() : what.size();
    }
    return text;
}

// RFC 3986 §2.1: hexadecimal digits of either case.
std::string with_small_digits(std::string encoded) {
    for (std::size_t at = 0; at + 2 < encoded.size(); ++at) {
        if (encoded[at] != '%') continue;
        encoded[at + 1] = to_lower(encoded[at + 1]);
        encoded[at + 2] = to_lower(encoded[at + 2]);
    }
    return encoded;
}

std::string as_json(std::string_view text) {
    auto const quoted = json::serialize(json::string(text));
    return quoted.substr(1, quoted.size() - 2);
}

// Every string of it, names of members included.
void clean(json::value& v, sent_secrets const& of) {
    if (auto* text = v.if_string()) {
        *text = of.taken_out(std::string(*text));
    } else if (auto* list = v.if_array()) {
        for (auto& one : *list)
            clean(one, of);
    } else if (auto* object = v.if_object()) {
        json::object kept;
        for (auto& member : *object) {
            clean(member.value(), of);
            kept[of.taken_out(std::string(member.key()))] = std::move(member.value());
        }
        *object = std::move(kept);
    }
}

}  // namespace

sent_secrets::sent_secrets(std::initializer_list<std::string_view> all) {
    for (auto const secret : all)
        add(secret);
}

void sent_secrets::add(std::string_view secret) {
    if (secret.size() < shortest) return;
    auto const encoded = http::percent_encode(secret);
    auto const as_form = replaced(encoded, "%20", "+");
    auto const json = as_json(secret);
    for (auto const& text :
         {std::string(secret), encoded, with_small_digits(encoded), as_form,
          with_small_digits(as_form), json, replaced(json, "/", "\\/"), html_escape(secret)})
        if (std::ranges::find(spellings_, text) == spellings_.end()) spellings_.push_back(text);
    // No short spelling may break up a longer one before that is looked for.
    std::ranges::stable_sort(spellings_, std::ranges::greater(), &std::string::size);
}

void sent_secrets::add_client(std::string_view id, std::string_view secret) {
    if (secret.empty()) return;
    add(secret);
    constexpr std::string_view scheme = "Basic ";
    auto const credentials = basic_credentials(id, secret).substr(scheme.size());
    add(credentials);
    add(credentials.substr(0, credentials.find('=')));  // as some write it, without the padding
}

std::string sent_secrets::taken_out(std::string text) const {
    for (auto const& spelling : spellings_)
        text = is_a_word(spelling) ? replaced_values(std::move(text), spelling, mask)
                                   : replaced(std::move(text), spelling, mask);
    return text;
}

void sent_secrets::take_out(http::client_response& from) const {
    // JSON writes any character in more ways than one (RFC 8259 §7), and of two members of one name
    // only one is read (§4): what is passed on is what was read.
    boost::system::error_code not_json;
    auto value = json::parse(from.body, not_json);
    if (!not_json) {
        clean(value, *this);
        from.body = json::serialize(value);
    }
    from.body = taken_out(std::move(from.body));
    http::header_list clean;
    for (auto const& line : from.headers)
        clean.add(line.name, taken_out(line.value));
    from.headers = std::move(clean);
}

}  // namespace tollgate::oauth
