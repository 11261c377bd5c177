#include "store/redis/ownership.hpp"

#include <utility>

#include "base/log/log.hpp"

namespace tollgate::oauth::redis {

namespace {

// Whoever wrote to a realm that was removed is refused by then, or has ended.
constexpr std::string_view removed_is_known_for = "3600000";
// Between two looks an owner may have changed.
constexpr int most_claims = 3;

std::string_view id_in(std::string_view token) {
    auto const space = token.find(' ');
    return space == std::string_view::npos ? std::string_view() : token.substr(space + 1);
}

}  // namespace

ownership::ownership(link& over, database& in, membership& among, std::string what)
    : link_(over), database_(in), among_(among), what_(std::move(what)) {
    database_.on_lost([this](std::string const& realm) { lose(realm); });
}

ownership::~ownership() {
    database_.on_lost({});
}

bool ownership::holds(std::string_view realm) const {
    return link_.is_allowed() && database_.fenced().is_sure(realm);
}

bool ownership::claims(std::string_view realm) const {
    auto const token = database_.fenced().token_of(realm_in_charge(realm));
    return token && !token->empty();
}

void ownership::on_loss(std::function<void(std::string const&)> then) {
    std::lock_guard const lock(mutex_);
    lost_ = std::move(then);
}

void ownership::lose(std::string const& realm) {
    if (!database_.fenced().lose(realm)) return;
    log(log_level::warning, "realm_lost", {{"realm", realm}});
    std::lock_guard const lock(mutex_);
    if (lost_) lost_(realm);
}

request ownership::claim_of(std::string const& realm, std::string const& instead) const {
    auto const keys = database_.keys(realm);
    std::vector<std::string> owner{keys.of("owner")};
    std::vector<std::string> arguments{among_.id(), instead};
    return {keys.slot(), claim_script(), std::move(owner), std::move(arguments), true};
}

request ownership::release_of(std::string const& realm, std::string const& token,
                              bool forever) const {
    auto const keys = database_.keys(realm);
    std::vector<std::string> owner{keys.of("owner")};
    std::vector<std::string> arguments{token, std::string(forever ? removed_is_known_for : "")};
    return {keys.slot(), release_script(), std::move(owner), std::move(arguments), true};
}

realm_claim ownership::won(std::string const& realm, std::string token, std::uint64_t round) {
    realm_claim c;
    c.ours = true;
    c.taken_over = database_.fenced().take(realm, std::move(token), round);
    // Others may have forgotten its name meanwhile.
    if (c.taken_over) database_.names().let_go(realm);
    return c;
}

task<outcome<std::optional<instance>>> ownership::find(std::string id, bool sure) {
    if (!sure) {
        auto known = among_.find(id);
        if (known) co_return std::move(known);
    }
    auto found = co_await among_.look_up(std::move(id));
    co_return found;
}

task<outcome<realm_claim>> ownership::claim(std::string realm, bool sure) {
    std::string instead;
    for (int turn = 0; turn < most_claims; ++turn) {
        auto const round = database_.fenced().round();
        auto asked = claim_of(realm, instead);
        auto const got = co_await database_.write(std::move(asked));
        if (!got) co_return got.error();
        std::string token(got->item(1));
        if (got->item(0) == "mine") co_return won(realm, std::move(token), round);
        lose(realm);
        std::string id(id_in(token));
        auto const holder = co_await find(std::move(id), sure);
        if (!holder) co_return holder.error();
        if (*holder) {
            realm_claim c;
            c.owner = **holder;
            co_return c;
        }
        instead = std::move(token);
    }
    co_return store_unavailable().log("the realm goes from one instance to the next");
}

task<outcome<std::optional<instance>>> ownership::owner_of(std::string realm) {
    auto const keys = database_.keys(realm);
    std::vector<std::string> words{"GET", keys.of("owner")};
    request r(keys.slot(), std::move(words));
    auto const got = co_await database_.read(std::move(r));
    if (!got) co_return got.error();
    std::string id(id_in(got->text));
    if (id.empty() || id == "-") co_return std::optional<instance>();
    if (id == among_.id()) co_return std::optional<instance>(instance{std::move(id), {}});
    auto holder = co_await find(std::move(id), false);
    co_return holder;
}

task<void> ownership::release(std::string realm, bool forever) {
    auto const token = database_.fenced().token_of(realm);
    if (!token || token->empty()) co_return;
    // First: nothing of it is to be served or written from here on.
    database_.fenced().lose(realm);
    auto asked = release_of(realm, *token, forever);
    [[maybe_unused]] auto const done = co_await database_.write(std::move(asked));
}

void ownership::release_all() {
    for (auto const& realm : database_.fenced().held()) {
        auto const token = database_.fenced().token_of(realm);
        database_.fenced().lose(realm);
        if (!link_.is_allowed() || !token) continue;
        auto asked = release_of(realm, *token, false);
        asked.is_urgent = true;
        link_.ask_now(std::move(asked));
    }
}

}  // namespace tollgate::oauth::redis
