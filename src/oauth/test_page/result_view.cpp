// The pages at the end of a login of the test page.
#include <algorithm>

#include "base/json.hpp"
#include "http/page/page.hpp"
#include "oauth/clients/test_page_client.hpp"
#include "oauth/test_page/view.hpp"

namespace tollgate::oauth {

namespace {

using http::html;

constexpr std::size_t longest_json = 64 << 10;
constexpr std::size_t longest_token = 8 << 10;  // most servers take no longer header

// Copies, where the browser lets it; the text can be selected anyway. The code in the address bar
// is used up: what is reloaded, bookmarked or sent to somebody is the page itself.
constexpr std::string_view script = R"((() => {
  history.replaceState(null, '', location.pathname.replace(/\/callback$/, ''));
  const copy = async (from) => {
    try {
      await navigator.clipboard.writeText(from.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(from);
      return document.execCommand('copy');
    }
  };
  for (const button of document.querySelectorAll('button[data-copies]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const done = await copy(document.getElementById(button.dataset.copies));
      button.textContent = done ? 'Copied' : 'Selected';
      document.querySelector('[role=status]').textContent = done
        ? button.getAttribute('aria-label').replace('Copy', 'Copied')
        : 'The text is selected: copy it with the keyboard.';
      setTimeout(() => (button.textContent = 'Copy'), 2000);
    });
  }
})();)";

struct copied {
    http::markup id;
    http::markup label;  // "Copy " + label is the name of the button
    std::string_view text;
};

void add_copied(html& body, copied const& c) {
    body << "<div class=\"copy\"><pre id=\"" << c.id << "\">";
    body.text(c.text) << "</pre><button type=\"button\" hidden data-copies=\"" << c.id
                      << "\" aria-label=\"Copy " << c.label << "\">Copy</button></div>\n";
}

std::string inspector_line(std::string_view url, std::string_view transport,
                           std::string const& header) {
    // It needs a newer Node.js than Debian has; without a version npx would take one that runs.
    return "npx -y -p node@24 -p @modelcontextprotocol/inspector@2.12.0 mcp-inspector --cli " +
           shell_word(url) + " --transport " + std::string(transport) + " --header " +
           shell_word(header) + " --method tools/call --tool-name echo_tool --tool-arg " +
           shell_word("message=Hello from Inspector!");
}

void add_inspector(html& body, test_page_setup const& s, std::string const& header) {
    body << "<h2>MCP Inspector</h2>\n<p>Enter these, switch the header on, and connect.</p>\n";
    if (s.transports.sse) {
        body << "<h3>Transport type SSE: URL</h3>\n";
        add_copied(body, {"sse-url", "the SSE URL", s.sse_url});
    }
    if (s.transports.streamable_http) {
        body << "<h3>Transport type Streamable HTTP: URL</h3>\n";
        add_copied(body, {"mcp-url", "the Streamable HTTP URL", s.mcp_url});
    }
    body << "<h3>Authentication: custom header</h3>\n";
    add_copied(body, {"header", "the header", header});
    body << "<h2>On the command line</h2>\n";
    if (s.transports.sse) {
        body << "<h3>Inspector over SSE</h3>\n";
        auto const line = inspector_line(s.sse_url, "sse", header);
        add_copied(body, {"inspector-sse", "the Inspector command for SSE", line});
    }
    if (s.transports.streamable_http) {
        body << "<h3>Inspector over Streamable HTTP</h3>\n";
        auto const line = inspector_line(s.mcp_url, "http", header);
        add_copied(body, {"inspector-http", "the Inspector command for Streamable HTTP", line});
    }
    if (!s.transports.sse) return;
    body << "<h3>The stream itself</h3>\n";
    auto const curl = "curl -N -H " + shell_word(header) + ' ' + shell_word(s.sse_url);
    add_copied(body, {"curl", "the curl command", curl});
}

void add_token(html& body, test_page_setup const& s, std::string const& token) {
    if (!is_usable_token(token)) {
        body.warning("This access token cannot be used.",
                     "It is longer than 8 KiB or has characters that no token may have (RFC 6749 "
                     "Appendix A.12), so there are no commands for it here.");
        return;
    }
    body << "<h2>Access token</h2>\n";
    add_copied(body, {"access-token", "the access token", token});
    add_inspector(body, s, "Authorization: Bearer " + token);
    if (s.needs_agent)
        body << "<p><small>Put the name of an agent for <code>{agent}</code>.</small></p>\n";
}

void add_json(html& body, http::markup title, boost::json::object const& o) {
    body << "<h2>" << title << "</h2>\n<pre>";
    body.foreign(pretty(o), longest_json) << "</pre>\n";
}

void add_userinfo(html& body, test_page_result const& r) {
    if (r.userinfo) return add_json(body, "Userinfo", *r.userinfo);
    if (r.wrong) return;
    body << "<h2>Userinfo</h2>\n";
    body.paragraph(r.no_userinfo);
}

void add_way_back(html& body, test_page_setup const& s) {
    body << "<div class=\"actions\"><a class=\"button\"";
    body.attribute("href", start_path(s) + s.carried()) << ">Back to the test page</a></div>\n"
                                                           "<p role=\"status\"></p>\n";
}

http::reply finished(std::string title, html body, unsigned status) {
    http::page page(std::move(title), std::move(body));
    page.status = status;
    page.wide = true;
    page.script = script;
    return http::html_page(page);
}

}  // namespace

bool is_usable_token(std::string_view token) noexcept {
    return !token.empty() && token.size() <= longest_token &&
           std::ranges::all_of(token, [](char c) { return c > ' ' && c <= '~'; });
}

std::string shell_word(std::string_view text) {
    std::string word = "'";
    for (char const c : text) {
        if (c == '\'')
            word += "'\\''";
        else
            word += c;
    }
    return word + '\'';
}

http::reply failure_view(test_page_setup const& s, test_page_failure const& f) {
    html body;
    add_failure(body, f);
    add_way_back(body, s);
    return finished(f.title, std::move(body), f.status);
}

http::reply result_view(test_page_setup const& s, test_page_result const& r) {
    html body;
    if (r.wrong) {
        body << "<h2>";
        body.text(r.wrong->title) << "</h2>\n";
        add_failure(body, *r.wrong);
    }
    add_token(body, s, r.access_token);
    add_json(body, "Token Response", r.token_response);
    add_userinfo(body, r);
    add_way_back(body, s);
    return finished(r.wrong ? "Logged in, but" : "Logged in", std::move(body),
                    r.wrong ? r.wrong->status : 200);
}

}  // namespace tollgate::oauth
