// HTML builder: nothing that a peer chose can become markup.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tollgate::http {

// Markup that stands in the source: the only text that enters a page as it is.
class markup {
public:
    template <std::size_t N>
    consteval markup(char const (&text)[N]) : text_(text, N - 1) {}
    constexpr std::string_view view() const noexcept { return text_; }

private:
    std::string_view text_;
};

// A piece of a page. Everything but `markup` and other pieces is escaped.
//     html body;
//     body << "<p>Signed in as <b>";
//     body.text(user) << "</b></p>";
class html {
public:
    html& operator<<(markup m);
    html& operator<<(html const& piece);

    // Between tags. Control characters become U+FFFD, so that the parser sees what we saw.
    html& text(std::string_view t);
    // Likewise for what a stranger chose (names, URLs): without invisible characters, isolated, so
    // that right-to-left text does not turn the sentence around it, and shortened to `limit` bytes.
    html& foreign(std::string_view t, std::size_t limit = 200);
    // ` name="value"` inside a tag; not for URLs of strangers (see link).
    html& attribute(markup name, std::string_view value);
    // <input type="hidden">.
    html& hidden(std::string_view name, std::string_view value);
    html& paragraph(std::string_view t);
    // A box with role="note" that starts with `title`.
    html& warning(markup title, std::string_view t);
    // A link that leads to an http or https URL; anything else (javascript:) is shown as text.
    html& link(std::string_view url, std::string_view t);

    std::string const& string() const noexcept { return out_; }

private:
    std::string out_;
};

}  // namespace tollgate::http
