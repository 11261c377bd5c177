// Where records are kept: the URL of Redis, and what its keys begin with.
#include "config/loading.hpp"
#include "config/values/formats.hpp"
#include "http/message/url.hpp"
#include "store/redis/protocol/layout.hpp"
#include "store/redis/protocol/url.hpp"

namespace tollgate::settings {

void store_url_is_one(loading& l) {
    auto& c = l.result;
    auto const url = oauth::redis::parse_url(c.store.url);
    if (!url) return l.refuse("store.url", url.error().why);
    bool const stays_here =
        url->tls || !url->where.path.empty() || http::is_on_this_machine(url->where.host);
    if (c.store.backend == "redis" && !stays_here)
        c.notes.emplace_back(
            "store.url is no rediss:// URL: its password and all records go over the network in "
            "clear text");
}

void store_prefix_is_one(loading& l) {
    auto const& prefix = l.result.store.prefix;
    if (!oauth::redis::is_prefix(prefix))
        l.refuse("store.prefix",
                 in_quotes(prefix) + " is not made of 1 to 64 letters, digits and _ . : -");
}

}  // namespace tollgate::settings
