// What a realm holds at one moment, and that again: snapshots, and realms that begin as a copy.
#include <memory>
#include <utility>

#include "oauth/server/server.hpp"

namespace tollgate::oauth {

namespace {

struct saved_realm final : http::realm_image {
    std::string name;
    realm_records records;
    realm_state::image state;
    std::shared_ptr<browser_sessions::image const> logins;
    documents_by_url documents;
    std::vector<std::shared_ptr<void const>> parts;

    saved_realm(std::string n, realm_records r, realm_state::image s)
        : name(std::move(n)), records(std::move(r)), state(std::move(s)) {}
};

}  // namespace

task<outcome<http::image_ptr>> server::save(http::realm const& r) {
    auto records = co_await vault_.copy(r.name());
    if (!records) co_return records.error();
    // What has happened stays what has happened, whatever the realm is set back to.
    std::erase_if(*records, [](kept_record const& one) { return one.kind == kind::journal; });
    auto all = std::make_shared<saved_realm>(r.name(), std::move(*records), state(r).save());
    all->logins = logins(r).save();
    all->documents = r.get<document_stand_ins>().save();
    for (auto const& part : parts_)
        all->parts.push_back(part.save(r));
    http::image_ptr const image = std::move(all);
    co_return image;
}

// What a provider gave is sealed for the realm that it was given to.
realm_records server::records_for(std::string const& to, realm_records records,
                                  std::string const& from) const {
    // What a realm is besides its records is written anew, for that realm.
    std::erase_if(records, [](kept_record const& one) { return one.kind == kind::state; });
    if (to == from || !reseal_) return records;
    std::erase_if(records, [&](kept_record& one) {
        if (one.kind != kind::upstream_token) return false;
        one.record.body = reseal_(one.record.body, one.record.group, from, to);
        return one.record.body.empty();
    });
    return records;
}

task<outcome<void>> server::load(http::realm& r, http::image_ptr image, realm_records beside) {
    auto const& then = dynamic_cast<saved_realm const&>(*image);
    auto records = records_for(r.name(), then.records, then.name);
    if (keeper_) {
        auto const own = state(r).keys().own_of(then.state.keys);
        records.push_back(keeper_->record_of(r.name(), own));
    }
    for (auto& one : beside)
        records.push_back(std::move(one));
    auto const done = co_await vault_.replace_all(r.name(), std::move(records));
    if (!done) co_return done.error();
    state(r).load(then.state);
    logins(r).load(*then.logins);
    r.get<document_stand_ins>().load(then.documents);
    for (std::size_t i = 0; i < parts_.size(); ++i)
        parts_[i].load(r, then.parts[i].get());
    co_return outcome<void>();
}

}  // namespace tollgate::oauth
