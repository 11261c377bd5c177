// What a browser does with the pages of the authorization endpoint: keeps cookies, reads a form,
// presses a button. No JavaScript.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "oauth/server/authorization_bench.hpp"

namespace test {

inline std::string unescaped(std::string text) {
    for (auto const& [from, to] :
         fields{{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}) {
        for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    }
    return text;
}

// The value of an attribute of a tag; "(none)" when it has none.
inline std::string attribute(std::string_view tag, std::string const& name) {
    auto const at = tag.find(' ' + name + "=\"");
    if (at == tag.npos) return "(none)";
    auto const begin = at + name.size() + 3;
    return unescaped(std::string(tag.substr(begin, tag.find('"', begin) - begin)));
}

// Every tag of a page that starts like that.
inline std::vector<std::string> tags(std::string const& page, std::string const& start) {
    std::vector<std::string> all;
    for (auto at = page.find(start); at != page.npos; at = page.find(start, at + 1))
        all.push_back(page.substr(at, page.find('>', at) - at + 1));
    return all;
}

inline fields hidden_fields(answer const& page) {
    fields all;
    for (auto const& tag : tags(page.body, "<input type=\"hidden\""))
        all.emplace_back(attribute(tag, "name"), attribute(tag, "value"));
    return all;
}

inline bool says(answer const& page, std::string_view text) {
    return page.body.find(text) != std::string::npos;
}

// The decisions that a page offers, in its order: "approve deny".
inline std::string buttons(answer const& page) {
    std::string all;
    for (auto const& tag : tags(page.body, "<button")) {
        if (attribute(tag, "name") != "decision") continue;
        if (!all.empty()) all += ' ';
        all += attribute(tag, "value");
    }
    return all;
}

class browser {
public:
    explicit browser(authorization_bench& b) : bench_(b) {}

    answer open(fields const& request) {
        return keep(bench_.web.get("/authorize?" + encode(request), headers()));
    }
    answer visit(std::string const& target) { return keep(bench_.web.get(target, headers())); }
    // Presses a button of `page`, with what was filled in.
    answer press(answer const& page, std::string const& decision, fields const& filled = {}) {
        auto const forms = tags(page.body, "<form");
        BOOST_REQUIRE_EQUAL(forms.size(), 1u);
        BOOST_TEST(attribute(forms[0], "method") == "post");
        auto form = hidden_fields(page);
        form.insert(form.end(), filled.begin(), filled.end());
        form.emplace_back("decision", decision);
        return post(attribute(forms[0], "action"), form);
    }
    answer post(std::string const& path, fields const& form) {
        return keep(bench_.web.post_form(path, form, headers()));
    }

    std::map<std::string, std::string> cookies;

private:
    fields headers() const {
        std::string line;
        for (auto const& [name, value] : cookies)
            line += (line.empty() ? "" : "; ") + name + '=' + value;
        if (line.empty()) return {};
        return {{"Cookie", line}};
    }
    answer keep(answer a) {
        for (auto const& h : a.headers) {
            if (!http::iequals(h.name, "Set-Cookie")) continue;
            auto const equals = h.value.find('=');
            auto const end = h.value.find(';');
            cookies[h.value.substr(0, equals)] = h.value.substr(equals + 1, end - equals - 1);
        }
        return a;
    }

    authorization_bench& bench_;
};

}  // namespace test
