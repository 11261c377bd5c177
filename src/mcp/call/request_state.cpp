#include "mcp/call/request_state.hpp"

#include <algorithm>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "base/sealer.hpp"

namespace tollgate::mcp {

namespace {

// One key for the process: a restart makes every state void, as it does with sessions.
sealer const& process_sealer() {
    static sealer const one;
    return one;
}

std::int64_t milliseconds(time_point t) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
}

// The same text for equal values, whatever the order of their members.
void append_canonical(std::string& out, json::value const& v) {
    if (auto const* const object = v.if_object()) {
        std::vector<json::string_view> names;
        for (auto const& member : *object)
            names.push_back(member.key());
        std::sort(names.begin(), names.end());
        out += '{';
        for (auto const name : names) {
            out += json::serialize(name);
            append_canonical(out, object->at(name));
        }
        out += '}';
    } else if (auto const* const array = v.if_array()) {
        out += '[';
        for (auto const& element : *array) {
            append_canonical(out, element);
            out += ',';
        }
        out += ']';
    } else {
        out += json::serialize(v);
    }
}

void append_part(std::string& out, std::string_view part) {
    out += std::to_string(part.size());
    out += ':';
    out += part;
}

// Who asked for what, where: the state opens for exactly that.
std::string binding_of(call const& c) {
    std::string out;
    append_part(out, std::to_string(c.http.realm().id()));
    auto const* const who = c.who();
    append_part(out, who != nullptr ? who->authority() : std::string());
    append_part(out, who != nullptr ? who->subject : std::string());
    append_part(out, who != nullptr ? who->client_id : std::string());
    append_part(out, c.request.method);
    for (auto const* const field : {"name", "uri", "arguments"}) {
        auto const* const params = c.request.params;
        auto const* const value = params != nullptr ? params->if_contains(field) : nullptr;
        std::string text;
        if (value != nullptr) append_canonical(text, *value);
        append_part(out, text);
    }
    return sha256(out);
}

rpc_error invalid_state() {
    return rpc_error(error_code::invalid_params,
                     "params.requestState is not one of this request, or is no longer valid");
}

}  // namespace

boost::system::result<std::string, rpc_error> seal_state(call const& c, json::object const& kept) {
    json::object content;
    content["until"] = milliseconds(c.http.now() + state_lifetime);
    content["kept"] = kept;
    auto sealed = process_sealer().seal(json::serialize(content), binding_of(c));
    if (sealed.size() > max_state) {
        return rpc_error(error_code::internal, "The answers so far are too large to be kept");
    }
    return sealed;
}

boost::system::result<json::object, rpc_error> open_state(call const& c, std::string_view state) {
    if (state.size() > max_state) return invalid_state();
    auto const opened = process_sealer().open(state, binding_of(c));
    if (!opened) return invalid_state();
    json::parse_options deep;  // as deep as a body may be, and what we put around it
    deep.max_depth = 80;
    auto content = json::parse(*opened, {}, deep).as_object();
    if (content.at("until").as_int64() <= milliseconds(c.http.now())) return invalid_state();
    return std::move(content.at("kept").as_object());
}

}  // namespace tollgate::mcp
