#include "control/faults/action.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "http/message/request.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

bool is_json(http::reply const& r) {
    auto const type = http::media_type(r.headers.get("Content-Type"));
    return type == "application/json" || type.ends_with("+json");
}

bool patch_body(http::reply& r, json::value const& patch) {
    if (!is_json(r)) return false;
    json::error_code error;
    auto value = json::parse(r.body, error);
    if (error) return false;
    merge_patch(value, patch);
    r.body = json::serialize(value);
    return true;
}

}  // namespace

void merge_patch(json::value& target, json::value const& patch) {
    auto const* members = patch.if_object();
    if (members == nullptr) {
        target = patch;
        return;
    }
    if (!target.is_object()) target.emplace_object();
    auto& object = target.get_object();
    for (auto const& member : *members) {
        if (member.value().is_null()) {
            object.erase(member.key());
        } else {
            merge_patch(object[member.key()], member.value());
        }
    }
}

http::reply canned_reply(action const& a) {
    http::reply r(a.status.value_or(200));
    r.headers = a.headers;
    r.body = a.body;
    return r;
}

bool is_among(http::reply const& r, answers wanted) noexcept {
    if (wanted == answers::all) return true;
    return (r.status < 400) == (wanted == answers::success);
}

bool alter(http::reply& r, action const& a) {
    if (a.merge_patch) {
        if (r.stream || !patch_body(r, *a.merge_patch)) return false;
    }
    if (a.status) r.status = *a.status;
    for (auto const& h : a.headers)
        r.headers.set(h.name, h.value);
    return true;
}

}  // namespace tollgate::control
