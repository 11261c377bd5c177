// claims, sign: JWTs that are made otherwise, when the request makes some.
#include <chrono>

#include <boost/json/array.hpp>

#include "control/faults/effects/kinds.hpp"
#include "control/faults/effects/merge_patch.hpp"
#include "control/faults/effects/templates.hpp"
#include "oauth/minting.hpp"

namespace tollgate::control::effects {

namespace json = boost::json;

namespace {

constexpr std::int64_t a_thousand_years = 31'557'600'000;

// Which JWTs of the request.
enum class which { access_token, id_token, both };

bool is_one_of(oauth::minted what, which wanted) noexcept {
    if (wanted == which::both) return true;
    return (what == oauth::minted::access_token) == (wanted == which::access_token);
}

// With the values of the request filled in.
class step final : public oauth::minting_step {
public:
    which of = which::both;
    bool record = true;
    json::value claims;  // a merge patch
    seconds_from_now times;
    std::int64_t now = 0;
    std::size_t padding = 0;
    std::optional<oauth::jws_manner> how;

    void alter(oauth::minted what, json::object& all, oauth::jws_manner& manner) const override {
        if (!is_one_of(what, of)) return;
        if (how) {
            manner = *how;
            return;
        }
        json::value whole(std::move(all));
        merge_patch(whole, claims);
        all = std::move(whole.get_object());
        for (auto const& [name, seconds] : times)
            all[name] = now + seconds;
        if (padding != 0) all["padding"] = std::string(padding, 'x');
    }
    bool keeps_record() const noexcept override { return record || of == which::id_token; }
};

class other_jwts final : public effect {
public:
    step made;

    unsigned seams() const noexcept override { return before_handler; }
    task<std::optional<http::reply>> before(http::context& c,
                                            administrations const&) const override {
        auto now = std::make_shared<step>(made);
        now->now = std::chrono::floor<std::chrono::seconds>(c.now()).time_since_epoch().count();
        fill(now->claims, c);
        if (now->how) {
            json::value header(now->how->header);
            fill(header, c);
            now->how->header = header.get_object();
        }
        auto const before = c.kept<oauth::minting>();
        auto all = std::make_shared<oauth::minting>(oauth::minting_of(before));
        all->steps.push_back(std::move(now));
        c.keep<oauth::minting>(std::move(all));
        co_return std::nullopt;
    }
};

which read_which(object_reader& in) {
    constexpr std::string_view words[] = {"access_token", "id_token", "both"};
    return static_cast<which>(in.choice("of", words).value_or(0));
}

// {"merge": {…}, "remove": […]} as a merge patch: TOML has no null.
json::object read_patch(object_reader& in, std::string_view merge, std::string_view remove) {
    json::object patch;
    if (auto const* given = in.object(merge)) patch = *given;
    auto const* removed = in.array(remove);
    if (removed == nullptr) return patch;
    for (auto const& name : *removed) {
        if (name.is_string())
            patch[name.get_string()] = nullptr;
        else
            in.fail(remove, "expected names of members");
    }
    return patch;
}

}  // namespace

seconds_from_now read_times(object_reader& in) {
    seconds_from_now all;
    auto const* given = in.object("from_now");
    if (given == nullptr) return all;
    object_reader each(*given, in.pointer("from_now"));
    for (auto const& member : *given) {
        auto const n = each.integer(member.key(), -a_thousand_years, a_thousand_years);
        if (n) all.emplace_back(std::string(member.key()), *n);
    }
    auto const ok = each.finish();
    if (!ok) in.fail(ok.error());
    return all;
}

new_effect read_claims(object_reader& in) {
    constexpr std::int64_t longest = 64 << 10;
    auto e = std::make_shared<other_jwts>();
    auto& s = e->made;
    s.of = read_which(in);
    s.record = in.boolean("recorded").value_or(true);
    auto patch = read_patch(in, "merge", "remove");
    s.times = read_times(in);
    s.padding = static_cast<std::size_t>(in.integer("pad", 0, longest).value_or(0));
    if (patch.empty() && s.times.empty() && s.padding == 0)
        in.need_something("merge", "merge (RFC 7396), remove, from_now or pad");
    s.claims = std::move(patch);
    return e;
}

new_effect read_sign(object_reader& in) {
    constexpr std::string_view signatures[] = {"right",   "none",      "other_key",
                                               "flipped", "truncated", "public_key"};
    constexpr std::string_view wrappings[] = {"nested", "encrypted"};
    auto e = std::make_shared<other_jwts>();
    auto& s = e->made;
    s.of = read_which(in);
    s.record = in.boolean("recorded").value_or(false);
    oauth::jws_manner how;
    auto const by = in.choice("signature", signatures);
    // The words have the order of jws_manner::signature and, after none, wrapping.
    if (by) how.by = static_cast<oauth::jws_manner::signature>(*by);
    auto const in_what = in.choice("wrap", wrappings);
    if (in_what) how.in = static_cast<oauth::jws_manner::wrapping>(*in_what + 1);
    how.header = read_patch(in, "header", "remove");
    if (auto const* twice = in.object("twice")) how.twice = *twice;
    if (!by && !in_what && how.header.empty() && how.twice.empty())
        in.need_something("signature", "signature, header, remove, twice or wrap");
    s.how = std::move(how);
    return e;
}

}  // namespace tollgate::control::effects
