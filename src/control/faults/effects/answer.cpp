// answer.
#include <boost/json/serialize.hpp>

#include "control/faults/effects/fields.hpp"
#include "control/faults/effects/kinds.hpp"
#include "control/faults/effects/templates.hpp"
#include "http/pipeline/dispatcher.hpp"

namespace tollgate::control::effects {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_body = 256 << 10;

// instead: the handler does not run. discard: it runs, and its answer is thrown away; only_success:
// where it succeeded, so that the client does not learn it.
enum class moment { instead, discard, only_success };

class answer final : public effect {
public:
    enum class challenge { none, invalid_token, insufficient_scope };

    moment when = moment::instead;
    answers only = answers::all;
    challenge challenges = challenge::none;
    std::vector<std::string> scopes;
    unsigned status = 200;
    http::header_list fields;
    json::value body;  // null: none; a string as it is; else JSON

    unsigned seams() const noexcept override {
        unsigned const guard = challenges == challenge::none ? 0u : behind_guard;
        if (when == moment::instead) return before_handler | in_its_place | guard;
        return after_handler | discards | guard;
    }

    task<std::optional<http::reply>> before(http::context& c,
                                            administrations const& to) const override {
        co_return made(c, to);
    }

    task<bool> after(http::context& c, http::reply& r, administrations const& to) const override {
        if (!is_among(r, when == moment::only_success ? answers::success : only)) co_return false;
        r = made(c, to);
        co_return true;
    }

private:
    http::reply made(http::context& c, administrations const& to) const {
        if (challenges != challenge::none) return http::render(challenge_of(c, to));
        http::reply r(status);
        for (auto const& f : fields)
            r.headers.add(f.name, filled(f.value, c));
        if (body.is_null()) return r;
        auto value = body;
        fill(value, c);
        r.body = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
        if (!r.headers.has("Content-Type"))
            r.headers.add("Content-Type",
                          value.is_string() ? "text/plain; charset=utf-8" : "application/json");
        return r;
    }

    problem challenge_of(http::context& c, administrations const& to) const {
        auto wanted = scopes.empty() ? to.mcp.current_policy(c.realm())->scopes : scopes;
        for (auto& scope : wanted)
            scope = filled(scope, c);
        if (challenges == challenge::insufficient_scope)
            return http::challenge::insufficient_scope(c, wanted);
        return http::challenge::invalid_token(c, wanted, "refused by a fault");
    }
};

void read_challenge(object_reader& in, answer& a) {
    constexpr std::string_view kinds[] = {"invalid_token", "insufficient_scope"};
    if (auto const i = in.choice("challenge", kinds))
        a.challenges =
            *i == 0 ? answer::challenge::invalid_token : answer::challenge::insufficient_scope;
    auto const scope = in.text("scope", 2048);
    std::string_view rest(scope ? *scope : std::string_view());
    while (!rest.empty()) {
        auto const end = rest.find(' ');
        if (end != 0) a.scopes.emplace_back(rest.substr(0, end));
        rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
    }
}

}  // namespace

new_effect read_answer(object_reader& in) {
    auto a = std::make_shared<answer>();
    constexpr std::string_view moments[] = {"before", "replace", "after_commit"};
    if (auto const i = in.choice("when", moments)) a->when = static_cast<moment>(*i);
    a->only = read_only(in);
    if (a->only != answers::all && a->when != moment::discard)
        in.fail("only", "chooses among the server's answers: it needs \"when\": \"replace\"");
    read_challenge(in, *a);
    if (auto const status = in.integer("status", 200, 599))
        a->status = static_cast<unsigned>(*status);
    a->fields = read_fields(in, "headers");
    if (auto const* body = in.any("body")) a->body = *body;
    if (json::serialize(a->body).size() > longest_body) in.fail("body", "is longer than 256 KiB");
    return a;
}

}  // namespace tollgate::control::effects
