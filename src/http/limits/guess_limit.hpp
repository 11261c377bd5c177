// Guess limit on secrets that a person chose and made short: the password of a user, the secret of
// a client in the configuration, control.token (RFC 6749 §2.3.1, §10.10). What is long cannot be
// found by trying and is never shut: nobody who guesses keeps the owner out.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bounded_table.hpp"
#include "base/clock.hpp"

namespace tollgate::http {

// From this length on a secret is not shut: 16 random characters are 64 bits or more.
inline constexpr std::size_t shortest_unguessable = 16;
bool can_be_guessed(std::string_view secret) noexcept;  // it is there, and short

// Wrong guesses at one secret in a minute (server.wrong_secrets_per_peer, server.wrong_secrets). A
// client under test may be wrong for long, and nobody who searches gets anywhere.
struct guess_bounds {
    unsigned per_peer = 100;
    unsigned in_all = 1000;
};

enum class secret_kind { client, user, control_token };

// For /metrics: tollgate_wrong_secrets_total. guess_limit::wrong does it itself.
void count_wrong(secret_kind of) noexcept;

struct guess {
    secret_kind of;
    std::string name;  // client_id, user name; "" where there is only one such secret
    std::string by;    // who guesses: peer_key(), or what else tells people apart
    // `by` brings the guesses of many: only the bound for all counts.
    bool by_many = false;
    // `by` has been right before: the bound for all, which strangers use up, does not count.
    bool by_known = false;
};
// Belongs to what knows the secret, and so to the server: realms share it. Thread-safe. Bounded:
// the oldest guesser goes first, which only ever opens. Between open() and wrong() other threads
// may get in, so that the bounds can be passed by their number.
class guess_limit {
public:
    explicit guess_limit(guess_bounds b = {}) noexcept : bounds_(b) {}

    static constexpr std::chrono::seconds length{60};  // from the first wrong guess
    static constexpr std::chrono::hours known_for{12};

    // The guess may be looked at; otherwise it is refused, a right one as well, and counted for
    // tollgate_guesses_refused_total.
    bool open(guess const& g, time_point now);
    void wrong(guess const& g, time_point now);
    // Who was right from here is not shut out by what others do elsewhere.
    void right(guess const& g, time_point now);
    void reset();

private:
    static constexpr std::size_t most_rows = 10'000;  // of each table

    bool is_open(guess const& g, time_point now);

    guess_bounds const bounds_;
    std::mutex mutex_;
    bounded_table<unsigned> by_peer_{most_rows};
    bounded_table<unsigned> in_all_{most_rows};
    bounded_table<bool> known_{most_rows};
};

}  // namespace tollgate::http
