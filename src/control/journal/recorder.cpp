#include "control/journal/recorder.hpp"

#include <utility>

#include "control/journal/journal.hpp"
#include "control/journal/origin.hpp"
#include "control/journal/recorded_stream.hpp"
#include "http/message/request.hpp"
#include "http/message/url.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "http/pipeline/router.hpp"
#include "http/realm/peer.hpp"

namespace tollgate::control {

namespace {

using http::context;
using http::reply;

constexpr std::size_t longest_body = 16 << 10;
constexpr std::size_t longest_fields = 16 << 10;

void add_field(std::string& block, std::string_view name, std::string_view value) {
    if (block.size() + name.size() + value.size() > longest_fields) return;
    block.append(name).append(": ").append(value).append("\r\n");
}

// Header fields and body, within the bounds.
template <class Fields>
void keep(recorded_message& m, Fields const& fields, std::string_view body) {
    m.fields.reserve(512);
    for (auto const& h : fields)
        add_field(m.fields, h.name, h.value);
    m.body = body.substr(0, longest_body);
    m.body_size = body.size();
}

recorded_message recorded(http::request const& r) {
    recorded_message m;
    m.start.reserve(r.method_text.size() + 1 + r.target.size());
    m.start.append(r.method_text).append(1, ' ').append(r.target);
    keep(m, r.headers, r.body);
    return m;
}

recorded_message recorded(reply const& r) {
    recorded_message m;
    m.start = std::to_string(r.status);
    keep(m, r.headers, r.body);
    return m;
}

// What one exchange brought about, each as an event of its own.
class consequences {
public:
    consequences(journal& to, event const& exchange, reply const& answer)
        : to_(to),
          exchange_(exchange),
          status_(answer.status),
          carries_code_(carries_code(answer.headers.get("Location"))) {}

    void record() {
        auto const& f = exchange_.facts;
        auto const& at = exchange_.endpoint;
        for (auto const& fault : f.faults)
            add(event_type::fault, fault);
        if (f.grant_type == "refresh_token") add(event_type::refresh, how());
        if (at == "authorize" || at == "callback") record_login();
        if (at == "register" && status_ / 100 == 2) add(event_type::registration, how());
        if (at == "revoke" && status_ == 200) add(event_type::revocation, "ok");
        if (f.session.empty() || status_ / 100 != 2) return;
        bool const ends = exchange_.exchange->request.start.starts_with("DELETE ");
        bool const opens = f.mcp_method == "initialize" || (at == "sse" && f.mcp_method.empty());
        if (ends || opens) add(event_type::session, ends ? "ended" : "opened");
    }

private:
    // RFC 6749 §4.1.2
    static bool carries_code(std::string_view location) noexcept {
        return location.find("?code=") != location.npos || location.find("&code=") != location.npos;
    }

    std::string how() const { return exchange_.facts.error.empty() ? "ok" : exchange_.facts.error; }

    // Only an answer that goes back to the client ends a login.
    void record_login() {
        auto const& error = exchange_.facts.error;
        if (!error.empty()) return add(event_type::login, error);
        if (carries_code_) add(event_type::login, "code");
    }

    void add(event_type type, std::string outcome) {
        event e;
        e.type = type;
        e.time = exchange_.time;
        e.endpoint = exchange_.endpoint;
        e.flow = exchange_.flow;
        e.facts = exchange_.facts;
        e.of = exchange_.seq;
        e.outcome = std::move(outcome);
        to_.record(std::move(e));
    }

    journal& to_;
    event const& exchange_;
    unsigned status_;
    bool carries_code_;
};

// The control plane and the pages of verdicts are no part of what a client does.
bool is_reading_control(context const& c) {
    if (c.endpoint() == "verdict") return true;
    bool const control = (c.route().flags & http::control_plane) != 0;
    return control &&
           (c.request().method == http::verb::get || c.request().method == http::verb::head ||
            c.request().method == http::verb::options);
}

void watch_delivery(reply& r, std::shared_ptr<recorded_exchange> x) {
    r.on_sent = [x = std::move(x)](bool whole) {
        x->how.store(whole ? delivery::delivered : delivery::cut, std::memory_order_relaxed);
    };
}

task<outcome<reply>> run_recorded(context& c, http::handler const& next) {
    auto x = std::make_shared<recorded_exchange>();
    x->arrived = c.real_now();
    x->request = recorded(c.request());
    x->peer = c.request().peer;
    auto result = co_await next(c);
    auto answer = result ? std::move(*result) : http::render(result.error());
    x->response = recorded(answer);
    x->streamed = answer.stream != nullptr;
    auto& to = c.realm().get<journal>();
    event e;
    bool const control = (c.route().flags & http::control_plane) != 0;
    e.type = control ? event_type::control : event_type::exchange;
    e.time = c.real_now();
    e.endpoint = c.endpoint();
    e.facts = c.facts();
    e.exchange = x;
    auto const origin = origin_of(c.request());
    auto const kept = to.record(std::move(e), origin);
    consequences(to, *kept, answer).record();
    if (answer.stream)
        answer.stream =
            record_stream(std::move(answer.stream), c.realm_handle(), kept, c.real_clock());
    watch_delivery(answer, std::move(x));
    co_return answer;
}

task<outcome<reply>> pass(context& c, http::handler const& next) {
    bool const outside = (c.route().flags & http::origin_root) != 0 || is_reading_control(c);
    if (outside || !c.realm().get<journal>().on()) return next(c);
    return run_recorded(c, next);
}

}  // namespace

http::layer journal_layer() {
    return &pass;
}

}  // namespace tollgate::control
