// "name": "raw": a fault that is described instead of named. It becomes a list of effects.
#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "control/faults/effects/fields.hpp"
#include "control/faults/fault_json.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

enum class stage { before, replace, mutate, after_commit };
constexpr std::string_view stages[] = {"before", "replace", "mutate", "after_commit"};
constexpr std::string_view filters[] = {"success", "error"};
constexpr std::string_view closes[] = {"before", "during", "after"};
constexpr std::string_view cuts[] = {"before", "half", "after"};
constexpr std::size_t longest_body = 256 << 10;
constexpr std::int64_t longest_delay = 120'000;

struct raw_parameters {
    json::object answer;  // status, headers, body: as the effect takes them
    json::object const* patch = nullptr;
    std::optional<std::int64_t> delay;
    std::optional<std::size_t> close;
    std::optional<std::size_t> only;
    stage at = stage::before;

    bool says_something() const noexcept { return !answer.empty(); }
};

raw_parameters read_parameters(object_reader& params) {
    raw_parameters p;
    if (auto const status = params.integer("status", 200, 599)) p.answer["status"] = *status;
    p.delay = params.integer("delay_ms", 0, longest_delay);
    p.patch = params.object("merge_patch");
    if (effects::read_fields(params, "headers").size() != 0)
        p.answer["headers"] = *params.object("headers");
    if (auto const* body = params.any("body")) {
        p.answer["body"] = *body;
        if (json::serialize(*body).size() > longest_body)
            params.fail("body", "is longer than 256 KiB");
    }
    p.close = params.choice("close", closes);
    auto const at = params.choice("stage", stages);
    p.at = at ? static_cast<stage>(*at) : p.patch ? stage::mutate : stage::before;
    p.only = params.choice("only", filters);
    return p;
}

// Which answers of the handler it is about. Before the handler there is none, and after_commit
// is about successes already.
void check_only(object_reader& params, raw_parameters const& p) {
    if (!p.only) return;
    bool const success = *p.only == 0;
    bool const fits =
        p.at == stage::mutate || p.at == stage::replace || (p.at == stage::after_commit && success);
    if (fits) return;
    params.fail("only", p.at == stage::before
                            ? "chooses among the server's answers: it needs the stage "
                              "\"mutate\" or \"replace\""
                            : "contradicts the stage \"after_commit\", which is about "
                              "successes; use the stage \"replace\"");
}

void check(object_reader& params, raw_parameters const& p) {
    check_only(params, p);
    bool const waits = p.delay.value_or(0) != 0;
    if (p.at == stage::mutate) {
        if (p.answer.contains("body"))
            params.fail("body", "cannot be altered as a whole; use the stage \"replace\"");
    } else if (p.patch) {
        params.fail("merge_patch", "alters the server's answer: it needs the stage \"mutate\"");
    } else if (!p.says_something() && p.at != stage::before && !waits && !p.close) {
        params.fail("stage", "there is no status, header or body to answer");
    }
    if (!p.says_something() && !p.patch && !waits && !p.close)
        params.need("status", "a status, headers, a body, a merge_patch, delay_ms or close");
}

void add(json::array& list, std::string_view name, json::object arguments) {
    json::object effect;
    effect[name] = std::move(arguments);
    list.push_back(std::move(effect));
}

json::object with_only(json::object o, raw_parameters const& p) {
    if (p.only) o["only"] = filters[*p.only];
    return o;
}

void add_alterations(json::array& list, raw_parameters const& p) {
    if (auto const* status = p.answer.if_contains("status"))
        add(list, "status", with_only({{"code", *status}}, p));
    if (auto const* headers = p.answer.if_contains("headers"))
        add(list, "headers", with_only({{"set", *headers}}, p));
    if (p.patch) add(list, "json", with_only({{"merge", *p.patch}}, p));
}

json::array effects_of(raw_parameters const& p) {
    json::array list;
    if (p.delay)
        add(list, "delay",
            {{"ms", *p.delay}, {"when", p.at == stage::before ? "before" : "after"}});
    if (p.at == stage::mutate) {
        add_alterations(list, p);
    } else if (p.says_something()) {
        auto answer = p.answer;
        answer["when"] = stages[static_cast<std::size_t>(p.at)];
        bool const chosen = p.at == stage::replace;
        add(list, "answer", chosen ? with_only(std::move(answer), p) : std::move(answer));
    }
    if (p.close) add(list, "cut", {{"at", cuts[*p.close]}});
    return list;
}

}  // namespace

void read_raw(object_reader& params, fault_settings& s) {
    auto const p = read_parameters(params);
    check(params, p);
    auto const list = effects_of(p);
    if (!list.empty()) s.effects = read_effects(list, params, "effects");
}

json::value describe_raw() {
    json::object parameters;
    parameters["status"] = "200 to 599";
    parameters["headers"] = "an object of header fields";
    parameters["body"] = "a string, or JSON that is sent as JSON";
    parameters["delay_ms"] = "0 to 120000";
    parameters["close"] =
        "before: the connection ends and nothing is done; after: the server acts, and the client "
        "learns nothing; during: half of the body arrives";
    parameters["stage"] =
        "before, replace, mutate or after_commit; mutate where there is a "
        "merge_patch, else before";
    parameters["merge_patch"] = "RFC 7396, applied to a JSON answer";
    parameters["only"] =
        "success or error: which of the server's answers are altered or replaced; both unless "
        "given";
    json::object o;
    o["name"] = "raw";
    o["what"] = "Any answer, alteration or delay, at any endpoint.";
    o["clause"] = "";
    o["endpoints"] = json::array();
    o["parameters"] = std::move(parameters);
    return o;
}

}  // namespace tollgate::control
