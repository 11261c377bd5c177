// Public URLs that the servers are known by: taken on while they run, and tried out.
#pragma once

#include <string>
#include <vector>

#include "app/listeners.hpp"
#include "config/config.hpp"
#include "control/api/server_names.hpp"
#include "control/health/probe.hpp"
#include "http/client/client.hpp"

namespace tollgate {

class public_urls final : public control::server_names {
public:
    // `instance` is what /healthz says. All references must outlive it.
    public_urls(config const& c, listeners const& bound, http::resolver& resolver,
                http::client& client, std::string instance);

    std::string settle(std::string& url) const override;
    // Logs of each new URL what try_all_out logs.
    task<outcome<boost::json::object>> rename(http::renaming wanted) override;

    // Tries each public URL out and logs one line about it: a warning when it does not lead here.
    // Obeys cancellation.
    task<void> try_all_out();

private:
    struct trial {
        std::string url;
        control::probe_result result;
    };
    task<std::vector<trial>> try_out(std::vector<std::string> origins);
    void tell_of_names(std::vector<trial> const& trials) const;
    std::string objection(http::renaming const& wanted) const;

    config const& settings_;
    listeners const& bound_;
    http::resolver& resolver_;
    http::client& client_;
    std::string const instance_;
};

}  // namespace tollgate
