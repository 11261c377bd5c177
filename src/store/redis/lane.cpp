#include "store/redis/lane.hpp"

#include <algorithm>
#include <random>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log/log.hpp"

namespace tollgate::oauth::redis {

namespace asio = boost::asio;
using asio::redirect_error;
using asio::use_awaitable;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t most_calls = 10'000;      // that wait and were sent
constexpr std::size_t most_waiting = 64 << 20;  // bytes
constexpr std::size_t most_in_flight = 1'000;
constexpr std::size_t written_at_once = 256 << 10;
constexpr std::size_t read_at_once = 64 << 10;
constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{2'000};
constexpr milliseconds short_life{1'000};   // of a connection that is no success
constexpr milliseconds between_looks{250};  // for calls that are over

// Half of it by chance, so that many do not come at once.
milliseconds pause_after(unsigned failures) {
    thread_local std::minstd_rand chance{std::random_device{}()};
    auto const whole = std::min(longest_pause, first_pause * (1 << std::min(failures, 6U)));
    std::uniform_int_distribution<milliseconds::rep> part(whole.count() / 2, whole.count());
    return milliseconds(part(chance));
}

void report_bug(std::exception_ptr const& failure) {
    if (!failure) return;
    try {
        std::rethrow_exception(failure);
    } catch (std::exception const& e) {
        log(log_level::error, "store_connection", {{"why", e.what()}});
    }
}

}  // namespace

lane::lane(asio::io_context& io, address node, bool takes_long, lane_options const& how,
           http::name_lookups& names, lane_owner& owner)
    : io_(io),
      node_(std::move(node)),
      long_(takes_long),
      how_(how),
      names_(names),
      owner_(owner),
      room_(read_at_once),
      wake_(io),
      written_(io),
      pause_(io),
      limit_(io),
      deadlines_(io) {}

void lane::start() {
    auto loop = keep_open();
    auto done = [self = shared_from_this()](std::exception_ptr failure) { report_bug(failure); };
    asio::co_spawn(io_, std::move(loop), std::move(done));
}

void lane::stop() {
    stopping_ = true;
    open_ = false;
    if (stream_) stream_->close();
    for (auto* timer : {&wake_, &written_, &pause_, &limit_, &deadlines_})
        timer->cancel();
    for (auto* queue : {&sent_, &waiting_})
        for (auto const& one : *queue)
            one->tell(answer::failed("the store is being closed"));
    waiting_.clear();
    sent_.clear();
}

task<void> lane::keep_open() {
    while (!stopping_) {
        std::string why;
        co_await open(why);
        if (why.empty()) {
            begin_writing();
            co_await read_replies();
            co_await end_of_writing();
            why = std::exchange(lost_, {});
            flaps_ = steady::now() - opened_at_ < short_life ? flaps_ + 1 : 0;
        }
        if (stopping_) co_return;
        back_to_waiting();
        if (failures_++ == 0) away_since_ = steady::now();
        trouble_ = why;
        owner_.closed(*this, why);
        co_await pause();
    }
}

task<void> lane::pause() {
    if (stopping_) co_return;
    pause_.expires_after(pause_after(std::max(failures_ - 1, flaps_)));
    error_code ignored;
    co_await pause_.async_wait(redirect_error(use_awaitable, ignored));
}

bool lane::has_room(call const& one) const {
    if (one.what.is_urgent) return true;
    return waiting_.size() + sent_.size() < most_calls &&
           (waiting_.empty() || waiting_bytes_ + one.size <= most_waiting);
}

void lane::submit(call_ptr one) {
    if (one->told()) return;
    if (stopping_) return one->tell(answer::failed("the store is being closed"));
    if (!open_ && failures_ > 0 && steady::now() - away_since_ > how_.timeout)
        return one->tell(answer::failed(node_.text() + " cannot be reached: " + trouble_));
    if (!has_room(*one)) return one->tell(answer::failed("too many calls wait for an answer"));
    waiting_bytes_ += one->size;
    waiting_.push_back(std::move(one));
    wake_.cancel();
    watch();
}

std::vector<call_ptr> lane::take_back() {
    std::vector<call_ptr> all(std::make_move_iterator(waiting_.begin()),
                              std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    waiting_bytes_ = 0;
    return all;
}

void lane::back_to_waiting() {
    for (; !sent_.empty(); sent_.pop_back()) {
        auto& one = sent_.back();
        one->skips_one = false;
        if (one->told()) continue;
        waiting_bytes_ += one->size;
        waiting_.push_front(std::move(one));
    }
}

void lane::drop(std::string const& why) {
    if (!open_) return;
    open_ = false;
    lost_ = why;
    stream_->close();
    wake_.cancel();
}

void lane::begin_writing() {
    writing_ = true;
    auto loop = write_calls();
    auto done = [self = shared_from_this()](std::exception_ptr failure) {
        report_bug(failure);
        self->writing_ = false;
        self->drop("it could not be written to");
        self->written_.cancel();
    };
    asio::co_spawn(io_, std::move(loop), std::move(done));
}

task<void> lane::end_of_writing() {
    while (writing_) {
        written_.expires_at(steady::time_point::max());
        error_code ignored;
        co_await written_.async_wait(redirect_error(use_awaitable, ignored));
    }
}

task<void> lane::write_calls() {
    while (open_) {
        gather();
        error_code ec;
        if (outgoing_.empty()) {
            wake_.expires_at(steady::time_point::max());
            co_await wake_.async_wait(redirect_error(use_awaitable, ec));
            continue;
        }
        asio::const_buffer const all = asio::buffer(outgoing_);
        co_await stream_->write(all, ec);
        if (ec) drop(ec.message());
    }
}

void lane::gather() {
    outgoing_.clear();
    while (!waiting_.empty() && sent_.size() < most_in_flight &&
           outgoing_.size() < written_at_once) {
        auto one = std::move(waiting_.front());
        waiting_.pop_front();
        waiting_bytes_ -= one->size;
        if (one->told()) continue;
        append(*one);
        sent_.push_back(std::move(one));
    }
}

void lane::append(call& one) {
    if (one.asking) append_command(outgoing_, {"ASKING"});
    one.skips_one = one.asking;
    auto const& r = one.what;
    if (r.run == nullptr) return append_command(outgoing_, r.arguments);
    auto const keys = r.keys.size() + (r.fence.empty() ? 0 : 1);
    auto const count = std::to_string(keys);
    auto const deadline = r.changes ? deadline_of(one) : std::string();
    command_words words(3 + keys + (r.changes ? 1 : 0) + r.arguments.size());
    words.add(one.as_text ? "EVAL" : "EVALSHA");
    words.add(one.as_text ? r.run->text() : r.run->digest());
    words.add(count).add(r.keys);
    if (!r.fence.empty()) words.add(r.fence_key);
    if (r.changes) words.add(deadline);
    words.add(r.arguments).append_to(outgoing_);
}

task<void> lane::read_replies() {
    while (open_) {
        error_code ec;
        asio::mutable_buffer const room = asio::buffer(room_);
        auto const n = co_await stream_->read_some(room, ec);
        if (!ec)
            take_replies({room_.data(), n});
        else
            drop(ec == asio::error::eof ? "the server closed the connection" : ec.message());
    }
}

void lane::take_replies(std::string_view bytes) {
    reader_.feed(bytes);
    while (open_) {
        auto r = reader_.next();
        if (reader_.broken()) drop("what answers there is no Redis");
        if (!r) return;
        take_reply(std::move(*r));
    }
}

void lane::take_reply(reply r) {
    if (sent_.empty()) return drop("a reply came that nobody had asked for: " + shown(r));
    if (std::exchange(sent_.front()->skips_one, false)) return;  // that of ASKING
    auto const one = std::move(sent_.front());
    sent_.pop_front();
    if (!waiting_.empty()) wake_.cancel();
    owner_.replied(*this, one, std::move(r));
}

void lane::watch() {
    if (watching_ || stopping_ || (waiting_.empty() && sent_.empty())) return;
    watching_ = true;
    deadlines_.expires_after(between_looks);
    deadlines_.async_wait([here = weak_from_this()](error_code const& ec) {
        auto const self = here.lock();
        if (!self) return;
        self->watching_ = false;
        if (!ec) self->expire();
    });
}

// A reply that does not come fails the connection: what comes later would be taken for another's.
void lane::expire() {
    auto const now = steady::now();
    bool overdue = false;
    for (auto const& one : sent_) {
        if (one->until > now) continue;
        overdue = true;
        one->tell(answer::failed(node_.text() + " did not answer in time"));
    }
    std::erase_if(waiting_, [&](call_ptr const& one) {
        if (one->until > now) return false;
        waiting_bytes_ -= one->size;
        one->tell(answer::failed(trouble_.empty()
                                     ? node_.text() + " did not answer in time"
                                     : node_.text() + " cannot be reached: " + trouble_));
        return true;
    });
    if (overdue) drop("no answer came in time");
    watch();
}

}  // namespace tollgate::oauth::redis
