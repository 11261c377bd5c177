// redirect: the parameters that a redirect carries back to the client.
#include <algorithm>
#include <map>
#include <utility>

#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "control/faults/effects/kinds.hpp"
#include "control/faults/effects/templates.hpp"
#include "http/message/form.hpp"

namespace tollgate::control::effects {

namespace json = boost::json;

namespace {

using parameters = std::vector<std::pair<std::string, std::string>>;

struct taken_apart {
    std::string base;  // without query and fragment
    parameters query;
    std::string fragment;
};

taken_apart apart(std::string_view url) {
    taken_apart t;
    auto const hash = url.find('#');
    if (hash != url.npos) t.fragment = url.substr(hash + 1);
    url = url.substr(0, hash);
    auto const question = url.find('?');
    t.base = url.substr(0, question);
    if (question == url.npos) return t;
    auto const parsed = http::form::parse(url.substr(question + 1));
    if (parsed) t.query.assign(parsed->begin(), parsed->end());
    return t;
}

std::string encoded(parameters const& list) {
    std::string out;
    for (auto const& [name, value] : list) {
        if (!out.empty()) out += '&';
        out += http::percent_encode(name) + '=' + http::percent_encode(value);
    }
    return out;
}

// OAuth 2.0 Form Post Response Mode §2: a page that posts itself.
http::reply form_of(taken_apart const& t) {
    std::string page =
        "<!doctype html><html><head><title>Submit This Form</title></head>"
        "<body onload=\"javascript:document.forms[0].submit()\"><form method=\"post\" action=\"" +
        html_escape(t.base) + "\">";
    for (auto const& [name, value] : t.query)
        page += "<input type=\"hidden\" name=\"" + html_escape(name) + "\" value=\"" +
                html_escape(value) + "\"/>";
    page += "</form></body></html>";
    http::reply r(200, "text/html; charset=utf-8", std::move(page));
    r.headers.set("Cache-Control", "no-store");
    return r;
}

// A browser goes there several times at once, as one that restores its tabs does.
http::reply page_of(std::string_view url, std::int64_t visits) {
    std::string page =
        "<!doctype html><html><head><title>Back to the application</title></head><body>";
    for (std::int64_t i = 0; i < visits; ++i)
        page += "<iframe src=\"" + html_escape(url) + "\"></iframe>";
    page += "</body></html>";
    http::reply r(200, "text/html; charset=utf-8", std::move(page));
    r.headers.set("Cache-Control", "no-store");
    return r;
}

class other_redirect final : public effect {
public:
    std::string to;  // another URL altogether
    parameters set;
    std::vector<std::string> remove;
    std::vector<std::string> twice;
    bool in_fragment = false;
    bool form_post = false;
    std::vector<std::string> previous;  // parameters that have the value of the redirect before
    std::int64_t visits = 0;            // a page that goes there so often; 0: a redirect

    unsigned seams() const noexcept override { return after_handler; }
    new_effect copy() const override { return std::make_shared<other_redirect>(*this); }

    task<bool> after(http::context& c, http::reply& r, administrations const&) const override {
        auto const location = r.headers.get("Location");
        if (location.empty()) co_return false;
        auto const now = altered(location, c);
        if (form_post)
            r = form_of(apart(now));
        else if (visits != 0)
            r = page_of(now, visits);
        else
            r.headers.set("Location", now);
        co_return true;
    }

private:
    // The first redirect keeps what it has.
    void exchange(parameters& query) const {
        last_.with([&](std::map<std::string, std::string>& last) {
            for (auto const& name : previous) {
                auto const at = std::ranges::find(query, name, &parameters::value_type::first);
                if (at == query.end()) continue;
                auto const before = std::exchange(last[name], at->second);
                if (!before.empty()) at->second = before;
            }
        });
    }

    effect_state<std::map<std::string, std::string>> last_;

    std::string altered(std::string_view location, http::context const& c) const {
        auto t = apart(location);
        if (!to.empty()) t.base = filled(to, c);
        std::erase_if(t.query, [&](auto const& p) {
            return std::ranges::find(remove, p.first) != remove.end();
        });
        for (auto const& [name, value] : set) {
            std::erase_if(t.query, [&](auto const& p) { return p.first == name; });
            t.query.emplace_back(name, filled(value, c));
        }
        exchange(t.query);
        for (auto const& name : twice) {
            auto const at = std::ranges::find(t.query, name, &parameters::value_type::first);
            if (at != t.query.end()) t.query.push_back(*at);
        }
        auto const query = encoded(t.query);
        if (in_fragment) return t.base + '#' + query;
        auto out = t.base + (query.empty() ? "" : "?" + query);
        return t.fragment.empty() ? out : out + '#' + t.fragment;
    }
};

}  // namespace

new_effect read_redirect(object_reader& in) {
    auto e = std::make_shared<other_redirect>();
    e->to = in.text("to", 2048).value_or("");
    e->remove = in.texts("remove");
    e->twice = in.texts("twice");
    e->in_fragment = in.boolean("in_fragment").value_or(false);
    e->previous = in.texts("previous");
    e->visits = in.integer("visits", 1, 100).value_or(0);
    e->form_post = in.boolean("form_post").value_or(false);
    if (auto const* set = in.object("set")) {
        for (auto const& m : *set) {
            if (m.value().is_string())
                e->set.emplace_back(std::string(m.key()), std::string(m.value().get_string()));
            else
                in.fail("set", "expected texts");
        }
    }
    bool const nothing = e->to.empty() && e->set.empty() && e->remove.empty() && e->twice.empty() &&
                         !e->in_fragment && !e->form_post && e->previous.empty() && e->visits == 0;
    if (nothing)
        in.need_something("set",
                          "set, remove, twice, to, in_fragment, form_post, previous or visits");
    return e;
}

}  // namespace tollgate::control::effects
