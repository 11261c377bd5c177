// rpc: what a JSON-RPC response says, in a body or on a stream.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "control/faults/effects/altered_stream.hpp"
#include "control/faults/effects/kinds.hpp"
#include "control/faults/effects/merge_patch.hpp"
#include "control/faults/effects/templates.hpp"

namespace tollgate::control::effects {

namespace json = boost::json;

namespace {

// A JSON-RPC response: it has an id, and a result or an error.
bool is_response(json::object const& o) noexcept {
    return o.contains("id") && (o.contains("result") || o.contains("error"));
}

// Which id the response has; JSON-RPC 2.0 §5 wants that of the request.
enum class identity { right, another, null, other_type };

json::value other_type(json::value const& id) {
    if (id.is_string()) return 1;
    return json::value(json::serialize(id));
}

void append_to(json::object& result, json::object const& lists) {
    for (auto const& list : lists) {
        auto* there = result.if_contains(list.key());
        if (there == nullptr || !there->is_array()) continue;
        for (auto const& one : list.value().get_array())
            there->get_array().push_back(one);
    }
}

struct rpc_rule {
    std::optional<json::value> result;
    std::optional<json::value> answer;  // a result in the place of whatever there is
    std::optional<json::value> error;
    std::optional<json::value> members;  // of the message itself
    json::object append;                 // to lists of the result
    identity id = identity::right;
    bool batch = false;

    // False: it is no response.
    bool alter(json::value& message) const {
        auto* o = message.if_object();
        if (o == nullptr || !is_response(*o)) return false;
        if (answer) {
            o->erase("error");
            (*o)["result"] = *answer;
        }
        if (result && o->contains("result")) merge_patch((*o)["result"], *result);
        if (auto* there = o->if_contains("result"); there && there->is_object())
            append_to(there->get_object(), append);
        if (error) {
            o->erase("result");
            (*o)["error"] = *error;
        }
        if (id == identity::another) (*o)["id"] = "an-id-that-nobody-used";
        if (id == identity::null) (*o)["id"] = nullptr;
        if (id == identity::other_type) (*o)["id"] = other_type((*o)["id"]);
        if (members) merge_patch(message, *members);
        if (batch) message = json::array{message};
        return true;
    }

    // The data of an event, in one line as the server writes them.
    std::string in_event(std::string const& event) const {
        constexpr std::string_view data = "data: ";
        auto const at = event.find(data);
        if (at == std::string::npos) return event;
        auto const end = event.find('\n', at);
        json::error_code wrong;
        auto value = json::parse(
            std::string_view(event).substr(at + data.size(), end - at - data.size()), wrong);
        if (wrong || !alter(value)) return event;
        return event.substr(0, at + data.size()) + json::serialize(value) + event.substr(end);
    }
};

class other_response final : public effect {
public:
    rpc_rule rule;

    unsigned seams() const noexcept override { return after_handler; }
    task<bool> after(http::context& c, http::reply& r, administrations const&) const override {
        auto now = rule;
        for (auto* part : {&now.answer, &now.result, &now.error, &now.members})
            if (*part) fill(**part, c);
        if (r.stream) {
            auto each = [now](std::size_t, std::string event) {
                return handling{now.in_event(event)};
            };
            r.stream = alter_events(std::move(r.stream), std::move(each), c.executor());
            co_return true;
        }
        json::error_code wrong;
        auto value = json::parse(r.body, wrong);
        if (wrong || !now.alter(value)) co_return false;
        r.body = json::serialize(value);
        co_return true;
    }
};

// A merge patch; `without` names members that go, because TOML has no null.
std::optional<json::value> read_result(object_reader& in) {
    json::object patch;
    if (auto const* given = in.object("result")) patch = *given;
    auto const gone = in.texts("without");
    for (auto const& name : gone)
        patch[name] = nullptr;
    if (patch.empty()) return std::nullopt;
    return patch;
}

json::object read_lists(object_reader& in) {
    auto const* lists = in.object("append");
    if (lists == nullptr) return {};
    for (auto const& list : *lists)
        if (!list.value().is_array()) in.fail("append", "expected lists");
    return *lists;
}

}  // namespace

new_effect read_rpc(object_reader& in) {
    auto e = std::make_shared<other_response>();
    auto& rule = e->rule;
    rule.result = read_result(in);
    if (auto const* answer = in.object("answer")) rule.answer = *answer;
    if (auto const* error = in.object("error")) rule.error = *error;
    if (auto const* members = in.object("members")) rule.members = *members;
    rule.append = read_lists(in);
    constexpr std::string_view ids[] = {"null", "other_type"};
    if (auto const i = in.choice("id", ids))
        rule.id = *i == 0 ? identity::null : identity::other_type;
    if (in.boolean("another_id") == true) rule.id = identity::another;
    rule.batch = in.boolean("batch").value_or(false);
    bool const nothing = !rule.answer && !rule.result && !rule.error && !rule.members &&
                         rule.append.empty() && rule.id == identity::right && !rule.batch;
    if (nothing)
        in.need_something(
            "result", "answer, result, without, append, error, members, id, another_id or batch");
    return e;
}

}  // namespace tollgate::control::effects
