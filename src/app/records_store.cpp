#include "app/records_store.hpp"

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "app/instances/sharing.hpp"
#include "store/redis/protocol/url.hpp"

namespace tollgate {

oauth::sqlite_options sqlite_options(config const& c) {
    oauth::sqlite_options o;
    o.path = (std::filesystem::path(c.folder) / c.store.path).lexically_normal().string();
    o.full_sync = c.store.synchronous == "full";
    return o;
}

oauth::redis_options redis_options(config const& c) {
    oauth::redis_options o;
    o.url = c.store.url;
    o.prefix = c.store.prefix;
    o.key_file = (std::filesystem::path(c.folder) / c.store.key_file).lexically_normal().string();
    o.ca_file = c.tls.certificate;
    o.timeout = c.store.timeout;
    o.same = common_settings(c);
    return o;
}

oauth::opened_store open_durable_store(config const& c, tollgate::clock const& time,
                                       bool may_make) {
    if (c.store.backend == "redis") {
        auto o = redis_options(c);
        o.may_make = may_make;
        o.alone = !may_make;
        return oauth::open_redis_store(std::move(o), time);
    }
    auto o = sqlite_options(c);
    o.may_make = may_make;
    return oauth::open_sqlite_store(std::move(o), time);
}

config with_lasting_keys(config c, std::string const& secret) {
    if (c.upstream.token_key.empty()) c.upstream.token_key = secret;
    return c;
}

std::string name_of_store(config const& c) {
    if (c.store.backend != "redis") return sqlite_options(c).path;
    auto const url = oauth::redis::parse_url(c.store.url);
    return (url ? url->shown() : "redis") + " with the prefix " + c.store.prefix;
}

namespace {

std::string without_keys(problem const& why, config const& c) {
    std::string const which = c.store.backend == "redis" ? "store.url: " : "store.path: ";
    if (why.status() == 503)
        return which + name_of_store(c) +
               " cannot be used: the first signing keys could not be written to it or read from "
               "it, and the line of the log before this one says why. Make room where it is full, "
               "or use another one";
    return which + "the signing keys in " + name_of_store(c) +
           " cannot be read; bring a copy of it back, or use another one";
}

}  // namespace

records_store::records_store(config const& c, tollgate::clock const& time) {
    if (c.store.backend == "memory") {
        records = oauth::make_memory_store(time);
        return;
    }
    auto opened = open_durable_store(c, time, true);
    records = std::move(opened.store);
    secret = std::move(opened.secret);
    // Where there are several, any realm may have been another's before it comes here.
    is_new = opened.is_new && opened.owners == nullptr;
    owners = opened.owners;
    asks_ = std::move(opened.answers);
    begins_ = std::move(opened.begin_sweeping);
    keeper = std::make_shared<oauth::key_keeper>(*records, secret);
    browsers = std::make_shared<oauth::browser_keeper>(*records, secret);
    auto first = wait_at_start(keeper->first_keys());
    if (!first) throw std::runtime_error(without_keys(first.error(), c));
    keys = std::move(*first);
}

void records_store::tell(oauth::server_options& o) const {
    o.kept_keys = keys;
    o.keeper = keeper;
    o.browsers = browsers;
    o.store_is_new = is_new;
}

std::string_view records_store::why_not_ready(bool draining) const {
    if (draining) return "draining";
    return !asks_ || asks_() ? std::string_view() : "the store does not answer";
}

}  // namespace tollgate
