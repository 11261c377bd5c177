// Stand-in documents for what a URL would answer: client metadata and key sets of clients
// whose URL cannot be fetched from here, or shall not be.
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "oauth/administration.hpp"

namespace tollgate::oauth {

using documents_by_url =
    std::map<std::string, std::shared_ptr<boost::json::object const>, std::less<>>;

// Hangs on the realm. Thread-safe, bounded.
class document_stand_ins {
public:
    static constexpr std::size_t most = 100;

    // Those of the configuration, which all realms share.
    explicit document_stand_ins(std::shared_ptr<documents_by_url const> configured);

    // Null where nothing stands in for `url`. Costs one atomic load and no lock while there
    // are none. A document of the realm goes before one of the configuration.
    std::shared_ptr<boost::json::object const> find(std::string_view url) const;

    // Replaces what the realm had for `url`. False: it has `most` others already.
    bool put(std::string url, boost::json::object document);
    // How many of the realm's own went: that of `url`, or all of them.
    std::size_t erase(std::string_view url);
    std::size_t clear();

    std::vector<stand_in> list() const;

    // The realm's own.
    documents_by_url save() const;
    void load(documents_by_url own);

private:
    std::shared_ptr<documents_by_url const> configured_;  // never null
    mutable std::shared_mutex mutex_;
    documents_by_url own_;
    std::atomic<bool> empty_;
};

}  // namespace tollgate::oauth
