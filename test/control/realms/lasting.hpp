// A process that ends and begins again on the same store.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "control/faults/catalogue.hpp"
#include "control/faults/realm_faults.hpp"
#include "control/realms/realm_document.hpp"
#include "control/realms/realm_registry.hpp"
#include "control/support/fakes.hpp"
#include "oauth/records/failing_store.hpp"
#include "support/exchange.hpp"

namespace test {

namespace control = tollgate::control;
namespace json = boost::json;

struct lasting {
    struct process {
        fake_oauth oauth;
        fake_mcp mcp;
        control::realm_registry realms;

        explicit process(lasting& of) : realms(options(of.kept), of.clock, oauth, mcp) {
            oauth.erases_in = &of.kept;
        }
    };

    static control::realm_registry::options options(oauth::store& kept) {
        control::realm_registry::options o;
        o.lasting = &kept;
        o.secret = "the secret of the store";
        return o;
    }

    boost::asio::io_context io;
    tollgate::manual_clock clock;
    failing_store kept{oauth::make_memory_store(clock)};
    std::unique_ptr<process> alive;

    // However the last one ended.
    outcome<void> begin() {
        alive.reset();
        alive = std::make_unique<process>(*this);
        return run(io, realms().restore());
    }
    control::realm_registry& realms() const { return alive->realms; }
    control::administrations const& servers() const { return realms().servers(); }

    outcome<http::realm_ptr> create(std::string name) const {
        control::realm_request wanted;
        wanted.name = std::move(name);
        return realms().create(std::move(wanted));
    }
    http::realm_ptr make(control::realm_request wanted) {
        auto const made = realms().create(std::move(wanted));
        BOOST_REQUIRE(bool(made));
        BOOST_REQUIRE(bool(run(io, realms().keep_whole(*made))));
        return *made;
    }
    http::realm_ptr make(std::string name) {
        control::realm_request wanted;
        wanted.name = std::move(name);
        return make(std::move(wanted));
    }
    outcome<void> remove(std::string name) { return run(io, realms().remove(std::move(name))); }
    // All that a restart is to bring back.
    std::string told(http::realm const& r) const {
        return json::serialize(control::birth_document(r)) + ' ' +
               json::serialize(control::document_of(r, servers()));
    }
    void write(std::string_view realm, oauth::kind k, std::string_view key, std::string body) {
        BOOST_REQUIRE(bool(run(io, kept.erase(realm, k, key))));
        oauth::record r(std::move(body), {}, tollgate::time_point::max());
        BOOST_REQUIRE(bool(run(io, kept.put(realm, k, key, std::move(r)))));
    }
    bool has(std::string_view realm, oauth::kind k, std::string_view key) {
        return bool(run(io, kept.get(realm, k, key)));
    }
};

}  // namespace test
