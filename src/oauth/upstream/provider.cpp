#include "oauth/upstream/provider.hpp"

#include <algorithm>
#include <limits>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/log/log.hpp"
#include "http/message/form.hpp"
#include "oauth/fetch/basic_credentials.hpp"
#include "oauth/fetch/provider_failure.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::chrono::minutes max_metadata_age{5};
constexpr std::chrono::seconds metadata_retry_interval{1};
// Whoever asks waits for a provider that does not answer: not all the time, as long as there is a
// document.
constexpr std::chrono::seconds retry_interval_of_known{30};
constexpr std::size_t most_bytes = 256 << 10;

// RFC 6749 §5.1: a number of seconds. Some providers write it as text.
std::optional<std::chrono::seconds> life_in(boost::json::object const& o) {
    // A century: added to the present it stays within the clock's range.
    constexpr std::int64_t most = std::int64_t{100} * 365 * 24 * 3600;
    auto const* v = o.if_contains("expires_in");
    if (!v) return std::nullopt;
    std::int64_t n = -1;
    if (v->is_int64()) n = v->get_int64();
    if (v->is_uint64()) n = most;
    if (v->is_double() && v->get_double() < static_cast<double>(most))
        n = static_cast<std::int64_t>(v->get_double());
    // Nine digits at most, which stoll can always read.
    if (auto const text = text_member(o, "expires_in");
        text && !text->empty() && text->size() < 10 &&
        text->find_first_not_of("0123456789") == std::string_view::npos)
        n = std::stoll(std::string(*text));
    if (n < 0) return std::nullopt;
    return std::chrono::seconds(std::min(n, most));
}

// RFC 6749 §5.1. Of a provider that leaves out all but the token nothing more is demanded.
outcome<provider_tokens> tokens_in(boost::json::object answer, provider_leg const& leg) {
    provider_tokens t;
    auto const token = text_member(answer, "access_token");
    auto const type = text_member(answer, "token_type");
    if (!token || token->empty())
        return problem(502, "temporarily_unavailable",
                       "The provider's answer to the token request (" + std::string(leg.url) +
                           ") has no access_token (RFC 6749 section 5.1).");
    t.access_token = *token;
    t.token_type = type.value_or("");
    t.refresh_token = text_member(answer, "refresh_token").value_or("");
    t.id_token = text_member(answer, "id_token").value_or("");
    t.expires_in = life_in(answer);
    t.answer = std::move(answer);
    return t;
}

void show(provider_response* response, http_result const& got, sent_secrets const& sent) {
    if (!response || !got) return;
    response->status = got->status;
    response->content_type = sent.taken_out(std::string(got->headers.get("Content-Type")));
    response->body = sent.taken_out(got->body);
}

}  // namespace

provider::provider(http::client& c, provider_options o, tollgate::clock const& time)
    : client_(c), options_(std::move(o)), clock_(time) {}

std::optional<outcome<known_provider>> provider::remembered() {
    auto const now = clock_.now();
    std::lock_guard const lock(mutex_);
    auto const pause = known_.metadata ? retry_interval_of_known : metadata_retry_interval;
    bool const failed_now = !has_passed(pause, known_.failed_at, now);
    if (known_.metadata && (failed_now || !has_passed(max_metadata_age, known_.fetched_at, now)))
        return outcome<known_provider>(known_.metadata);
    if (!known_.metadata && failed_now) return outcome<known_provider>(known_.why);
    return std::nullopt;
}

// What came of a look-up. A failure leaves the document that there is.
outcome<known_provider> provider::learn(outcome<provider_metadata> got) {
    auto const now = clock_.now();
    std::lock_guard const lock(mutex_);
    if (got) {
        known_.metadata =
            std::make_shared<provider_metadata const>(merged(options_, std::move(*got)));
        known_.fetched_at = now;
        return known_.metadata;
    }
    known_.failed_at = now;
    known_.why = got.error();
    if (!known_.metadata) return known_.why;
    log(log_level::warning, "provider_metadata_kept",
        {{"issuer", options_.issuer}, {"why", got.error().description()}});
    return known_.metadata;
}

task<outcome<provider_metadata>> provider::look_up() {
    problem why = no_endpoint("metadata", "issuer");
    auto const places = discovery_urls(options_.issuer);
    for (auto const& url : places) {
        http::outbound question(url);
        question.timeout = options_.timeout;
        question.max_body = most_bytes;
        question.headers.add("Accept", "application/json");
        auto const got = co_await client_.send(std::move(question));
        provider_leg const leg("discovery", "issuer", url);
        auto document = read_answer(got, leg);
        if (document)
            co_return read_discovery(std::move(*document), options_.issuer, url,
                                     options_.allow_insecure_http);
        why = document.error();
        // Only "not here" says that it may be at the next place.
        bool const elsewhere = got && (got->status == 404 || got->status == 410);
        if (!elsewhere) break;
    }
    co_return why;
}

task<outcome<known_provider>> provider::discover() {
    if (options_.issuer.empty()) co_return learn(provider_metadata{});
    auto found = co_await look_up();
    auto learned = learn(std::move(found));
    co_return std::move(learned);
}

task<outcome<known_provider>> provider::metadata() {
    auto have = remembered();
    if (have) co_return std::move(*have);
    auto question = [this] { return discover(); };
    auto answer = co_await flights_.run("", std::move(question));
    if (!answer) co_return problem(503, "temporarily_unavailable", "the look-up was given up");
    co_return std::move(*answer);
}

task<outcome<provider_tokens>> provider::ask_for_tokens(std::string body, std::string client_id,
                                                        sent_secrets sent,
                                                        provider_response* response) {
    auto const found = co_await metadata();
    if (!found) co_return found.error();
    auto const& m = **found;
    if (m.token_endpoint.empty()) co_return no_endpoint("token endpoint", "token_endpoint");

    bool const ours = client_id.empty();
    auto const& id = ours ? options_.client_id : client_id;
    std::string const secret = ours ? options_.client_secret : "";
    sent.add_client(id, secret);
    bool const by_basic = !secret.empty() && !takes_secret_in_body(m);
    http::outbound question(m.token_endpoint);
    question.method = http::verb::post;
    question.timeout = options_.timeout;
    question.max_body = most_bytes;
    question.headers.add("Content-Type", "application/x-www-form-urlencoded");
    question.headers.add("Accept", "application/json");
    if (by_basic) question.headers.add("Authorization", basic_credentials(id, secret));
    // Without Basic the body says who asks (RFC 6749 §3.2.1).
    if (!by_basic) body += "&client_id=" + http::percent_encode(id);
    if (!by_basic && !secret.empty()) body += "&client_secret=" + http::percent_encode(secret);
    question.body = std::move(body);

    auto const got = co_await client_.send(std::move(question));
    show(response, got, sent);
    provider_leg const leg("token request", "token_endpoint", m.token_endpoint);
    auto answer = read_answer(got, leg, sent);
    if (!answer) co_return answer.error();
    co_return tokens_in(std::move(*answer), leg);
}

task<outcome<provider_tokens>> provider::redeem(code_redemption r) {
    std::string body = "grant_type=authorization_code&code=" + http::percent_encode(r.code);
    body += "&redirect_uri=" + http::percent_encode(r.redirect_uri);
    body += "&code_verifier=" + http::percent_encode(r.verifier);
    if (!r.resource.empty()) body += "&resource=" + http::percent_encode(r.resource);
    sent_secrets sent;
    sent.add(r.code);
    sent.add(r.verifier);
    auto tokens = co_await ask_for_tokens(std::move(body), std::move(r.client_id), std::move(sent),
                                          r.response);
    co_return std::move(tokens);
}

task<outcome<provider_tokens>> provider::redeem(std::string code, std::string verifier,
                                                std::string redirect_uri, std::string client_id) {
    code_redemption r(std::move(code), std::move(verifier), std::move(redirect_uri));
    r.client_id = std::move(client_id);
    return redeem(std::move(r));
}

task<outcome<provider_tokens>> provider::refresh(std::string refresh_token) {
    std::string body = "grant_type=refresh_token&refresh_token=";
    body += http::percent_encode(refresh_token);
    sent_secrets sent;
    sent.add(refresh_token);
    std::string nobody_else;
    auto tokens =
        co_await ask_for_tokens(std::move(body), std::move(nobody_else), std::move(sent), nullptr);
    co_return std::move(tokens);
}

task<outcome<boost::json::object>> provider::userinfo(std::string access_token,
                                                      provider_response* response) {
    auto const found = co_await metadata();
    if (!found) co_return found.error();
    auto const& url = (*found)->userinfo_endpoint;
    if (url.empty()) co_return no_endpoint("userinfo endpoint", "userinfo_endpoint");
    http::outbound question(url);
    question.timeout = options_.timeout;
    question.max_body = most_bytes;
    question.headers.add("Authorization", "Bearer " + access_token);
    question.headers.add("Accept", "application/json");
    auto const got = co_await client_.send(std::move(question));
    sent_secrets sent;
    sent.add(access_token);
    show(response, got, sent);
    provider_leg const leg("userinfo request", "userinfo_endpoint", url);
    co_return read_answer(got, leg, sent);
}

}  // namespace tollgate::oauth
