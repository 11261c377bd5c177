// Fetch places: how many documents that strangers named are fetched at once.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace tollgate::oauth {

// Thread-safe. Places for all, and of these so many for one owner (a realm) and for one host: who
// names a slow server, or sixty-four of them, takes from the others no more than that.
class fetch_places {
public:
    static constexpr std::size_t of_all = 64;
    static constexpr std::size_t of_owner = 16;
    static constexpr std::size_t of_host = 8;

    // A place for as long as it lives, if there was one.
    class place {
    public:
        place(fetch_places& all, std::string owner, std::string host);
        ~place();
        place(place const&) = delete;
        place& operator=(place const&) = delete;
        bool is_there() const noexcept { return there_; }

    private:
        fetch_places& all_;
        std::string owner_, host_;
        bool there_;
    };

private:
    using counts = std::unordered_map<std::string, std::size_t>;

    bool take(std::string const& owner, std::string const& host);
    void give_back(std::string const& owner, std::string const& host);

    std::mutex mutex_;
    std::size_t taken_ = 0;
    counts owners_, hosts_;  // with a place or more
};

}  // namespace tollgate::oauth
