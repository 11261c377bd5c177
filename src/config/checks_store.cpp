// Where records are kept: the URL of Redis, and what its keys begin with.
#include <charconv>

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

// Others are told it, so it must be one that they can connect to.
void store_instance_address_is_one(loading& l) {
    auto const& address = l.result.store.instance_address;
    auto const colon = address.rfind(':');
    auto const host = address.substr(0, colon);
    unsigned port = 0;
    auto const* const end = address.data() + address.size();
    bool const has_port = colon != std::string::npos && colon != 0 && colon + 1 < address.size() &&
                          std::from_chars(address.data() + colon + 1, end, port).ptr == end &&
                          port <= 65'535;
    if (!has_port)
        return l.refuse("store.instance_address",
                        in_quotes(address) + " is not HOST:PORT, as in \"10.0.0.7:7400\"");
    if (host == "0.0.0.0" || host == "[::]")
        l.refuse("store.instance_address",
                 in_quotes(address) +
                     " is no address that another instance could connect to; name the one that "
                     "this machine has in their network");
}

}  // namespace tollgate::settings
