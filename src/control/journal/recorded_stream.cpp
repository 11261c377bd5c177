#include "control/journal/recorded_stream.hpp"

#include <array>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>

#include "base/json.hpp"
#include "sse/decoder.hpp"

namespace tollgate::control {

namespace {

constexpr std::size_t longest_data = 16 << 10;

// The method of a JSON-RPC request or notification; nothing for a response, or what is none.
std::optional<std::string> method_in(std::string const& data) {
    // Most data are responses: they cost no parsing.
    if (data.find("\"method\"") == std::string::npos) return std::nullopt;
    boost::json::error_code wrong;
    auto const value = boost::json::parse(data, wrong);
    if (wrong || !value.is_object()) return std::nullopt;
    auto const method = text_member(value.get_object(), "method");
    return method ? std::optional<std::string>(*method) : std::nullopt;
}

// What is known of an exchange, for as long as its stream is open: most of it is empty.
class kept_facts {
public:
    explicit kept_facts(http::exchange_facts const& f) : faults_(f.faults) {
        for (auto const which : texts)
            if (!(f.*which).empty()) known_.emplace_back(which, f.*which);
        known_.shrink_to_fit();
    }
    http::exchange_facts facts() const {
        http::exchange_facts f;
        for (auto const& [which, text] : known_)
            f.*which = text;
        f.faults = faults_;
        return f;
    }

private:
    using text_of = std::string http::exchange_facts::*;
    using known = http::exchange_facts;
    // Not the method: that is of each message.
    static constexpr std::array<text_of, 9> texts{
        &known::client_id, &known::subject, &known::grant_type,
        &known::family,    &known::session, &known::tool,
        &known::decision,  &known::error,   &known::refused_by,
    };

    std::vector<std::pair<text_of, std::string>> known_;
    std::vector<std::string> faults_;
};

class recorded_stream final : public http::body_stream {
public:
    recorded_stream(std::unique_ptr<http::body_stream> body, http::context const& c,
                    recorded_event kept)
        : body_(std::move(body)),
          realm_(c.realm_handle()),
          endpoint_(c.endpoint()),
          facts_(c.facts()),
          exchange_(std::move(kept)),
          clock_(c.real_clock()) {}

    ~recorded_stream() override {
        if (!ended_) record_end("cut");
    }

    task<std::optional<std::string>> next() override {
        auto piece = co_await body_->next();
        if (piece) {
            take(*piece);
        } else {
            ended_ = true;
            record_end("ended");
        }
        co_return piece;
    }

    void close() noexcept override { body_->close(); }

private:
    event_draft belonging(event_type type, http::exchange_facts const& facts) const {
        event_draft e;
        e.type = type;
        e.time = clock_.now();
        e.endpoint = endpoint_;
        e.flow = exchange_.flow;
        e.facts = &facts;
        e.of = exchange_.seq;
        return e;
    }

    void record_end(std::string_view how) noexcept {
        try {
            auto const facts = facts_.facts();
            auto e = belonging(event_type::stream, facts);
            e.outcome = how;
            record(e);
        } catch (std::bad_alloc const&) {
            // As in record().
        }
    }

    void take(std::string_view piece) {
        auto const all = events_.feed(piece);
        if (all.empty()) return;
        auto const facts = facts_.facts();
        for (auto const& got : all) {
            auto e = belonging(event_type::stream, facts);
            e.stream_event = got.event;
            e.stream_id = got.id;
            e.stream_data = std::string_view(got.data).substr(0, longest_data);
            if (auto const method = method_in(got.data)) {
                auto message = e;
                message.type = event_type::message;
                message.mcp_method = *method;
                record(message);
            }
            record(e);
        }
    }

    void record(event_draft const& e) noexcept {
        try {
            realm_->get<journal>().record(e);
        } catch (std::bad_alloc const&) {
            // An event is lost; the stream goes on.
        }
    }

    std::unique_ptr<http::body_stream> body_;
    http::realm_ptr realm_;
    std::string const endpoint_;
    kept_facts const facts_;
    recorded_event const exchange_;
    tollgate::clock const& clock_;
    sse::decoder events_;
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<http::body_stream> record_stream(std::unique_ptr<http::body_stream> body,
                                                 http::context const& c, recorded_event kept) {
    return std::make_unique<recorded_stream>(std::move(body), c, std::move(kept));
}

}  // namespace tollgate::control
