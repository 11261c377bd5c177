#include "app/instances/sharing.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "base/crypto.hpp"
#include "base/log/log.hpp"
#include "http/net/listening.hpp"
#include "http/relay/pool.hpp"

namespace tollgate {

namespace {

// Too short to find out what it is of.
std::string mark_of(std::string_view value) {
    return value.empty() ? "-" : digest_of(value).substr(0, 4);
}

std::string contents_of(config const& c, std::string const& file) {
    if (file.empty()) return {};
    std::ifstream in(std::filesystem::path(c.folder) / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::string common_settings(config const& c) {
    std::string all =
        "authorization_server.public_url=" + mark_of(c.authorization_server.public_url) +
        " mcp.public_url=" + mark_of(c.mcp_server.public_url);
    all += " mcp.path=" + mark_of(c.mcp_server.path);
    all += " tokens.signing_key=" + mark_of(contents_of(c, c.tokens.signing_key));
    all += " tokens.hs256_secret=" + mark_of(c.tokens.hs256_secret);
    all += std::string(" control.enabled=") + (c.control.enabled ? "yes" : "no");
    all += " control.token=" + mark_of(c.control.token);
    return all;
}

std::string name_of_server(std::string const& secret) {
    if (secret.empty()) return random_token(16);
    return base64url(hmac_sha256(secret, "tollgate server")).substr(0, 22);
}

std::string key_of_browsers(std::string const& secret, std::string const& token) {
    return secret.empty() ? std::string() : hmac_sha256(secret, "tollgate dashboard " + token);
}

void sharing::begin(config const& c, std::string const& secret, oauth::realm_owners* owners,
                    http::server& server) {
    owners_ = owners;
    if (!owners) return;
    auto terms = std::make_shared<http::relay_terms>();
    terms->instance = owners->id();
    terms->key = hmac_sha256(secret, "tollgate instances");
    terms->lives = [owners](std::string const& id) { return owners->lives(id); };
    std::string address;
    try {
        address = server.listen_for_instances(c.store.instance_address, std::move(terms));
    } catch (http::cannot_bind const& e) {
        throw http::cannot_bind(std::string(e.what()) + " The address is store.instance_address.");
    }
    owners->announce(address);
    log(log_level::info, "instance", {{"id", owners->id()}, {"address", address}});
}

http::service sharing::around(http::service inner, control::realm_registry& realms,
                              http::resolver const& names, http::server& server) {
    if (!owners_) return inner;
    gate_.emplace(realms, names, *owners_, std::move(inner));
    auto const of = [this](bool passed) -> http::service {
        return [this, passed](http::request const& r, http::listener_info const& l,
                              boost::asio::any_io_executor on) {
            return gate_->answer(r, l, std::move(on), passed);
        };
    };
    server.serve_passed(of(true));
    return of(false);
}

}  // namespace tollgate
