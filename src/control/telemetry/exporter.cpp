#include "control/telemetry/exporter.hpp"

#include <algorithm>
#include <exception>
#include <random>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "base/text.hpp"
#include "control/telemetry/otlp.hpp"
#include "http/client/pool.hpp"

namespace tollgate::control {

namespace asio = boost::asio;

namespace {

constexpr auto counter = metric::kind::counter;
constexpr std::string_view of_dropped = "Spans that never reached the collector, by why.";
metric exported(counter, "tollgate_telemetry_spans_total", "Spans that the collector took.");
metric no_room(counter, "tollgate_telemetry_dropped_total{why=\"queue_full\"}", of_dropped);
metric not_taken(counter, "tollgate_telemetry_dropped_total{why=\"refused\"}", of_dropped);
metric not_reached(counter, "tollgate_telemetry_dropped_total{why=\"unreachable\"}", of_dropped);
metric too_late(counter, "tollgate_telemetry_dropped_total{why=\"ended\"}", of_dropped);

std::int64_t number(std::size_t n) noexcept {
    return static_cast<std::int64_t>(n);
}

double spread() {
    static thread_local std::minstd_rand random{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.5, 1.5)(random);
}

void report_bug(std::exception_ptr failure) {
    if (!failure) return;
    try {
        std::rethrow_exception(failure);
    } catch (boost::system::system_error const& e) {
        if (e.code() != asio::error::operation_aborted)  // it was given up
            log(log_level::error, "telemetry", {{"why", e.what()}});
    } catch (std::exception const& e) {
        log(log_level::error, "telemetry", {{"why", e.what()}});
    }
}

}  // namespace

exporter::exporter(http::client& outbound, options o, std::string instance)
    : client_(outbound),
      options_(std::move(o)),
      instance_(std::move(instance)),
      work_(io_.get_executor()) {}

exporter::~exporter() {
    end(std::chrono::milliseconds(0));
}

void exporter::start() {
    // What was asked must not keep this thread waiting for idle connections.
    auto done = [this](std::exception_ptr failure) {
        report_bug(std::move(failure));
        last_moment_.cancel();
        http::client_pool::of(io_.get_executor()).close_all();
        work_.reset();
    };
    auto work = export_until_end();
    auto until_given_up = asio::bind_cancellation_slot(give_up_.slot(), std::move(done));
    asio::co_spawn(io_, std::move(work), std::move(until_given_up));
    thread_ = std::thread([this] { io_.run(); });
}

void exporter::add(span s) noexcept {
    try {
        std::unique_lock lock(mutex_);
        if (queue_.size() >= options_.queue) return no_room.add();
        queue_.push_back(std::move(s));
        bool const enough = queue_.size() >= options_.batch;
        lock.unlock();
        if (enough && !woken_.exchange(true)) wake();
    } catch (std::exception const&) {
        no_room.add();
    }
}

void exporter::wake() {
    asio::post(io_, [this] { pause_.cancel(); });
}

void exporter::end(std::chrono::milliseconds grace) {
    if (!thread_.joinable()) return;
    asio::post(io_, [this, grace] {
        ending_ = true;
        pause_.cancel();
        backoff_.cancel();
        last_moment_.expires_after(grace);
        last_moment_.async_wait([this](boost::system::error_code ec) {
            if (!ec) give_up_.emit(asio::cancellation_type::all);
        });
    });
    thread_.join();
    std::lock_guard const lock(mutex_);
    too_late.add(number(queue_.size() + under_way_));
    queue_.clear();
}

bool exporter::has_batch() {
    std::lock_guard const lock(mutex_);
    return queue_.size() >= options_.batch;
}

std::vector<span> exporter::next_batch() {
    std::lock_guard const lock(mutex_);
    auto const count = std::min(queue_.size(), options_.batch);
    auto const last = queue_.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<span> batch(std::make_move_iterator(queue_.begin()), std::make_move_iterator(last));
    queue_.erase(queue_.begin(), last);
    under_way_ = count;
    return batch;
}

task<> exporter::export_until_end() {
    auto const token = asio::as_tuple(asio::use_awaitable);
    for (;;) {
        // Whoever has woken this while it delivered ended no pause, and ends the next one again.
        woken_ = false;
        if (!ending_ && !has_batch()) {
            pause_.expires_after(options_.delay);
            [[maybe_unused]] auto const waited = co_await pause_.async_wait(token);
        }
        for (auto batch = next_batch(); !batch.empty(); batch = next_batch())
            co_await deliver_or_drop(std::move(batch));
        if (ending_) co_return;
    }
}

// What goes wrong with one batch (memory, say) is not the end of those after it.
task<> exporter::deliver_or_drop(std::vector<span> batch) {
    auto const count = batch.size();
    try {
        co_await deliver(std::move(batch));
    } catch (std::exception const& e) {
        note_failure(e.what());
        not_reached.add(number(count));
        under_way_ = 0;
    }
}

// Tries until the collector has taken it, has refused it, or has been out of reach too often.
task<> exporter::deliver(std::vector<span> batch) {
    auto const token = asio::as_tuple(asio::use_awaitable);
    auto const body = to_otlp(batch, instance_);
    auto const count = batch.size();
    batch.clear();
    for (unsigned attempt = 1;; ++attempt) {
        bool const over = co_await try_once(body, count, attempt);
        if (over) break;
        if (attempt >= options_.tries || ending_) {
            not_reached.add(number(count));
            break;
        }
        backoff_.expires_after(next_pause_);
        [[maybe_unused]] auto const waited = co_await backoff_.async_wait(token);
    }
    under_way_ = 0;
}

// False: it may be tried again, after next_pause_.
task<bool> exporter::try_once(std::string const& body, std::size_t count, unsigned attempt) {
    http::outbound request(options_.url);
    request.method = http::verb::post;
    request.headers = options_.headers;
    request.headers.set("Content-Type", "application/json");
    request.body = body;
    request.timeout = options_.timeout;
    request.max_body = 4 << 20;  // of an answer
    auto const answer = co_await client_.send(std::move(request));
    auto const now = std::chrono::system_clock::now();
    if (!answer) {
        note_failure(answer.error().message());
        next_pause_ = pause_behind(attempt, "", now, spread());
        co_return false;
    }
    switch (end_of(answer->status)) {
        case export_end::taken: {
            auto const part = read_partial_success(answer->body);
            auto const lost = std::min<std::size_t>(part.rejected, count);
            exported.add(number(count - lost));
            not_taken.add(number(lost));
            if (lost != 0) note_failure("refused " + std::to_string(lost) + ": " + part.why);
            if (lost == 0) note_success();
            co_return true;
        }
        case export_end::refused:
            note_failure("status " + std::to_string(answer->status) + ": " +
                         printable(answer->body));
            not_taken.add(number(count));
            co_return true;
        case export_end::again:
            break;
    }
    note_failure("status " + std::to_string(answer->status));
    next_pause_ = pause_behind(attempt, answer->headers.get("Retry-After"), now, spread());
    co_return false;
}

// Once, not for every batch.
void exporter::note_failure(std::string_view why) {
    if (failing_) return;
    failing_ = true;
    log(log_level::warning, "telemetry_failing", {{"endpoint", options_.url}, {"why", why}});
}

void exporter::note_success() {
    if (!failing_) return;
    failing_ = false;
    log(log_level::info, "telemetry_working", {{"endpoint", options_.url}});
}

}  // namespace tollgate::control
