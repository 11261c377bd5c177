// Writer thread: the one that changes the database. What arrives while it writes becomes one
// transaction (group commit), and nobody is answered before that is written.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "store/sqlite/records.hpp"
#include "store/waiter.hpp"

namespace tollgate::oauth {

// A change that somebody waits for.
class pending_change {
public:
    virtual ~pending_change() = default;
    // Within a transaction; again in another one, if that one fails.
    virtual void attempt(record_writer& in, time_point now) = 0;
    virtual void fail(problem const& why) = 0;
    // Wakes whoever waits, with what the last attempt or fail() said.
    virtual void tell() = 0;
};

template <class T>
using change = std::function<outcome<T>(record_writer&, time_point)>;

class writer {
public:
    writer(std::string const& path, bool full_sync, tollgate::clock const& time,
           realm_times const& times, std::uint64_t versions);
    // What is still waiting is written.
    ~writer();

    // Resumes on the caller's executor when it is on the disk. A change that cannot be written is
    // 503 "unavailable", and a line in the log; then nothing of it is there.
    template <class T>
    task<outcome<T>> run(change<T> what) {
        auto begin = [this, what = std::move(what)](auto handler) mutable {
            enqueue(std::make_unique<waiting<T, decltype(handler)>>(std::move(what),
                                                                    std::move(handler)));
        };
        auto waited = wait_for<T>(std::move(begin));
        co_return co_await std::move(waited);
    }

private:
    template <class T, class Handler>
    class waiting final : public pending_change {
    public:
        waiting(change<T> what, Handler handler)
            : what_(std::move(what)), waiter_(std::move(handler)) {}
        void attempt(record_writer& in, time_point now) override { result_ = what_(in, now); }
        void fail(problem const& why) override { result_ = why; }
        void tell() override { waiter_.tell(std::move(result_)); }

    private:
        change<T> what_;
        waiter<T, Handler> waiter_;
        outcome<T> result_ = store_unavailable();
    };
    using batch = std::vector<std::unique_ptr<pending_change>>;

    void enqueue(std::unique_ptr<pending_change> one);
    void work();
    void commit(batch& all);
    // What went wrong; nothing: all of it is written.
    std::optional<database_error> try_all(std::span<std::unique_ptr<pending_change>> all);

    tollgate::clock const& clock_;
    database db_;
    record_writer records_;

    std::mutex mutex_;
    std::condition_variable arrived_;
    batch waiting_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace tollgate::oauth
