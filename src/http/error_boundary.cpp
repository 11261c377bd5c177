// The one place that turns a problem into bytes.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "http/context.hpp"
#include "http/dispatcher.hpp"
#include "http/text.hpp"

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

std::string page_of(problem const& p) {
    std::string const title(title_of(p.status()));
    std::string page =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>";
    page +=
        title +
        "</title><style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;"
        "margin:3rem auto;padding:0 1rem}code{font-size:.9rem}</style></head>\n<body><main><h1>";
    page += title + "</h1>\n<p>" + html_escape(p.description()) + "</p>\n<p><code>";
    page += html_escape(p.error()) + "</code></p></main></body></html>\n";
    return page;
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
            return reply(status, "text/html; charset=utf-8", page_of(p));
        case problem::shown_as::text:
            return reply(status, "text/plain; charset=utf-8", p.description() + '\n');
        case problem::shown_as::empty:
            break;
    }
    return reply(status);
}

// What a page of ours may do: nothing but its own style (no script, no frame, no referrer).
void protect_page(header_list& headers) {
    headers.add("Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                "form-action 'none'; frame-ancestors 'none'");
    headers.add("X-Content-Type-Options", "nosniff");
    headers.add("Referrer-Policy", "no-referrer");
}

void leave_note(context& c, problem const& p) {
    c.note("error", p.error());
    if (!p.log_text().empty()) c.note("why", p.log_text());
}

task<outcome<reply>> guard_boundary(context& c, handler const& next) {
    auto result = co_await next(c);
    if (result) co_return std::move(*result);
    auto const wrong = result.error();
    leave_note(c, wrong);
    co_return render(wrong);
}

}  // namespace

reply render(problem const& p) {
    auto r = body_of(p);
    if (p.how() == problem::shown_as::page) protect_page(r.headers);
    // RFC 6749 §5.1 asks for both on answers about tokens; an error is nothing to keep either way.
    if (!p.headers().has("Cache-Control")) r.headers.add("Cache-Control", "no-store");
    if (p.how() == problem::shown_as::oauth_json) r.headers.add("Pragma", "no-cache");
    for (auto const& h : p.headers())
        r.headers.add(h.name, h.value);
    return r;
}

layer error_boundary() {
    return &guard_boundary;
}

}  // namespace tollgate::http
