#include "oauth/fetch/fetch_places.hpp"

#include <utility>

namespace tollgate::oauth {

namespace {

using counts = std::unordered_map<std::string, std::size_t>;

std::size_t count_of(counts const& all, std::string const& name) {
    auto const found = all.find(name);
    return found == all.end() ? 0 : found->second;
}

void count_down(counts& all, std::string const& name) {
    auto const found = all.find(name);
    // No row without a place: the tables are no larger than what is under way.
    if (--found->second == 0) all.erase(found);
}

}  // namespace

bool fetch_places::take(std::string const& owner, std::string const& host) {
    std::lock_guard const lock(mutex_);
    if (taken_ >= of_all || count_of(owners_, owner) >= of_owner ||
        count_of(hosts_, host) >= of_host)
        return false;
    ++taken_;
    ++owners_[owner];
    ++hosts_[host];
    return true;
}

void fetch_places::give_back(std::string const& owner, std::string const& host) {
    std::lock_guard const lock(mutex_);
    --taken_;
    count_down(owners_, owner);
    count_down(hosts_, host);
}

fetch_places::place::place(fetch_places& all, std::string owner, std::string host)
    : all_(all),
      owner_(std::move(owner)),
      host_(std::move(host)),
      there_(all_.take(owner_, host_)) {}

fetch_places::place::~place() {
    if (there_) all_.give_back(owner_, host_);
}

}  // namespace tollgate::oauth
