#include "control/conversation/observation.hpp"

#include <charconv>

#include <boost/json/parse.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "http/message/request.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

field_list fields_of(std::string_view block) {
    field_list fields;
    while (!block.empty()) {
        auto const end = block.find("\r\n");
        auto const line = block.substr(0, end);
        block = end == block.npos ? std::string_view() : block.substr(end + 2);
        auto const colon = line.find(": ");
        if (colon != line.npos) fields.push_back({line.substr(0, colon), line.substr(colon + 2)});
    }
    return fields;
}

std::string_view first_of(field_list const& fields, std::string_view name) noexcept {
    for (auto const& f : fields)
        if (http::iequals(f.name, name)) return f.value;
    return {};
}

http::form form_of(std::string_view encoded) {
    auto read = http::form::parse(encoded);
    return read ? std::move(*read) : http::form();
}

// What was not kept whole is none.
json::value json_of(recorded_message const& m, std::string_view content_type) {
    auto const type = http::media_type(content_type);
    bool const is_json = type == "application/json" || type.ends_with("+json");
    if (!is_json || m.body.empty() || m.body.size() != m.body_size) return nullptr;
    json::error_code wrong;
    auto value = json::parse(m.body, wrong);
    return wrong ? json::value(nullptr) : std::move(value);
}

void read_request(observation& o, recorded_message const& m) {
    std::string_view const start = m.start;
    auto const space = start.find(' ');
    o.method = start.substr(0, space);
    auto const target = space == start.npos ? std::string_view() : start.substr(space + 1);
    auto const question = target.find('?');
    o.path = target.substr(0, question);
    if (question != target.npos) o.query = form_of(target.substr(question + 1));
    o.sent = fields_of(m.fields);
    auto const type = first_of(o.sent, "Content-Type");
    if (http::media_type(type) == "application/x-www-form-urlencoded" &&
        m.body.size() == m.body_size)
        o.form = form_of(m.body);
    o.body = json_of(m, type);
    auto const authorization = trim(first_of(o.sent, "Authorization"));
    auto const gap = authorization.find(' ');
    o.scheme = authorization.substr(0, gap);
    if (gap != authorization.npos) o.credential = trim(authorization.substr(gap));
}

void read_answer(observation& o, recorded_message const& m) {
    std::from_chars(m.start.data(), m.start.data() + m.start.size(), o.status);
    o.got = fields_of(m.fields);
    o.answer = json_of(m, first_of(o.got, "Content-Type"));
}

}  // namespace

observation observe(event_ptr e) {
    observation o;
    o.source = std::move(e);
    if (!o.source->exchange) return o;
    read_request(o, o.source->exchange->request);
    read_answer(o, o.source->exchange->response);
    return o;
}

time_point observation::arrived() const noexcept {
    return source->exchange ? source->exchange->arrived : source->time;
}

bool observation::cut() const noexcept {
    return source->exchange && source->exchange->how == delivery::cut;
}

std::string_view observation::header(std::string_view name) const noexcept {
    return first_of(sent, name);
}

std::string_view observation::answer_header(std::string_view name) const noexcept {
    return first_of(got, name);
}

std::string observation::peer() const {
    auto text = source->exchange ? source->exchange->peer : std::string();
    auto const agent = header("User-Agent");
    if (!agent.empty()) text += ", \"" + printable(agent, 60) + '"';
    return text;
}

std::string observation::peer_key() const {
    return (source->exchange ? source->exchange->peer : std::string()) + '|' +
           std::string(header("User-Agent"));
}

std::vector<json::object const*> observation::messages() const {
    std::vector<json::object const*> all;
    if (auto const* one = body.if_object()) all.push_back(one);
    if (auto const* batch = body.if_array())
        for (auto const& item : *batch)
            if (auto const* one = item.if_object()) all.push_back(one);
    return all;
}

std::string_view observation::mcp_method() const noexcept {
    json::object const* first = body.if_object();
    if (auto const* batch = body.if_array(); batch && !batch->empty())
        first = batch->front().if_object();
    if (first)
        if (auto const method = text_member(*first, "method")) return *method;
    return facts().mcp_method;
}

bool observation::is_bearer() const noexcept {
    return http::iequals(scheme, "Bearer") || http::iequals(scheme, "DPoP");
}

std::string parameter_of(std::string_view url, std::string_view name) {
    // A question mark behind "#" is of the fragment (RFC 3986 section 3.5).
    url = url.substr(0, url.find('#'));
    auto const question = url.find('?');
    if (question == url.npos) return {};
    return std::string(form_of(url.substr(question + 1)).one(name).value_or(""));
}

}  // namespace tollgate::control
