// Logins that the test page has begun and that have not come back yet.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bounded_table.hpp"
#include "base/clock.hpp"

namespace tollgate::oauth {

struct begun_login {
    std::string verifier;  // RFC 7636 §4.1
    std::string nonce;     // empty: no id_token was asked for
    std::string issuer;    // who must answer (RFC 9207); empty: it has no known name
    bool sends_issuer = false;
    std::string client_id;      // as whom
    bool with_settings = true;  // it is the configured client, which may have a secret
    std::string resource;       // empty: none was named
    std::string redirect_uri;
};

// Hangs on the realm. Thread-safe, bounded: the oldest goes.
class test_page_logins {
public:
    // `browser` is the value of a cookie of ours whose login is not over.
    bool knows(std::string_view browser, time_point now);
    void begin(std::string_view state, std::string_view browser, begun_login l, time_point now);

    enum class finding { good, unknown, replayed, other_browser };
    struct redeemed {
        finding result;
        begun_login login{};  // when it is good
    };
    // The login that `state` stands for, once, for the browser that began it. Another browser
    // does not use it up.
    redeemed take(std::string_view state, std::string_view browser, time_point now);
    // All are forgotten.
    void reset();

    // Those of one moment.
    struct image;
    std::shared_ptr<image const> save() const;
    void load(image const& then);

    static constexpr std::chrono::minutes life{10};
    static constexpr std::size_t most = 10'000;

private:
    struct row {
        std::string browser;  // digest
        begun_login login;
        bool used = false;
    };

    mutable std::mutex mutex_;
    bounded_table<row> rows_{most};
    bounded_table<bool> browsers_{most};  // by digest
};

struct test_page_logins::image {
    bounded_table<row> rows;
    bounded_table<bool> browsers;
};

}  // namespace tollgate::oauth
