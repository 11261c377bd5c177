// Documents that strangers name, asked for at a peer of the test's own.
#pragma once

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "oauth/fetch/remote_documents.hpp"
#include "oauth/upstream/provider_peer.hpp"

namespace test {

using namespace std::chrono_literals;
using tollgate::oauth::remote_documents;
using tollgate::oauth::remote_question;

struct documents_bench {
    boost::asio::io_context io;
    provider_peer peer;
    http::client client{http::client::options()};
    tollgate::manual_clock time;
    remote_documents documents{client, time};

    remote_question question(std::string owner = "1") {
        remote_question q;
        q.noun = "the document";
        q.owner = std::move(owner);
        q.url = peer.url() + "/c";
        q.reach = http::allowed_addresses::anywhere;  // told in full, as of public addresses
        return q;
    }
    // "503 temporarily_unavailable, again in 5", or "fine".
    std::string kind_of_failure(remote_question q) {
        auto asking = documents.get(std::move(q));
        auto const got = run(io, std::move(asking));
        if (got) return "fine";
        auto const& why = got.error();
        auto const said = std::to_string(why.status()) + ' ' + why.error();
        return why.headers().has("Retry-After")
                   ? said + ", again in " + std::string(why.headers().get("Retry-After"))
                   : said;
    }
    std::string kind_of_failure() { return kind_of_failure(question()); }
    std::string get(remote_question q) {
        auto asking = documents.get(std::move(q));
        auto const got = run(io, std::move(asking));
        return got ? boost::json::serialize(**got) : got.error().description();
    }
    std::string get() { return get(question()); }

    void answers(http::header_list headers, std::string body = R"({"a":1})") {
        peer.script = [=](heard const&) {
            http::reply r(200, "application/json", body);
            for (auto const& h : headers)
                r.headers.add(h.name, h.value);
            return r;
        };
    }
    void answers(std::string cache_control) {
        http::header_list h;
        h.add("Cache-Control", std::move(cache_control));
        answers(std::move(h));
    }
};

}  // namespace test
