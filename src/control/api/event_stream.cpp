#include "control/api/event_stream.hpp"

#include <chrono>
#include <utility>

#include <boost/json/serialize.hpp>

#include "control/journal/views.hpp"
#include "sse/event.hpp"
#include "sse/stream.hpp"

namespace tollgate::control::api {

namespace {

constexpr std::chrono::seconds heartbeat{15};

class journal_stream final : public http::body_stream {
public:
    journal_stream(realm_registry& realms, http::realm_ptr realm, std::uint64_t since,
                   event_filter wanted, boost::asio::any_io_executor on)
        : realms_(realms),
          realm_(std::move(realm)),
          since_(since),
          wanted_(std::move(wanted)),
          on_(std::move(on)) {}

    task<std::optional<std::string>> next() override {
        auto& kept = realm_->get<journal>();
        auto const deadline = std::chrono::steady_clock::now() + heartbeat;
        auto page = kept.read(since_, wanted_);
        if (page.events.empty() && !closed_) {
            auto const next = page.next;
            co_await kept.wait_for(next, deadline, on_);
            page = kept.read(since_, wanted_);
        }
        auto const lasts = co_await realms_.keep_journal(realm_, page.next);
        // Without it they would not be told again after a restart: who comes back asks from here.
        if (closed_ || !lasts) co_return std::nullopt;
        since_ = page.next;
        std::string bytes;
        if (page.dropped != 0)
            bytes += sse::comment("dropped " + std::to_string(page.dropped)).bytes();
        for (auto const& e : page.events)
            bytes += encoded(*e);
        // A comment keeps proxies from closing a quiet stream.
        if (bytes.empty()) bytes = sse::comment("").bytes();
        co_return bytes;
    }

    void close() noexcept override {
        closed_ = true;
        realm_->get<journal>().wake();
    }

private:
    std::string encoded(event const& e) const {
        sse::event out;
        out.event = word_of(e.type);
        out.id = std::to_string(e.seq);
        out.data = boost::json::serialize(to_json(e, realm_->name()));
        auto const frame = sse::encode(out);
        return frame ? frame->bytes() : std::string();
    }

    realm_registry& realms_;
    http::realm_ptr realm_;
    std::uint64_t since_;
    event_filter wanted_;
    boost::asio::any_io_executor on_;
    bool closed_ = false;
};

}  // namespace

http::reply event_stream_reply(realm_registry& realms, http::realm_ptr realm, std::uint64_t since,
                               event_filter wanted, boost::asio::any_io_executor on) {
    return sse::stream_reply(std::make_unique<journal_stream>(realms, std::move(realm), since,
                                                              std::move(wanted), std::move(on)));
}

}  // namespace tollgate::control::api
