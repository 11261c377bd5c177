#include "http/pipeline/principal.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::http {

bool principal::has_scope(std::string_view scope) const {
    return !scopes || std::find(scopes->begin(), scopes->end(), scope) != scopes->end();
}

namespace challenge {

namespace {

using parameter = std::pair<std::string_view, std::string>;

// The metadata document of the resource that the request addresses, or "" where there is none:
// only the MCP endpoints are resources in the sense of RFC 9728.
std::string metadata_of(context const& ctx) {
    auto const& where = ctx.place();
    auto const endpoint = ctx.endpoint();
    bool const is_resource = endpoint == "mcp" || endpoint == "sse" || endpoint == "messages";
    if (is_resource && where.agents_are_shared()) return where.resource_metadata_url({});
    if (endpoint == "mcp") return where.resource_metadata_url(where.mcp_path());
    if (is_resource) return where.resource_metadata_url(where.sse_path());
    return {};
}

// RFC 9728 §5.1: "the URL of the protected resource metadata"; a path where that is wanted.
std::string metadata_hint(context const& ctx) {
    auto url = metadata_of(ctx);
    if (ctx.wording().relative_metadata && !url.empty())
        url.erase(0, ctx.place().mcp_origin.size());
    return url;
}

std::string joined(std::vector<std::string> const& scopes) {
    std::string all;
    for (auto const& s : scopes) {
        if (!all.empty()) all += ' ';
        all += s;
    }
    return all;
}

// Parameters without a value are left out. RFC 6750 §3 wants at least one.
std::string challenge_of(std::string const& scheme, std::vector<parameter> const& parameters) {
    std::string value;
    for (auto const& [name, text] : parameters) {
        if (text.empty()) continue;
        value += value.empty() ? scheme + ' ' : ", ";
        value += name;
        value += "=\"" + quoted_string_escape(text) + '"';
    }
    return value.empty() ? scheme + " realm=\"tollgate\"" : value;
}

// What went wrong, as a challenge tells it; nothing where no token came.
struct told_error {
    std::string code;
    std::string description;
};

// One line a scheme (RFC 9110 §11.6.1), the one that the request tried first. Only that one says
// what went wrong. The sentence stands last: there are clients that take "scope=" within it for the
// parameter.
problem challenged(context const& ctx, problem p, told_error const& wrong,
                   std::vector<std::string> const& scopes) {
    auto const& style = ctx.challenges();
    // Nothing that varies from one answer to the next: there are clients that give up when the same
    // challenge comes twice, and would go on for ever with another one.
    parameter const realm{"realm", ctx.wording().realm};
    std::vector<parameter> hints{
        realm, {"resource_metadata", metadata_hint(ctx)}, {"scope", joined(scopes)}};
    bool const dpop_first = !style.dpop_algs.empty() && (style.tried_dpop || !style.bearer);
    std::vector<parameter> told{realm, {"error", wrong.code}};
    told.insert(told.end(), hints.begin() + 1, hints.end());
    if (dpop_first) told.emplace_back("algs", style.dpop_algs);
    told.emplace_back("error_description", wrong.description);
    if (dpop_first) {
        p = p.with("WWW-Authenticate", challenge_of("DPoP", told));
        if (style.bearer) p = p.with("WWW-Authenticate", challenge_of("Bearer", hints));
    } else {
        p = p.with("WWW-Authenticate", challenge_of("Bearer", told));
        if (style.mention_dpop && !style.dpop_algs.empty())
            p = p.with("WWW-Authenticate",
                       challenge_of("DPoP", {realm, {"algs", std::string(style.dpop_algs)}}));
    }
    return p.with("Cache-Control", "no-store");
}

problem refusal(context const& ctx, problem const& base, std::vector<std::string> const& scopes) {
    return challenged(ctx, base, told_error{base.error(), base.description()}, scopes);
}

// Who takes nothing but JSON gets JSON.
problem::shown_as json_or_text(context const& ctx) {
    auto const& r = ctx.request();
    bool const json_alone = r.has("Accept") && accepts(r, "application/json") &&
                            !accepts(r, "text/plain") && !accepts(r, "text/event-stream");
    return json_alone ? problem::shown_as::oauth_json : problem::shown_as::text;
}

}  // namespace

// RFC 6750 §3.1: a request without any token gets no error code. Clients that see no more than the
// text of an error look for the status in it.
problem missing_token(context const& ctx, std::vector<std::string> const& required_scopes) {
    std::string const scheme = ctx.challenges().bearer ? "Bearer" : "DPoP";
    auto base = problem(401, "missing_token", "401 Unauthorized: Missing Authorization: " + scheme)
                    .as(json_or_text(ctx));
    if (wants_page(ctx.request())) {
        base = base.because(
            "This is an address for MCP clients: give it to one, and it logs in by itself. What "
            "else there is, and a page to log in by hand, stands at / of this server.");
        base = base.as(problem::shown_as::page);
    }
    return challenged(ctx, base, {}, required_scopes);
}

problem invalid_token(context const& ctx, std::vector<std::string> const& required_scopes,
                      std::string why_for_log) {
    problem const base(401, "invalid_token",
                       "the access token is unknown, expired, revoked or meant for another "
                       "resource");
    return refusal(ctx, base, required_scopes).log(std::move(why_for_log));
}

problem bound_token(context const& ctx, std::vector<std::string> const& required_scopes,
                    std::string why_for_log) {
    problem const base(401, "invalid_token",
                       "the access token is bound to a key: send it as Authorization: DPoP with a "
                       "proof of that key, not as Bearer (RFC 9449 section 7.1)");
    return refusal(ctx, base, required_scopes).log(std::move(why_for_log));
}

problem refused_proof(context const& ctx, std::vector<std::string> const& required_scopes,
                      problem const& why) {
    return refusal(ctx, why.at(401), required_scopes);
}

problem malformed(context const& ctx, std::string what) {
    problem const base(400, "invalid_request", std::move(what));
    return refusal(ctx, base, {});
}

problem insufficient_scope(context const& ctx, std::vector<std::string> const& needed) {
    problem const base(403, "insufficient_scope",
                       "the access token lacks a scope that this operation needs");
    return refusal(ctx, base, needed);
}

problem cannot_ask(std::string why_for_log, std::chrono::seconds retry_after) {
    return problem(503, "temporarily_unavailable",
                   "the authorization server that knows this token cannot be asked right now")
        .log(std::move(why_for_log))
        .with("Retry-After", std::to_string(retry_after.count()))
        .with("Cache-Control", "no-store");
}

problem not_asked(context const& ctx, std::vector<std::string> const& required_scopes,
                  std::string why_for_log) {
    problem const base(401, "invalid_token",
                       "the access token could not be validated: the authorization server that "
                       "knows it cannot be asked right now");
    return refusal(ctx, base, required_scopes).log(std::move(why_for_log));
}

}  // namespace challenge

}  // namespace tollgate::http
