// Name look-ups: the addresses of host names, on threads of their own.
//
// getaddrinfo cannot be interrupted: with a DNS server that is silent it takes what resolv.conf
// says, ten seconds and more. So each look-up has a thread, there are few of them, and each is
// counted until getaddrinfo has really returned, however long ago those who asked have gone. Nobody
// waits for such a thread at the end of the process.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

namespace tollgate::http {

using ip_addresses = std::vector<boost::asio::ip::address>;

// Blocks until it has filled in the addresses of `host`, or knows why there are none:
// host_not_found when there is no such name, anything else when nobody could tell. Called on many
// threads at once; must not throw.
using name_directory =
    std::function<boost::system::error_code(std::string const& host, ip_addresses& into)>;

// getaddrinfo, for streams, both families.
boost::system::error_code system_directory(std::string const& host, ip_addresses& into);

// Thread-safe. Equal names at the same time are one look-up.
class name_lookups {
public:
    struct bounds {
        std::size_t at_once;    // look-ups, of everybody
        std::size_t per_owner;  // those that one owner began
    };
    struct lane;
    // One who waits. Letting go of it ends the waiting, not the look-up.
    class waiting {
    public:
        explicit waiting(std::shared_ptr<lane> l) : lane_(std::move(l)) {}
        ~waiting();
        waiting(waiting const&) = delete;
        waiting& operator=(waiting const&) = delete;

        bool finished() const;
        // Of a look-up that has finished.
        boost::system::error_code const& error() const noexcept { return error_; }
        ip_addresses const& found() const noexcept { return found_; }

    private:
        friend class name_lookups;
        std::shared_ptr<lane> lane_;
        std::string host_;
        std::function<void()> wake_;
        bool finished_ = false;
        boost::system::error_code error_;
        ip_addresses found_;
    };

    name_lookups(name_directory ask, bounds b);

    // Calls `wake` once the addresses are there, on the thread that found them, with a lock held:
    // it may post and nothing else. Never after the result was let go of. Null when all places, or
    // those of `owner`, are taken.
    std::unique_ptr<waiting> start(std::string const& host, std::string const& owner,
                                   std::function<void()> wake);
    // Look-ups that have not returned.
    std::size_t under_way() const;

private:
    static void run(std::shared_ptr<lane> const& on, std::string const& host);

    std::shared_ptr<lane> lane_;
};

}  // namespace tollgate::http
