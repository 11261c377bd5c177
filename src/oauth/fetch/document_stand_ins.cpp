#include "oauth/fetch/document_stand_ins.hpp"

#include <mutex>
#include <utility>

namespace tollgate::oauth {

document_stand_ins::document_stand_ins(std::shared_ptr<documents_by_url const> configured)
    : configured_(std::move(configured)), empty_(configured_->empty()) {}

std::shared_ptr<boost::json::object const> document_stand_ins::find(std::string_view url) const {
    if (empty_.load(std::memory_order_acquire)) return nullptr;
    std::shared_lock const lock(mutex_);
    auto const own = own_.find(url);
    if (own != own_.end()) return own->second;
    auto const shared = configured_->find(url);
    return shared == configured_->end() ? nullptr : shared->second;
}

bool document_stand_ins::put(std::string url, boost::json::object document) {
    auto kept = std::make_shared<boost::json::object const>(std::move(document));
    std::unique_lock const lock(mutex_);
    if (!own_.contains(url) && own_.size() >= most) return false;
    own_.insert_or_assign(std::move(url), std::move(kept));
    empty_.store(false, std::memory_order_release);
    return true;
}

std::size_t document_stand_ins::erase(std::string_view url) {
    std::unique_lock const lock(mutex_);
    auto const found = own_.find(url);
    if (found == own_.end()) return 0;
    own_.erase(found);
    empty_.store(own_.empty() && configured_->empty(), std::memory_order_release);
    return 1;
}

std::size_t document_stand_ins::clear() {
    std::unique_lock const lock(mutex_);
    auto const gone = own_.size();
    own_.clear();
    empty_.store(configured_->empty(), std::memory_order_release);
    return gone;
}

std::vector<stand_in> document_stand_ins::list() const {
    std::vector<stand_in> all;
    std::shared_lock const lock(mutex_);
    for (auto const& [url, document] : own_)
        all.push_back({url, false});
    for (auto const& [url, document] : *configured_) {
        if (!own_.contains(url)) all.push_back({url, true});
    }
    return all;
}

documents_by_url document_stand_ins::save() const {
    std::shared_lock const lock(mutex_);
    return own_;
}

void document_stand_ins::load(documents_by_url own) {
    std::unique_lock const lock(mutex_);
    own_.swap(own);
    empty_.store(own_.empty() && configured_->empty(), std::memory_order_release);
}

}  // namespace tollgate::oauth
