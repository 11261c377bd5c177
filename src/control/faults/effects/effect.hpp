// Effect: one thing that a fault does to a request or its answer. A fault is a list of them.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>

#include "base/task.hpp"
#include "control/administrations.hpp"
#include "control/faults/effects/condition.hpp"
#include "control/input/json_input.hpp"
#include "http/message/listener_conduct.hpp"
#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control {

// Which answers of the server an effect is about; a status below 400 is a success.
enum class answers { all, success, error, unauthorized, forbidden };
bool is_among(http::reply const& r, answers wanted) noexcept;

// The two servers whose reset takes a fault away.
enum sides : unsigned { as_side = 1u, mcp_side = 2u, both_sides = 3u };

// How the listeners of which servers treat connections.
struct connection_rule {
    http::listener_conduct how{};
    unsigned sides = both_sides;
};

// Where an effect stands to the handler.
enum seam : unsigned {
    before_handler = 1u << 0,
    after_handler = 1u << 1,
    // Answers in the place of the handler, which does not run.
    in_its_place = 1u << 2,
    // A challenge: it answers a token that has been looked at; without one the guard speaks.
    behind_guard = 1u << 3,
    // The answer of the handler is thrown away.
    discards = 1u << 4,
    // It says what the guard is to do, and so acts before that looks at the token.
    before_guard = 1u << 5,
    // At a listener of the realm, before there is a request.
    on_connection = 1u << 6,
};

class effect;
using effect_ptr = std::shared_ptr<effect const>;
using new_effect = std::shared_ptr<effect>;

// Shared by all requests that its fault acts on, which alter nothing of it but what it remembers.
class effect {
public:
    effect() = default;
    effect(effect const&) = default;
    effect& operator=(effect const&) = delete;
    virtual ~effect() = default;
    virtual unsigned seams() const noexcept = 0;
    // One that goes on by itself from what this one remembers now. Null: it remembers nothing, and
    // any number of faults may share it.
    virtual new_effect copy() const { return nullptr; }
    // Which requests of its fault it is about.
    condition where{};
    // An answer, or nothing when the handler is to run. Obeys cancellation.
    virtual task<std::optional<http::reply>> before(http::context& c,
                                                    administrations const& to) const;
    // Alters `r`. False: it is not about that answer, or could not.
    virtual task<bool> after(http::context& c, http::reply& r, administrations const& to) const;
    // on_connection.
    virtual connection_rule const* connections() const noexcept { return nullptr; }
    // What it draws by lot follows from that. Called once, before it acts.
    virtual void seed(std::uint64_t) const {}
};

// What an effect remembers from one request to the next. Of two requests one waits for the other; a
// copy is the state of one moment.
template <class T>
class effect_state {
public:
    effect_state() = default;
    effect_state(effect_state const& from) : value_(from.with([](T const& v) { return v; })) {}
    effect_state& operator=(effect_state const&) = delete;

    // What `use` makes of the value, which it may alter.
    template <class Use>
    auto with(Use const& use) const {
        std::lock_guard const lock(mutex_);
        return use(value_);
    }

private:
    mutable std::mutex mutex_;
    mutable T value_{};
};

// `all`, so that nothing of what they remember is shared.
std::vector<effect_ptr> copies_of(std::vector<effect_ptr> const& all);

// A row of the table: how an effect is called, and what it reads. Mistakes are told to the reader.
struct effect_kind {
    std::string_view name;
    std::string_view summary;
    new_effect (*read)(object_reader& in);
};
std::span<effect_kind const> effect_kinds() noexcept;

constexpr std::size_t most_effects = 16;  // of one fault

// [{NAME: {…}}, …], in their order; beside the name may stand "at", a condition. Mistakes are told
// to `in`, whose member `name` the list is.
std::vector<effect_ptr> read_effects(boost::json::array const& list, object_reader& in,
                                     std::string_view name);

}  // namespace tollgate::control
