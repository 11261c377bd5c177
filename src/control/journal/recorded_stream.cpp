#include "control/journal/recorded_stream.hpp"

#include <utility>

#include <boost/json/parse.hpp>

#include "base/json.hpp"
#include "control/journal/journal.hpp"
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

class recorded_stream final : public http::body_stream {
public:
    recorded_stream(std::unique_ptr<http::body_stream> body, http::realm_ptr realm, event_ptr of,
                    tollgate::clock const& time)
        : body_(std::move(body)), realm_(std::move(realm)), of_(std::move(of)), clock_(time) {}

    ~recorded_stream() override {
        if (ended_) return;
        auto e = belonging(event_type::stream);
        e.outcome = "cut";
        record(std::move(e));
    }

    task<std::optional<std::string>> next() override {
        auto piece = co_await body_->next();
        if (piece) {
            take(*piece);
        } else {
            ended_ = true;
            auto e = belonging(event_type::stream);
            e.outcome = "ended";
            record(std::move(e));
        }
        co_return piece;
    }

    void close() noexcept override { body_->close(); }

private:
    event belonging(event_type type) const {
        event e;
        e.type = type;
        e.time = clock_.now();
        e.endpoint = of_->endpoint;
        e.flow = of_->flow;
        e.facts = of_->facts;
        e.facts.mcp_method.clear();
        e.of = of_->seq;
        return e;
    }

    void take(std::string_view piece) {
        for (auto& got : events_.feed(piece)) {
            auto e = belonging(event_type::stream);
            e.stream_event = std::move(got.event);
            e.stream_id = std::move(got.id);
            auto method = method_in(got.data);
            e.stream_data = std::move(got.data);
            if (e.stream_data.size() > longest_data) e.stream_data.resize(longest_data);
            if (method) {
                auto message = e;
                message.type = event_type::message;
                message.facts.mcp_method = std::move(*method);
                record(std::move(message));
            }
            record(std::move(e));
        }
    }

    void record(event e) noexcept {
        try {
            realm_->get<journal>().record(std::move(e));
        } catch (std::bad_alloc const&) {
            // An event is lost; the stream goes on.
        }
    }

    std::unique_ptr<http::body_stream> body_;
    http::realm_ptr realm_;
    event_ptr of_;
    tollgate::clock const& clock_;
    sse::decoder events_;
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<http::body_stream> record_stream(std::unique_ptr<http::body_stream> body,
                                                 http::realm_ptr realm, event_ptr of,
                                                 tollgate::clock const& time) {
    return std::make_unique<recorded_stream>(std::move(body), std::move(realm), std::move(of),
                                             time);
}

}  // namespace tollgate::control
