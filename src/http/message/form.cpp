#include "http/message/form.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tollgate::http {

namespace {

constexpr std::size_t max_parameters = 100;
// As sent. Nothing that a client has to say is longer, not even a token with its claims.
constexpr std::size_t longest_parameter = 64 << 10;

problem bad_form(std::string sentence) {
    return problem(400, "invalid_request", std::move(sentence));
}

int hex(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void append_encoded(std::string& out, std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    while (!text.empty()) {
        auto const plain =
            static_cast<std::size_t>(std::ranges::find_if_not(text, is_unreserved) - text.begin());
        out += text.substr(0, plain);
        if (plain == text.size()) return;
        auto const byte = static_cast<unsigned char>(text[plain]);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
        text.remove_prefix(plain + 1);
    }
}

void append_pair(std::string& out, std::string_view name, std::string_view value) {
    append_encoded(out, name);
    out += '=';
    append_encoded(out, value);
}

// Nothing that OAuth or our own calls carry holds these, and each has broken a parser or a log.
bool has_line_break_or_nul(std::string_view text) noexcept {
    return text.find('\n') != text.npos || text.find('\r') != text.npos ||
           text.find('\0') != text.npos;
}

// What is wrong with a name or a value; `clean`: nothing of the whole form is, as it was sent.
std::optional<problem> decode_part(std::string_view encoded, bool clean, std::string& into) {
    bool const spelled_out = encoded.find('%') == encoded.npos;
    if (clean && spelled_out) {
        into = encoded;
        std::ranges::replace(into, '+', ' ');
        return std::nullopt;
    }
    auto text = percent_decode(encoded, true);
    if (!text) return text.error();
    if (has_line_break_or_nul(*text)) return bad_form("a form parameter holds a line break or NUL");
    if (!spelled_out && !is_utf8(*text)) return bad_form("a form parameter is not UTF-8");
    into = std::move(*text);
    return std::nullopt;
}

}  // namespace

outcome<form> form::parse(std::string_view encoded) {
    // As sent, too: half a character beside an encoded half would be kept as it came by who keeps
    // the text.
    if (!is_utf8(encoded)) return bad_form("the form is not UTF-8");
    bool const clean = !has_line_break_or_nul(encoded);
    form f;
    auto const separators = static_cast<std::size_t>(std::ranges::count(encoded, '&'));
    if (!encoded.empty()) f.pairs_.reserve(std::min(separators + 1, max_parameters));
    while (!encoded.empty()) {
        auto const end = encoded.find('&');
        auto const pair = encoded.substr(0, end);
        encoded = end == std::string_view::npos ? std::string_view() : encoded.substr(end + 1);
        if (pair.empty()) continue;
        if (pair.size() > longest_parameter)
            return bad_form("a form parameter is longer than 64 KiB");
        if (f.pairs_.size() + f.empty_.size() == max_parameters)
            return bad_form("more than 100 form parameters");
        auto const equals = pair.find('=');
        std::string name, value;
        if (auto wrong = decode_part(pair.substr(0, equals), clean, name)) return std::move(*wrong);
        if (name.empty()) return bad_form("a form parameter has no name");
        auto const sent = equals == pair.npos ? std::string_view() : pair.substr(equals + 1);
        if (auto wrong = decode_part(sent, clean, value)) return std::move(*wrong);
        if (value.empty())
            f.empty_.push_back(std::move(name));
        else
            f.pairs_.emplace_back(std::move(name), std::move(value));
    }
    return f;
}

std::optional<std::string_view> form::one(std::string_view name) const {
    std::optional<std::string_view> found;
    for (auto const& [n, v] : pairs_) {
        if (n != name) continue;
        if (found) return std::nullopt;
        found = v;
    }
    return found;
}

std::vector<std::string_view> form::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (auto const& [n, v] : pairs_) {
        if (n == name) values.push_back(v);
    }
    return values;
}

bool form::has(std::string_view name) const {
    return std::any_of(pairs_.begin(), pairs_.end(),
                       [name](auto const& pair) { return pair.first == name; });
}

std::optional<std::string_view> form::repeated(std::string_view may_repeat) const {
    for (auto i = pairs_.begin(); i != pairs_.end(); ++i) {
        if (i->first == may_repeat) continue;
        auto const again = std::any_of(pairs_.begin(), i,
                                       [i](auto const& pair) { return pair.first == i->first; });
        if (again) return i->first;
    }
    return std::nullopt;
}

std::string form::text() const {
    std::string out;
    for (auto const& [name, value] : pairs_) {
        if (!out.empty()) out += '&';
        append_pair(out, name, value);
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    std::string out;
    append_encoded(out, text);
    return out;
}

outcome<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    if (text.find('%') == text.npos && (!plus_is_space || text.find('+') == text.npos))
        return std::string(text);
    std::string out(text.size(), '\0');
    auto* to = out.data();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            *to++ = plus_is_space && text[i] == '+' ? ' ' : text[i];
            continue;
        }
        auto const high = i + 1 < text.size() ? hex(text[i + 1]) : -1;
        auto const low = i + 2 < text.size() ? hex(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return bad_form("bad percent-encoding: '%' must be followed by two hex digits");
        }
        *to++ = static_cast<char>(high * 16 + low);
        i += 2;
    }
    out.resize(static_cast<std::size_t>(to - out.data()));
    return out;
}

std::string with_query(std::string url,
                       std::vector<std::pair<std::string, std::string>> const& parameters) {
    std::string fragment;
    if (auto const hash = url.find('#'); hash != std::string::npos) {
        fragment = url.substr(hash);
        url.resize(hash);
    }
    auto const question = url.find('?');
    bool fresh = question == std::string::npos;
    bool joined = !fresh && (url.back() == '?' || url.back() == '&');
    for (auto const& [name, value] : parameters) {
        if (!joined) url += fresh ? '?' : '&';
        fresh = joined = false;
        append_pair(url, name, value);
    }
    url += fragment;
    return url;
}

}  // namespace tollgate::http
