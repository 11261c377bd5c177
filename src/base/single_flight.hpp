// Single flight: equal questions that are asked at the same time are asked once.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/one_shot_event.hpp"
#include "base/task.hpp"

namespace tollgate {

// Whoever asks first leads: it asks within its own coroutine and hands the answer to all who
// joined meanwhile, whichever core they run on. A leader that is cancelled or fails leaves no
// answer; then one of those who waited leads in its place.
template <class Answer>
class single_flight {
public:
    // `ask` makes the task that finds the answer out: called again if a leader had to give up.
    // Nothing when the caller itself was cancelled.
    template <class Ask>
    task<std::optional<Answer>> run(std::string key, Ask ask) {
        auto const executor = co_await boost::asio::this_coro::executor;
        for (;;) {
            auto seat = board(key, executor);
            if (seat.leads) {
                landing land(*this, key, seat.trip);
                auto asking = ask();
                auto answer = co_await std::move(asking);
                auto const state = co_await boost::asio::this_coro::cancellation_state;
                if (state.cancelled() != boost::asio::cancellation_type::none)
                    co_return std::nullopt;
                land.with(answer);
                co_return std::optional<Answer>(std::move(answer));
            }
            co_await seat.trip->landed.wait();
            auto answer = answer_of(*seat.trip);
            if (answer) co_return std::move(answer);
            auto const state = co_await boost::asio::this_coro::cancellation_state;
            if (state.cancelled() != boost::asio::cancellation_type::none) co_return std::nullopt;
        }
    }

private:
    struct flight {
        std::optional<Answer> answer;  // guarded by mutex_
        bool shared = false;           // likewise: somebody joined
        one_shot_event landed;
        explicit flight(boost::asio::any_io_executor const& e) : landed(e) {}
    };
    struct boarding {
        std::shared_ptr<flight> trip;
        bool leads;
        boarding(std::shared_ptr<flight> t, bool l) : trip(std::move(t)), leads(l) {}
    };

    // Ends the flight however the leader ends: by an answer, an exception or its destruction.
    class landing {
    public:
        landing(single_flight& all, std::string const& key, std::shared_ptr<flight> trip)
            : all_(all), key_(key), trip_(std::move(trip)) {}
        landing(landing const&) = delete;
        landing& operator=(landing const&) = delete;
        ~landing() {
            if (over_) return;
            {
                std::lock_guard const lock(all_.mutex_);
                all_.flights_.erase(key_);
                trip_->answer = std::move(answer_);
            }
            trip_->landed.open();
        }
        // Where nobody joined it is over at once, and the answer is copied for nobody.
        void with(Answer const& answer) {
            {
                std::lock_guard const lock(all_.mutex_);
                over_ = !trip_->shared;
                if (over_) all_.flights_.erase(key_);
            }
            if (!over_) answer_ = answer;
        }

    private:
        single_flight& all_;
        std::string key_;
        std::shared_ptr<flight> trip_;
        std::optional<Answer> answer_;
        bool over_ = false;
    };

    boarding board(std::string const& key, boost::asio::any_io_executor const& executor) {
        std::lock_guard const lock(mutex_);
        auto& slot = flights_[key];
        if (slot) slot->shared = true;
        if (slot) return boarding(slot, false);
        slot = std::make_shared<flight>(executor);
        return boarding(slot, true);
    }
    std::optional<Answer> answer_of(flight const& trip) {
        std::lock_guard const lock(mutex_);
        return trip.answer;
    }

    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<flight>> flights_;
};

}  // namespace tollgate
