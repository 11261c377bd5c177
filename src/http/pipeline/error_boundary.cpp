// The one place that turns a problem into bytes.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "http/page/page.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"

namespace tollgate::http {

namespace {

std::string_view title_of(unsigned status) noexcept {
    switch (status) {
        case 400:
            return "This request cannot be answered";
        case 401:
            return "Please sign in";
        case 403:
            return "This is not allowed";
        case 404:
            return "There is nothing here";
        case 405:
            return "This address does not answer that method";
        default:
            return status < 500 ? "This did not work" : "The server could not answer";
    }
}

reply page_of(problem const& p) {
    html body;
    body.paragraph(p.description()) << "<p><code>";
    body.text(p.error()) << "</code></p>\n";
    page shown(std::string(title_of(p.status())), std::move(body));
    shown.status = p.status();
    return html_page(shown);
}

std::string json_of(problem const& p) {
    boost::json::object body;
    body.emplace("error", p.error());
    if (!p.description().empty()) body.emplace("error_description", p.description());
    return boost::json::serialize(body);
}

reply body_of(problem const& p) {
    auto const status = p.status();
    switch (p.how()) {
        case problem::shown_as::oauth_json:
            return json_reply(status, json_of(p));
        case problem::shown_as::page:
            return page_of(p);
        case problem::shown_as::text:
            return reply(status, "text/plain; charset=utf-8", p.description() + '\n');
        case problem::shown_as::empty:
            break;
    }
    return reply(status);
}

void leave_note(context& c, problem const& p) {
    c.facts().error = p.error();
    if (!p.log_text().empty()) c.facts().refused_by = p.log_text();
}

void render_problem(context& c, arrival const&, outcome<reply>& answer) {
    if (answer) return;
    auto const wrong = answer.error();
    leave_note(c, wrong);
    answer = render(wrong);
}

}  // namespace

reply render(problem const& p) {
    auto r = body_of(p);
    // RFC 6749 §5.1 asks for both on answers about tokens; an error is nothing to keep either way.
    if (p.headers().has("Cache-Control"))
        r.headers.erase("Cache-Control");
    else
        r.headers.set("Cache-Control", "no-store");
    if (p.how() == problem::shown_as::oauth_json) r.headers.add("Pragma", "no-cache");
    for (auto const& h : p.headers())
        r.headers.add(h.name, h.value);
    return r;
}

layer error_boundary() {
    return plain_layer{{}, &render_problem};
}

}  // namespace tollgate::http
