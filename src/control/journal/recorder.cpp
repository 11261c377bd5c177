#include "control/journal/recorder.hpp"

#include <array>
#include <charconv>
#include <functional>
#include <utility>

#include <boost/container/small_vector.hpp>

#include "control/journal/journal.hpp"
#include "control/journal/origin.hpp"
#include "control/journal/recorded_stream.hpp"
#include "http/message/request.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "http/pipeline/router.hpp"

namespace tollgate::control {

namespace {

using http::context;
using http::reply;

constexpr std::size_t longest_body = 16 << 10;
constexpr std::size_t longest_fields = 16 << 10;

// One half of an exchange, within the bounds, put together for the journal and mostly without the
// heap. What it was made of must stay as long.
class message_text {
public:
    explicit message_text(http::request const& r) {
        make_room(r.method_text.size() + 1 + r.target.size(), r.headers);
        write(r.method_text);
        write(" ");
        write(r.target);
        take(r.headers, r.body);
    }
    explicit message_text(reply const& r) {
        std::array<char, 12> digits;
        auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), r.status);
        std::string_view const status(digits.data(), end.ptr);
        make_room(status.size(), r.headers);
        write(status);
        take(r.headers, r.body);
    }

    message_draft draft() const noexcept {
        std::string_view const all(block_.data(), used_);
        return {all.substr(0, start_), all.substr(start_), body_.substr(0, longest_body),
                body_.size()};
    }

private:
    static constexpr std::string_view behind_name = ": ", behind_value = "\r\n";

    template <class Header>
    static std::size_t length_of(Header const& h) noexcept {
        return h.name.size() + behind_name.size() + h.value.size() + behind_value.size();
    }

    template <class Fields>
    void make_room(std::size_t start, Fields const& fields) {
        std::size_t needed = start;
        for (auto const& h : fields)
            needed += length_of(h);
        block_.resize(needed, boost::container::default_init);
    }

    void write(std::string_view text) noexcept {
        used_ += text.copy(block_.data() + used_, text.size());
    }

    template <class Fields>
    void take(Fields const& fields, std::string_view body) noexcept {
        start_ = used_;
        body_ = body;
        for (auto const& h : fields) {
            if (used_ - start_ + length_of(h) > longest_fields) continue;
            write(h.name);
            write(behind_name);
            write(h.value);
            write(behind_value);
        }
    }

    boost::container::small_vector<char, 1024> block_;
    std::size_t used_ = 0;
    std::size_t start_ = 0;  // length of what stands in front of the fields
    std::string_view body_;
};

// What one exchange brought about, each as an event of its own.
class consequences {
public:
    consequences(journal& to, event_draft const& exchange, recorded_event const& kept,
                 http::request const& asked, reply const& answer)
        : to_(to),
          exchange_(exchange),
          kept_(kept),
          facts_(*exchange.facts),
          asked_(asked),
          answer_(answer) {}

    void record() {
        auto const at = exchange_.endpoint;
        auto const kind = answer_.status / 100;
        for (auto const& fault : facts_.faults)
            add(event_type::fault, fault);
        if (facts_.grant_type == "refresh_token") add(event_type::refresh, how());
        if (at == "authorize" || at == "callback") record_login();
        if (at == "register" && kind == 2) add(event_type::registration, how());
        if (at == "revoke" && answer_.status == 200) add(event_type::revocation, "ok");
        if (facts_.session.empty() || kind != 2) return;
        bool const ends = asked_.method_text == "DELETE";
        bool const opens =
            facts_.mcp_method == "initialize" || (at == "sse" && facts_.mcp_method.empty());
        if (ends || opens) add(event_type::session, ends ? "ended" : "opened");
    }

private:
    // RFC 6749 §4.1.2
    bool carries_code() const noexcept {
        auto const location = answer_.headers.get("Location");
        return location.find("?code=") != location.npos || location.find("&code=") != location.npos;
    }

    std::string_view how() const {
        return facts_.error.empty() ? std::string_view("ok") : facts_.error;
    }

    // Only an answer that goes back to the client ends a login.
    void record_login() {
        if (!facts_.error.empty()) return add(event_type::login, facts_.error);
        if (carries_code()) add(event_type::login, "code");
    }

    void add(event_type type, std::string_view outcome) {
        event_draft e;
        e.type = type;
        e.time = exchange_.time;
        e.endpoint = exchange_.endpoint;
        e.flow = kept_.flow;
        e.facts = exchange_.facts;
        e.of = kept_.seq;
        e.outcome = outcome;
        to_.record(e);
    }

    journal& to_;
    event_draft const& exchange_;
    recorded_event const& kept_;
    http::exchange_facts const& facts_;
    http::request const& asked_;
    reply const& answer_;
};

bool is_control(context const& c) noexcept {
    return (c.route().flags & http::control_plane) != 0;
}

// The control plane and the pages of verdicts are no part of what a client does.
bool is_reading_control(context const& c) {
    if (c.endpoint() == "verdict") return true;
    return is_control(c) &&
           (c.request().method == http::verb::get || c.request().method == http::verb::head ||
            c.request().method == http::verb::options);
}

recorded_event write_down(context const& c, reply const& answer, time_point arrived, journal& to) {
    message_text const sent(c.request());
    message_text const got(answer);
    exchange_draft x;
    x.request = sent.draft();
    x.response = got.draft();
    x.arrived = arrived;
    x.peer = c.request().peer;
    x.streamed = answer.stream != nullptr;
    event_draft e;
    e.type = is_control(c) ? event_type::control : event_type::exchange;
    e.time = c.real_now();
    e.endpoint = c.endpoint();
    e.facts = &c.facts();
    e.exchange = &x;
    auto const kept = to.record(e, origin_of(c.request()));
    consequences(to, e, kept, c.request(), answer).record();
    return kept;
}

std::function<void(bool)> delivery_note(http::realm_ptr const& realm, std::uint64_t seq) {
    return [realm, seq](bool whole) {
        realm->get<journal>().note_delivery(seq, whole ? delivery::delivered : delivery::cut);
    };
}

void record_answer(context& c, http::arrival const& when, outcome<reply>& result) {
    bool const outside = (c.route().flags & http::origin_root) != 0 || is_reading_control(c);
    auto& to = c.realm().get<journal>();
    if (outside || !to.on()) return;
    if (!result) result = http::render(result.error());
    auto& answer = *result;
    auto const kept = write_down(c, answer, when.time, to);
    if (answer.stream) answer.stream = record_stream(std::move(answer.stream), c, kept);
    answer.on_sent = delivery_note(c.realm_handle(), kept.seq);
}

}  // namespace

http::layer journal_layer() {
    return http::plain_layer{{}, &record_answer};
}

}  // namespace tollgate::control
