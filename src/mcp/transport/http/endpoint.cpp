#include "mcp/transport/http/endpoint.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <boost/json/monotonic_resource.hpp>
#include <boost/throw_exception.hpp>

#include "base/text.hpp"
#include "mcp/call/notices.hpp"
#include "mcp/protocol/meta.hpp"

namespace tollgate::mcp {

endpoint::endpoint(server& s, http::context& c)
    : owner(s), http(c), state(c.realm().get<realm_state>()), policy(s.policy_of(c)) {}

unsigned status_of(revision r, int error) noexcept {
    if (!is_modern(r)) return 200;
    if (error == error_code::method_not_found) return 404;
    return error == error_code::missing_client_capability ? 400 : 200;
}

namespace {

// The id of the session that the request names, on either transport.
std::string_view session_named(endpoint const& e, transport via) {
    if (via == transport::streamable_http) return e.http.request().header("Mcp-Session-Id");
    auto const query = e.http.query();
    auto const id = query ? (*query)->one("sessionId") : std::nullopt;
    return id ? *id : std::string_view();
}

// The revision of the caller's session, whatever the transport. Somebody else's is as good as none.
std::optional<revision> revision_of_session(endpoint const& e) {
    for (auto const via : {transport::streamable_http, transport::sse}) {
        auto const id = session_named(e, via);
        if (id.empty()) continue;
        auto const got = e.state.sessions.find(id, via, e.http.who(), e.policy->binding, e.now(),
                                               e.http.place().agent);
        if (got.session) return got.session->revision();
    }
    return std::nullopt;
}

// What this client reads: by its header, else by its session, else by what can be spoken here.
unknown_id id_style(endpoint const& e) {
    auto known = parse_revision(e.http.request().header("MCP-Protocol-Version"));
    if (!known) known = revision_of_session(e);
    if (!known) known = e.policy->spoken.oldest();
    return id_style(*known);
}

}  // namespace

refusal answering(refusal r, json::value const* id) {
    if (id != nullptr) r.id = *id;
    return r;
}

void throw_exception_from_error(failure const&, boost::source_location const& where) {
    boost::throw_exception(std::logic_error("the reply of an endpoint that failed was taken"),
                           where);
}

namespace {

http::reply render(endpoint const& e, refusal const& r) {
    e.http.facts().refused_by = r.error.message;
    auto const* const id = r.id ? &*r.id : nullptr;
    auto const none = id != nullptr ? unknown_id::null : id_style(e);
    auto out = http::json_reply(r.status, error_text(id, r.error, none));
    if (r.status == 503) out.headers.add("Retry-After", "5");
    // RFC 9110 §12.5.3: what would have been understood, and only where a coding was not.
    if (r.unknown_coding) out.headers.add("Accept-Encoding", "identity");
    return out;
}

}  // namespace

task<outcome<http::reply>> respond(server& s, http::context& c,
                                   task<endpoint_result> (*run)(endpoint const&)) {
    endpoint const e(s, c);
    auto result = co_await run(e);
    if (result) co_return std::move(*result);
    auto const why = result.error();
    if (auto const* refused = std::get_if<refusal>(&why)) co_return render(e, *refused);
    co_return std::get<problem>(why);
}

problem not_offered() {
    return problem(404, "not_found", "This realm does not offer this transport.")
        .as(problem::shown_as::text);
}

problem wrong_method(std::string allow) {
    return problem(405, "method_not_allowed", "The methods here: " + allow + ".")
        .as(problem::shown_as::text)
        .with("Allow", std::move(allow));
}

std::optional<refusal> wrong_content_type(http::request const& r) {
    constexpr std::string_view json_type = "application/json";
    auto const type = r.header("Content-Type");
    if (type != json_type && http::media_type(type) != json_type)
        return invalid(415, "Content-Type must be application/json");
    if (!r.has("Content-Encoding")) return std::nullopt;
    auto const coding = r.list("Content-Encoding");
    if (coding.empty() || http::iequals(coding, "identity")) return std::nullopt;
    auto wrong =
        invalid(415, "Content-Encoding " + tollgate::printable(coding, 40) + " is not understood");
    wrong.unknown_coding = true;
    return wrong;
}

boost::system::result<json::value const*, refusal> read_body(http::context& c) {
    auto const body = c.body_json();
    if (body) return *body;
    return refusal{
        400, rpc_error(error_code::parse_error, "Parse error: " + body.error().description())};
}

namespace {

refusal unsupported_header(std::string_view text, revision_set spoken, bool modern_too) {
    std::string sentence = "Unsupported MCP-Protocol-Version \"" + tollgate::printable(text, 40);
    sentence += "\"; supported:";
    for (auto const r : spoken.newest_first()) {
        if (is_modern(r) && !modern_too) continue;
        sentence += ' ';
        sentence += to_string(r);
    }
    return invalid(400, std::move(sentence));
}

}  // namespace

std::optional<refusal> flaw_in_header_of_initialize(endpoint const& e) {
    auto const text = e.http.request().header("MCP-Protocol-Version");
    if (text.empty()) return std::nullopt;
    if (auto wrong = repeated(e.http.request(), "MCP-Protocol-Version")) return wrong;
    auto const named = parse_revision(text);
    if (named && e.policy->spoken.has(*named)) return std::nullopt;
    return unsupported_header(text, e.policy->spoken, true);
}

boost::system::result<std::optional<revision>, refusal> header_revision(endpoint const& e) {
    auto const text = e.http.request().header("MCP-Protocol-Version");
    if (text.empty()) return std::optional<revision>();
    if (auto wrong = repeated(e.http.request(), "MCP-Protocol-Version")) return std::move(*wrong);
    auto const named = parse_revision(text);
    if (named && !is_modern(*named) && e.policy->spoken.has(*named)) return named;
    return unsupported_header(text, e.policy->spoken, false);
}

namespace {

bool calls_a_tool(json::value const& element) {
    auto const m = classify(element);
    return m && m->method == "tools/call";
}

}  // namespace

std::optional<problem> wants_login(endpoint const& e, json::value const& body) {
    if (e.policy->auth != auth_mode::tools_only || e.http.who() != nullptr) return std::nullopt;
    auto const* const batch = body.if_array();
    bool const calls = batch != nullptr ? std::any_of(batch->begin(), batch->end(), calls_a_tool)
                                        : calls_a_tool(body);
    if (!calls) return std::nullopt;
    return http::challenge::missing_token(e.http, e.policy->scopes);
}

http::reply accepted_plainly() {
    return http::reply(202, "text/plain", "Accepted");
}

refusal gone() {
    return {404, rpc_error(error_code::invalid_request, "Session not found")};
}

session_or_refusal find_session(endpoint const& e, transport via, std::string_view id) {
    auto const who = e.http.who();
    auto const got =
        e.state.sessions.find(id, via, who, e.policy->binding, e.now(), e.http.place().agent);
    if (got.session) {
        e.http.facts().session = session_label(got.session->id());
        return got.session;
    }
    if (got.foreign) e.http.facts().refused_by = "the session belongs to somebody else";
    return gone();
}

namespace {

// An object of `holder`, or an empty one.
json::object const& object_in(json::object const* holder, char const* name) {
    static json::object const nothing;
    auto const* const value = holder != nullptr ? holder->if_contains(name) : nullptr;
    return value != nullptr && value->is_object() ? value->get_object() : nothing;
}

std::optional<logging_level> level_in(json::object const* meta_object) {
    auto const* const value =
        meta_object != nullptr ? meta_object->if_contains(meta::log_level) : nullptr;
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return parse_logging_level(value->get_string());
}

// mcp.answers = "stream": something comes before the answer wherever the client may be told
// something, so that who takes the first message for the answer is found out. An answer whose HTTP
// status is not 200 cannot be streamed, and is not announced.
void announce(endpoint const& e, call const& c, answer const& a) {
    if (e.answers() != answer_form::stream || c.via != transport::streamable_http) return;
    if (a.listen || status_of(c.revision, a.error) != 200) return;
    std::string text = "answering ";
    text += c.request.method;
    log_to_client(c, logging_level::info, "tollgate", json::value(text));
}

}  // namespace

task<outcome<answer>> run_request(endpoint const& e, transport via, revision r, session* s,
                                  message const& request, client_channel& out) {
    // In this frame: the JSON of a small call costs no allocation of its own.
    std::array<unsigned char, 2048> buffer;
    json::monotonic_resource memory(buffer.data(), buffer.size());
    // Held until the call ends: the references below lead into it.
    auto const known = s != nullptr ? s->client() : nullptr;
    auto const& capabilities =
        known ? known->capabilities : object_in(request.meta, meta::client_capabilities);
    auto const& info = known ? known->info : object_in(request.meta, meta::client_info);
    auto const level = s != nullptr ? s->log_level() : level_in(request.meta);
    call const c{e.http,
                 *e.policy,
                 e.policy->spoken,
                 e.owner.tools(),
                 e.owner.on_stdio() ? transport::stdio : via,
                 r,
                 request,
                 &memory,
                 out,
                 s,
                 capabilities,
                 info,
                 level,
                 e.owner.api()};
    e.http.facts().mcp_method = request.method;
    auto result = co_await dispatch(c);
    if (result) announce(e, c, *result);
    co_return result;
}

namespace {

// 401 means that the token is dead; anything else that nobody could tell, and then the stream
// goes on.
task<bool> token_lives(std::function<task<outcome<http::principal>>()> ask) {
    auto const who = co_await ask();
    co_return who.has_value() || who.error().status() != 401;
}

}  // namespace

sse::opened_stream open_stream(endpoint const& e, std::optional<sse::frame> farewell,
                               std::function<void()> on_close) {
    sse::stream_options options;
    // What is replayed comes all at once, and its reader is not slow for that.
    if (e.http.request().has("Last-Event-ID")) options.max_bytes += e.policy->replay_bytes;
    options.heartbeat = e.policy->heartbeat;
    options.farewell = std::move(farewell);
    options.on_close = std::move(on_close);
    auto const* const caller = e.http.who();
    if (caller != nullptr && caller->recheck) {
        options.recheck = e.policy->recheck;
        options.may_continue = [ask = caller->recheck(e.http)] { return token_lives(ask); };
    }
    return sse::open_stream(e.http.executor(), std::move(options));
}

}  // namespace tollgate::mcp
