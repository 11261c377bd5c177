// A vault over a store in memory that a test can break, and the records of one login.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "oauth/records/failing_store.hpp"
#include "oauth/records/vault.hpp"
#include "support/exchange.hpp"
#include "support/lent_context.hpp"

namespace test::records {

using namespace tollgate::oauth;
using namespace std::chrono_literals;
using tollgate::digest_of;

struct vault_bench {
    tollgate::manual_clock time;
    test::failing_store s{make_memory_store(time)};
    vault v{s};

    template <class T>
    T done(tollgate::task<T> work) {
        test::lent_context mine;
        return test::run(mine.io(), std::move(work));
    }
    template <class T>
    std::string said(tollgate::task<tollgate::outcome<T>> work) {
        auto const got = done(std::move(work));
        if (got) return "done";
        return std::to_string(got.error().status()) + ' ' + got.error().error();
    }

    client registered(bool unused = false) const {
        client c;
        c.id = "c";
        c.unused = unused;
        c.metadata["token_endpoint_auth_method"] = "none";
        c.metadata["grant_types"] = boost::json::array{"authorization_code"};
        return c;
    }
    grant login(std::string family = "f", std::vector<std::string> ancestors = {}) const {
        grant g;
        g.family = std::move(family);
        g.client_id = "c";
        g.subject = "demo";
        g.ancestors = std::move(ancestors);
        return g;
    }
    access_token access(grant g, std::string id = "jti") const {
        return {std::move(g), std::move(id), time.now(), time.now() + 1h};
    }
    refresh_token refresh(grant g) const {
        refresh_token t;
        t.grant = std::move(g);
        t.issued_at = time.now();
        t.expires_at = time.now() + 24h;
        return t;
    }
    authorization_code code() const {
        authorization_code c;
        c.grant = login();
        return c;
    }
    issued_records login_of_three() const {
        issued_records all;
        all.access_secret = "at";
        all.access = access(login());
        all.refresh_secret = "rt";
        all.refresh = refresh(login());
        all.id_secret = "idt";
        all.beside_id = access(login());
        return all;
    }
    void put(kind k, std::string const& key, std::string body) {
        record r(std::move(body), {}, tollgate::time_point::max());
        BOOST_REQUIRE(bool(done(s.put("r", k, key, std::move(r)))));
    }
};

}  // namespace test::records
