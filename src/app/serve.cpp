#include "app/serve.hpp"

#include <cstdio>
#include <exception>
#include <string>

#include <boost/json/serialize.hpp>

#include "app/application.hpp"
#include "app/translate.hpp"
#include "base/log/log.hpp"
#include "http/net/listening.hpp"
#include "http/server/server.hpp"

namespace tollgate {

namespace {

bool public_url_set(config const& c) {
    return !c.authorization_server.public_url.empty() || !c.mcp_server.public_url.empty();
}

// What a strategy cannot tell, and a control plane that is switched off by its own rules, must not
// be riddles.
void say_what_is_off(config const& c) {
    if (auto const limits = validation_limits(c); !limits.empty())
        log(log_level::warning, "validation_limits",
            {{"strategy", word_of(c.oauth.validation)}, {"what", limits}});
    if (!c.control.enabled || !c.control.token.empty()) return;
    if (public_url_set(c))
        log(log_level::warning, "control_off",
            {{"why", "a public URL is set and control.token is not: /control answers 403"}});
}

void announce(addresses const& a, bool as_json) {
    if (as_json) {
        std::puts(boost::json::serialize(to_json(a)).c_str());
    } else {
        for (auto const& line : a.listeners)
            std::puts(line.c_str());
    }
    std::fflush(stdout);
}

void re_read(application& app, std::function<config()> const& load) {
    try {
        app.reload(load());
        log(log_level::info, "reloaded",
            {{"note", "log level and format; other keys need a restart"}});
    } catch (config_error const& e) {
        log(log_level::error, "not_reloaded", {{"why", e.what()}});
    }
}

}  // namespace

int serve(config const& c, serve_options const& o) {
    set_log(c.server.log_level, c.server.log_format);
    try {
        application app(c);
        if (o.reload) app.on_hangup([&] { re_read(app, o.reload); });
        say_what_is_off(c);
        app.start();
        announce(app.where(), o.ready_json);
        app.run();
    } catch (http::cannot_bind const& e) {
        std::fprintf(stderr, "tollgate: %s\n", e.what());
        return 3;
    } catch (config_error const& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 2;
    } catch (std::exception const& e) {
        std::fprintf(stderr, "tollgate: cannot start: %s\n", e.what());
        return 3;
    }
    flush_log();
    return 0;
}

}  // namespace tollgate
