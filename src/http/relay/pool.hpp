// Relay pool: the links of one execution context to other instances.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/task.hpp"
#include "http/relay/link.hpp"

namespace tollgate::http {

// What all instances of a server know of each other.
struct relay_terms {
    std::string instance;  // of this process
    std::string key;       // all have it, and nobody else
    // Whether that instance lives. Any thread.
    std::function<bool(std::string const& instance)> lives;
};

// A service of the context, used by its thread alone.
class relay_pool : public boost::asio::execution_context::service {
public:
    static boost::asio::execution_context::id id;
    static constexpr std::size_t most_links = 4'096;  // that are in use
    static constexpr std::size_t most_idle = 64;      // to each instance

    explicit relay_pool(boost::asio::execution_context& context);
    static relay_pool& of(boost::asio::any_io_executor const& executor);

    void set_terms(std::shared_ptr<relay_terms const> terms) { terms_ = std::move(terms); }
    std::shared_ptr<relay_terms const> const& terms() const noexcept { return terms_; }

    // One that is idle, or a new one; null, with the reason, where there is none to be had.
    task<std::shared_ptr<relay_link>> take(std::string instance, std::string address,
                                           boost::asio::any_io_executor executor, error_code& ec);
    // After an exchange; what is not clean ends.
    void put(std::shared_ptr<relay_link> link);
    void close_all();

    void shutdown() override { close_all(); }

private:
    void watch_over(std::shared_ptr<relay_link> const& link,
                    boost::asio::any_io_executor const& executor);
    void look();

    std::shared_ptr<relay_terms const> terms_;
    std::map<std::string, std::vector<std::shared_ptr<relay_link>>> idle_;
    std::list<std::weak_ptr<relay_link>> used_;
    std::optional<boost::asio::steady_timer> timer_;
    bool looking_ = false;
};

}  // namespace tollgate::http
