// HTML pages that a person sees: one layout, no external asset, works without JavaScript.
#pragma once

#include <string>

#include "http/message/reply.hpp"
#include "http/page/html.hpp"

namespace tollgate::http {

// Where the forms of a page may lead (CSP form-action).
enum class forms_lead {
    nowhere,
    home,  // to this origin, and stay there
    // To this origin and on to a client, or straight to a client. Chromium holds form-action
    // against every redirect that follows the post, those of the client's own site included,
    // which nobody can list; so the directive is left out.
    onwards,
};

struct page {
    page(std::string t, html b) : title(std::move(t)), body(std::move(b)) {}

    std::string title;  // text of <title> and <h1>
    html body;          // below the heading, inside <main>
    unsigned status = 200;
    forms_lead forms = forms_lead::nowhere;
    bool wide = false;   // room for code
    std::string script;  // runs after the body; allowed by its digest. Nothing of a peer's in it
};

// The page as a reply: text/html, never stored, never framed, no referrer; a policy that allows
// our own style (and `script`) by digest and nothing else.
//
// What the style knows: <p>, <dl>, <ul>, <code>, <small>, <label> with <input> or <select>,
// <fieldset>, <button> (class "primary", "quiet"), <div class="actions"> around buttons,
// <p class="user-code">, <p class="warning">, <p class="error" role="alert">, <details>, <pre>
// (which wraps), a link that looks like a button (<a class="button primary">) and, in such a
// script's hands, a piece of text to copy (<div class="copy"> around <pre> and a button).
reply html_page(page const& p);

}  // namespace tollgate::http
