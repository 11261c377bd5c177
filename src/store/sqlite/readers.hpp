// Readers: connections that look at the database, each at one moment of it, while the writer
// writes.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "http/message/problem.hpp"
#include "store/sqlite/database.hpp"
#include "store/waiter.hpp"

namespace tollgate::oauth {

// Thread-safe: there are as many connections as threads that look at once.
class readers {
public:
    explicit readers(std::string path) : path_(std::move(path)) {}

    // 503 "unavailable", and a line in the log, where the database cannot be read.
    template <class T, class Look>
    outcome<T> look(Look const& look) {
        try {
            borrowed const db(*this);
            return look(*db.connection);
        } catch (database_error const& e) {
            return failed(e);
        }
    }

    // Likewise, on a thread of their own: for what takes long.
    template <class T, class Look>
    task<outcome<T>> look_long(Look look) {
        auto begin = [this, look = std::move(look)](auto handler) mutable {
            auto const who = std::make_shared<waiter<T, decltype(handler)>>(std::move(handler));
            boost::asio::post(
                thread_, [this, look = std::move(look), who] { who->tell(this->look<T>(look)); });
        };
        auto waited = wait_for<T>(std::move(begin));
        co_return co_await std::move(waited);
    }

private:
    struct borrowed {
        explicit borrowed(readers& of) : from(of), connection(of.borrow()) {}
        ~borrowed() { from.give_back(std::move(connection)); }
        borrowed(borrowed const&) = delete;
        borrowed& operator=(borrowed const&) = delete;
        readers& from;
        std::unique_ptr<database> connection;
    };
    std::unique_ptr<database> borrow();
    void give_back(std::unique_ptr<database> db);
    static problem failed(database_error const& why);

    std::string const path_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<database>> idle_;
    boost::asio::thread_pool thread_{1};
};

}  // namespace tollgate::oauth
