#include "http/page/page.hpp"

#include <string_view>
#include <utility>

#include "base/crypto.hpp"

namespace tollgate::http {

namespace {

// Colours keep the contrast of WCAG 2.2 AA in both schemes; what can be pressed is 44 pixels high.
constexpr markup style = R"(
:root{color-scheme:light dark;--back:#f3f4f6;--card:#fff;--ink:#1c2127;--dim:#555f6b;--line:#cfd5dc;
--main:#0b57d0;--main-ink:#fff;--main-over:#0946ab;--over:#eceff3;--field:#fff;
--warn:#fff6de;--warn-line:#b7791f;--bad:#fdecea;--bad-line:#c5221f}
@media (prefers-color-scheme:dark){:root{--back:#111418;--card:#1b1f25;--ink:#e8eaed;--dim:#a5adb8;
--line:#3c444f;--main:#a8c7fa;--main-ink:#062e6f;--main-over:#c3d8fc;--over:#2a3038;--field:#14171c;
--warn:#33290f;--warn-line:#d9a441;--bad:#3a1a18;--bad-line:#f28b82}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;padding:clamp(1rem,8vh,6rem) 1rem 2rem;background:var(--back);
color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:30rem;margin:0 auto;padding:clamp(1.25rem,5vw,2rem);background:var(--card);
border:1px solid var(--line);border-radius:.75rem;overflow-wrap:anywhere}
main.wide{max-width:46rem}
h1{margin:0 0 1rem;font-size:1.4rem;line-height:1.25}
h2{margin:1.5rem 0 .5rem;font-size:1rem}
h3{margin:1rem 0 .25rem;font-size:.9rem;color:var(--dim)}
p,ul,dl,fieldset,details{margin:0 0 1rem}
ul{padding-left:1.25rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1rem}
dt{color:var(--dim)}
dd{margin:0}
@media (max-width:26rem){dl{display:block}dd{margin-bottom:.6rem}.copy{flex-direction:column}}
a{color:var(--main)}
code{font:.9em ui-monospace,monospace}
pre{margin:0;padding:.7rem .9rem;background:var(--back);border:1px solid var(--line);
border-radius:.5rem;font:.85rem/1.5 ui-monospace,monospace;white-space:pre-wrap}
.copy{display:flex;align-items:stretch;gap:.5rem;margin:0 0 1rem}
.copy pre{flex:1;min-width:0}
.copy button{flex:none;align-self:flex-start;min-width:5.5rem}
.user-code{font:700 2rem/1.3 ui-monospace,monospace;letter-spacing:.08em;text-align:center}
footer{max-width:30rem;margin:1rem auto 0;text-align:center}
small{color:var(--dim);font-size:.875rem}
summary{padding:.6rem 0;cursor:pointer}
label{display:block;margin:0 0 1rem}
fieldset{padding:0;border:0}
legend{padding:0;margin-bottom:.5rem}
label.choice{display:flex;align-items:center;gap:.6rem;min-height:2.75rem;margin:0 0 .5rem;
padding:.4rem .8rem;border:1px solid var(--line);border-radius:.5rem;cursor:pointer}
label.choice:hover{background:var(--over)}
label.choice input{width:1.15rem;height:1.15rem;min-height:0;margin:0;flex:none;
accent-color:var(--main)}
label.choice small{margin-left:auto}
input,select{display:block;width:100%;min-height:2.75rem;margin-top:.25rem;padding:.4rem .7rem;
color:inherit;background:var(--field);border:1px solid var(--dim);border-radius:.5rem;font:inherit}
.actions{display:flex;flex-wrap:wrap;gap:.6rem;margin-top:1.25rem}
button,.button{flex:1 1 auto;white-space:nowrap;min-height:2.75rem;padding:.5rem 1rem;color:inherit;
background:transparent;border:1px solid var(--dim);border-radius:.5rem;font:inherit;font-weight:600;
text-align:center;text-decoration:none;cursor:pointer}
a.button{padding-block:.6rem}
button[hidden]{display:none}
button:hover,.button:hover{background:var(--over)}
.primary,[value=approve]{color:var(--main-ink);background:var(--main);border-color:var(--main)}
.primary:hover,[value=approve]:hover{background:var(--main-over)}
button.quiet{border-style:dashed;font-weight:400}
:focus-visible{outline:3px solid var(--main);outline-offset:2px}
.warning,.error{padding:.7rem .9rem;border-left:.3rem solid var(--warn-line);
border-radius:.25rem;background:var(--warn)}
.error{border-color:var(--bad-line);background:var(--bad)}
@media (forced-colors:active){button,main{border:1px solid}}
)";

// Under "no-referrer", the policy in the header, a browser sends the forms of a page with "Origin:
// null" (Fetch, "append a request Origin header"), as that of a stranger. This one says our own
// origin where a form stays here, and no more than the other where it does not.
constexpr markup form_origin = "<meta name=\"referrer\" content=\"same-origin\">\n";

std::string digest_source(std::string_view text) {
    return "'sha256-" + to_base64(sha256(text)) + "'";
}

std::string_view form_action(forms_lead where) noexcept {
    switch (where) {
        case forms_lead::nowhere:
            return "; form-action 'none'";
        case forms_lead::home:
            return "; form-action 'self'";
        case forms_lead::onwards:
            break;
    }
    return "";
}

std::string content_policy(page const& p) {
    static std::string const style_source = digest_source(style.view());
    auto policy = "default-src 'none'; style-src " + style_source;
    if (!p.script.empty()) policy += "; script-src " + digest_source(p.script);
    policy += form_action(p.forms);
    return policy + "; base-uri 'none'; frame-ancestors 'none'";
}

std::string document(page const& p) {
    html head;
    head << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    if (p.forms != forms_lead::nowhere) head << form_origin;
    head << "<title>";
    head.text(p.title) << " - tollgate</title>\n<style>" << style;
    head << "</style>\n</head>\n<body>\n";
    if (p.wide)
        head << "<main class=\"wide\">\n<h1>";
    else
        head << "<main>\n<h1>";
    head.text(p.title) << "</h1>\n"
                       << p.body
                       << "</main>\n<footer><small>tollgate, a server for tests: enter no password "
                          "that is used elsewhere.</small></footer>\n";
    auto text = head.string();
    if (!p.script.empty()) text += "<script>" + p.script + "</script>\n";
    return text + "</body>\n</html>\n";
}

}  // namespace

reply html_page(page const& p) {
    reply r(p.status, "text/html; charset=utf-8", document(p));
    r.headers.add("Content-Security-Policy", content_policy(p));
    r.headers.add("X-Content-Type-Options", "nosniff");
    r.headers.add("Referrer-Policy", "no-referrer");
    // For browsers that know no frame-ancestors.
    r.headers.add("X-Frame-Options", "DENY");
    r.headers.add("Cache-Control", "no-store");
    return r;
}

}  // namespace tollgate::http
