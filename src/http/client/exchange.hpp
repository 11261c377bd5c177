// Client exchange: one outbound request, from the name look-up to the last byte of the answer.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http/client/client.hpp"
#include "http/client/pool.hpp"
#include "http/net/stream_io.hpp"

namespace tollgate::http {

// Where a URL leads.
struct target {
    bool tls = false;
    std::string host;  // IPv6 without brackets
    unsigned short port = 0;
    std::string authority;  // for the Host field
    std::string path;       // with the query
    std::string pool_key() const;
};

// What the exchanges of one client share.
class client_shared {
public:
    explicit client_shared(client::options o);

    // Who looks a name up that may lead so far.
    name_lookups& names(allowed_addresses how) noexcept {
        return how == allowed_addresses::anywhere ? our_names_ : names_of_strangers_;
    }

    // Made when it is first needed: reading the system's store takes its time.
    boost::asio::ssl::context& tls_context();

    client::options const options;
    std::shared_ptr<client_mark> const mark = std::make_shared<client_mark>();

private:
    name_lookups our_names_;
    name_lookups names_of_strangers_;
    std::once_flag made_;
    std::shared_ptr<boost::asio::ssl::context> tls_;
};

// Shared with the handler of its timer, which ends whatever is being waited for.
class client_exchange : public std::enable_shared_from_this<client_exchange> {
public:
    using result = boost::system::result<client_response>;

    client_exchange(client_shared& shared, boost::asio::any_io_executor executor, outbound what,
                    target where);

    void start_timer();
    task<result> run();
    // Afterwards, however run() ended: the handler of the timer may live on for a moment.
    void finish() noexcept;

private:
    class lookup;

    void expire();
    error_code why(error_code ec) const;
    bool may_repeat() const noexcept;
    task<error_code> connect();
    task<error_code> resolve();
    task<error_code> look_up();
    task<error_code> ask_directory();
    bool all_in_reach() const;
    task<error_code> start_tls();
    task<error_code> talk(client_response& into);
    task<error_code> read_answer(client_response& into);
    std::string head() const;

    client_shared& shared_;
    boost::asio::any_io_executor executor_;
    outbound what_;
    target where_;
    boost::asio::steady_timer timer_;
    std::vector<tcp::endpoint> endpoints_;
    std::shared_ptr<lookup> lookup_;
    std::unique_ptr<tcp::socket> connecting_;
    std::unique_ptr<stream_io> io_;
    bool expired_ = false;
    bool answer_begun_ = false;
    bool reusable_ = false;
};

}  // namespace tollgate::http
