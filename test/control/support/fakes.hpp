// The two administrations in memory: what control asked for, and policies that stay as set.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "http/pipeline/context.hpp"
#include "mcp/administration.hpp"
#include "oauth/administration.hpp"

namespace test {

namespace oauth = tollgate::oauth;
namespace mcp = tollgate::mcp;
using tollgate::outcome;
using tollgate::problem;
using tollgate::task;

// An image of either fake: whose it is, and its policy.
struct fake_image final : tollgate::http::realm_image {
    std::string of;
    std::shared_ptr<void const> rules;
    fake_image(std::string name, std::shared_ptr<void const> policy)
        : of(std::move(name)), rules(std::move(policy)) {}
};
template <class Policy>
std::shared_ptr<Policy const> policy_in(tollgate::http::image_ptr const& image) {
    return std::static_pointer_cast<Policy const>(dynamic_cast<fake_image const&>(*image).rules);
}
inline std::string name_in(tollgate::http::image_ptr const& image) {
    return dynamic_cast<fake_image const&>(*image).of;
}

class fake_oauth final : public oauth::administration {
public:
    oauth::policy configured;
    oauth::realm_counts counts;
    std::vector<std::string> opened, closed, resets, revoked, rotated, seeded, clients_forgotten;
    std::vector<std::string> loaded;     // "IMAGE into REALM"
    oauth::realm_records loaded_beside;  // by the last load
    std::vector<oauth::stand_in> documents;
    bool close_fails = false;
    bool closes_slowly = false;         // others come in between
    oauth::store* erases_in = nullptr;  // the records of a realm that is closed, if anywhere
    bool load_fails = false;

    void open(tollgate::http::realm& r) override {
        std::scoped_lock const lock(mutex_);
        opened.push_back(r.name());
        policies_[r.name()] = std::make_shared<oauth::policy const>(configured);
    }
    task<outcome<void>> close(std::string name) override {
        if (close_fails) co_return problem(503, "unavailable", "the store is away");
        if (closes_slowly) {
            auto const here = co_await boost::asio::this_coro::executor;
            co_await boost::asio::post(here, boost::asio::use_awaitable);
        }
        if (erases_in) {
            auto all = oauth::all_kinds();
            auto const done = co_await erases_in->erase_kinds(name, std::move(all));
            if (!done) co_return done.error();
        }
        std::scoped_lock const lock(mutex_);
        closed.push_back(name);
        co_return outcome<void>();
    }
    std::shared_ptr<oauth::policy const> current_policy(
        tollgate::http::realm const& r) const override {
        std::scoped_lock const lock(mutex_);
        return policies_.at(r.name());
    }
    void set_policy(tollgate::http::realm& r, oauth::policy p) override {
        std::scoped_lock const lock(mutex_);
        policies_[r.name()] = std::make_shared<oauth::policy const>(std::move(p));
    }
    std::vector<std::string_view> grant_types() const override {
        return {"authorization_code", "refresh_token", "client_credentials"};
    }
    oauth::policy configured_policy() const override { return configured; }
    task<outcome<std::string>> rotate_keys(tollgate::http::realm& r) override {
        rotated.push_back(r.name());
        co_return std::string("new-kid");
    }
    task<outcome<void>> revoke_access_tokens(tollgate::http::realm& r) override {
        revoked.push_back(r.name());
        counts.access_tokens = 0;
        co_return outcome<void>();
    }
    task<outcome<void>> seed_refresh_token(tollgate::http::realm&, std::string token) override {
        if (token.find(' ') != std::string::npos) {
            co_return problem(400, "invalid_request", "has a character outside VSCHAR");
        }
        seeded.push_back(std::move(token));
        co_return outcome<void>();
    }
    outcome<void> put_client_document(tollgate::http::realm&, std::string url,
                                      boost::json::object document) override {
        if (!document.contains("client_id"))
            return problem(400, "invalid_request", "it names no client_id");
        documents.push_back({std::move(url), false});
        return {};
    }
    std::vector<oauth::stand_in> client_documents(tollgate::http::realm const&) const override {
        return documents;
    }
    std::size_t erase_client_documents(tollgate::http::realm&, std::string_view url) override {
        return std::erase_if(documents, [&](auto const& d) { return url.empty() || d.url == url; });
    }
    task<outcome<void>> reset(tollgate::http::realm& r) override {
        resets.push_back(r.name());
        set_policy(r, configured);
        co_return outcome<void>();
    }
    task<outcome<void>> forget_clients(tollgate::http::realm& r) override {
        clients_forgotten.push_back(r.name());
        co_return outcome<void>();
    }
    task<outcome<oauth::realm_counts>> count(tollgate::http::realm&) override { co_return counts; }
    task<outcome<tollgate::http::image_ptr>> save(tollgate::http::realm const& r) override {
        tollgate::http::image_ptr const image =
            std::make_shared<fake_image>(r.name(), current_policy(r));
        co_return image;
    }
    task<outcome<void>> load(tollgate::http::realm& r, tollgate::http::image_ptr image,
                             oauth::realm_records beside) override {
        if (load_fails) co_return problem(503, "unavailable", "the store is away");
        loaded_beside = std::move(beside);
        set_policy(r, *policy_in<oauth::policy>(image));
        loaded.push_back(name_in(image) + " into " + r.name());
        co_return outcome<void>();
    }
    oauth::policy const& policy_of(tollgate::http::context const& c) const override {
        return *c.snapshot<oauth::policy>([&] { return current_policy(c.realm()); });
    }
    void use_policy(tollgate::http::context& c, oauth::policy p) override {
        c.keep<oauth::policy>(std::make_shared<oauth::policy const>(std::move(p)));
    }
    void trouble_store(tollgate::http::context&, oauth::store_trouble what) override {
        troubles.push_back(what);
    }
    // "ID.FAMILY": the family of a token here stands in the token.
    task<outcome<std::string>> family_of(tollgate::http::realm&, std::string token) override {
        auto const dot = token.find('.');
        co_return dot == token.npos ? std::string() : token.substr(dot + 1);
    }
    task<outcome<void>> revoke_token(tollgate::http::realm&, std::string token) override {
        done.push_back("revoke_token " + token);
        co_return outcome<void>();
    }
    task<outcome<void>> revoke_family(tollgate::http::realm&, std::string family) override {
        done.push_back("revoke_family " + family);
        co_return outcome<void>();
    }
    task<outcome<void>> revoke_refresh_tokens(tollgate::http::realm&) override {
        done.push_back("revoke_refresh_tokens");
        co_return outcome<void>();
    }
    task<outcome<void>> forget_client(tollgate::http::realm&, std::string id) override {
        done.push_back("forget_client " + id);
        co_return outcome<void>();
    }
    tollgate::outcome<std::string> sign_with(std::string_view, boost::json::object const&,
                                             boost::json::object const& claims) const override {
        return boost::json::serialize(claims);
    }
    tollgate::outcome<boost::json::object> claims_by(std::string_view,
                                                     std::string_view jwt) const override {
        return boost::json::parse(jwt).as_object();
    }
    tollgate::task<tollgate::outcome<void>> drop_old_keys(tollgate::http::realm&) override {
        done.push_back("drop_old_keys");
        co_return tollgate::outcome<void>();
    }
    tollgate::task<tollgate::outcome<void>> restore(tollgate::http::realm&) override {
        co_return tollgate::outcome<void>();
    }
    task<outcome<void>> renew_keys_by_old_names(tollgate::http::realm&) override {
        done.push_back("renew_keys");
        co_return outcome<void>();
    }
    std::vector<oauth::store_trouble> troubles;
    std::vector<std::string> done;  // in the order in which it was asked for

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<oauth::policy const>> policies_;
};

class fake_mcp final : public mcp::administration {
public:
    mcp::policy configured;
    std::size_t open_sessions = 0;
    std::vector<std::string> opened, ended, loaded;

    void open(tollgate::http::realm& r) override {
        std::scoped_lock const lock(mutex_);
        opened.push_back(r.name());
        policies_[r.name()] = std::make_shared<mcp::policy const>(configured);
    }
    std::shared_ptr<mcp::policy const> current_policy(
        tollgate::http::realm const& r) const override {
        std::scoped_lock const lock(mutex_);
        return policies_.at(r.name());
    }
    void set_policy(tollgate::http::realm& r, mcp::policy p) override {
        std::scoped_lock const lock(mutex_);
        policies_[r.name()] = std::make_shared<mcp::policy const>(std::move(p));
    }
    mcp::policy configured_policy() const override { return configured; }
    std::vector<std::string_view> methods() const override {
        return {"initialize", "tools/list", "tools/call", "notifications/initialized"};
    }
    std::vector<std::string_view> tool_names() const override { return {"echo", "add", "whoami"}; }
    std::size_t sessions(tollgate::http::realm const&) const override { return open_sessions; }
    task<outcome<void>> end_sessions(tollgate::http::realm_ptr r) override {
        drop_sessions(*r);
        co_return outcome<void>();
    }
    void drop_sessions(tollgate::http::realm& r) override {
        std::scoped_lock const lock(mutex_);
        ended.push_back(r.name());
        open_sessions = 0;
    }
    tollgate::http::image_ptr save(tollgate::http::realm const& r) override {
        return std::make_shared<fake_image>(r.name(), current_policy(r));
    }
    void load(tollgate::http::realm& r, tollgate::http::image_ptr const& image) override {
        set_policy(r, *policy_in<mcp::policy>(image));
        loaded.push_back(name_in(image) + " into " + r.name());
    }

    task<outcome<void>> end_session(tollgate::http::realm_ptr, std::string id) override {
        ended.push_back(std::move(id));
        co_return outcome<void>();
    }
    void announce_tools(tollgate::http::realm&) override { ++announced; }
    mcp::policy policy_of_request(tollgate::http::context const& c) const override {
        return *c.snapshot<mcp::policy>([&] { return current_policy(c.realm()); });
    }
    void use_policy(tollgate::http::context& c, mcp::policy p) override {
        c.keep<mcp::policy>(std::make_shared<mcp::policy const>(std::move(p)));
    }
    int announced = 0;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<mcp::policy const>> policies_;
};

inline std::size_t count_of(std::vector<std::string> const& list, std::string const& what) {
    return static_cast<std::size_t>(std::ranges::count(list, what));
}

}  // namespace test
