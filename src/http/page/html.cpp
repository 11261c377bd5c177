#include "http/page/html.hpp"

#include "base/text.hpp"
#include "http/message/url.hpp"

namespace tollgate::http {

namespace {

bool is_control(char c) noexcept {
    auto const byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7f;
}

// HTML, "Preprocessing the input stream": what a parser would change or reject.
std::string clean(std::string_view text) {
    if (!is_utf8(text)) return printable(text, text.size());
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        if (is_control(c))
            out += "\xef\xbf\xbd";
        else
            out += c;
    }
    return out;
}

// The first `limit` bytes, not cutting a character in two.
std::string shortened(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return std::string(text);
    auto end = limit;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    return std::string(text.substr(0, end)) + "\xe2\x80\xa6";
}

}  // namespace

html& html::operator<<(markup m) {
    out_ += m.view();
    return *this;
}

html& html::operator<<(html const& piece) {
    out_ += piece.out_;
    return *this;
}

html& html::text(std::string_view t) {
    out_ += html_escape(clean(t));
    return *this;
}

html& html::foreign(std::string_view t, std::size_t limit) {
    return (*this << "<bdi>").text(shortened(without_invisible(t), limit)) << "</bdi>";
}

html& html::attribute(markup name, std::string_view value) {
    return (*this << " " << name << "=\"").text(value) << "\"";
}

html& html::hidden(std::string_view name, std::string_view value) {
    *this << "<input type=\"hidden\"";
    return attribute("name", name).attribute("value", value) << ">\n";
}

html& html::paragraph(std::string_view t) {
    return (*this << "<p>").text(t) << "</p>\n";
}

html& html::warning(markup title, std::string_view t) {
    return (*this << "<p class=\"warning\" role=\"note\"><strong>" << title << "</strong> ").text(t)
           << "</p>\n";
}

html& html::link(std::string_view url, std::string_view t) {
    if (!split_url(url)) return foreign(t);
    *this << "<a rel=\"noreferrer noopener\"";
    return attribute("href", url) << ">" << html().foreign(t) << "</a>";
}

}  // namespace tollgate::http
