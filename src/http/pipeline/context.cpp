#include "http/pipeline/context.hpp"

#include <array>

#include <boost/json/parser.hpp>

#include "base/text.hpp"
#include "http/pipeline/router.hpp"

namespace tollgate::http {

namespace {

constexpr std::size_t max_json_depth = 64;

problem bad_body(std::string sentence) {
    return problem(400, "invalid_request", std::move(sentence));
}

// RFC 6749 §5.2: an error_description holds neither quotes nor backslashes.
std::string sent_type(request const& r) {
    auto const value = r.header("Content-Type");
    if (value.empty()) return "has no Content-Type";
    auto shown = printable(value);
    for (auto& c : shown) {
        if (c == '"' || c == '\\') c = '\'';
    }
    return "is " + shown;
}

bool is_json_type(std::string_view type) noexcept {
    return type == "application/json" ||
           (type.starts_with("application/") && type.ends_with("+json"));
}

outcome<form> read_form(request const& r) {
    constexpr std::string_view wanted = "application/x-www-form-urlencoded";
    auto const type = r.header("Content-Type");
    if (type != wanted && media_type(type) != wanted) {
        return bad_body("the body " + sent_type(r) +
                        "; this endpoint reads application/x-www-form-urlencoded");
    }
    return form::parse(r.body);
}

outcome<boost::json::value> read_json(request const& r) {
    auto const type = r.header("Content-Type");
    if (type != "application/json" && !is_json_type(media_type(type))) {
        return bad_body("the body " + sent_type(r) + "; this endpoint reads application/json");
    }
    if (r.body.empty()) return bad_body("the body is empty; this endpoint reads application/json");
    boost::json::parse_options options;
    options.max_depth = max_json_depth;
    // Room for what is not put together yet: that of most messages.
    std::array<unsigned char, 2048> room;
    // The parser itself, because it knows at which byte it stopped.
    boost::json::parser parser({}, options, room.data(), room.size());
    boost::system::error_code error;
    auto const used = parser.write(r.body.data(), r.body.size(), error);
    if (error) {
        return bad_body("the body is not JSON: " + error.message() + " at byte " +
                        std::to_string(used));
    }
    return parser.release();
}

// The outcome that the caller sees: a pointer into the cache, or the problem again.
template <class T>
outcome<T const*> seen(outcome<T> const& cached) {
    if (!cached) return cached.error();
    return &*cached;
}

}  // namespace

context::context(http::request const& received, http::place const& where, std::string_view path,
                 route_match const& matched, tollgate::clock const& real_time,
                 boost::asio::any_io_executor executor, std::string request_id)
    : request_(received),
      place_(where),
      path_(path),
      route_(matched),
      clock_(real_time),
      executor_(std::move(executor)),
      request_id_(std::move(request_id)) {}

std::string_view context::endpoint() const noexcept {
    return route_.endpoint;
}

bool context::guarded() const noexcept {
    return (route_.flags & http::guarded) != 0;
}

std::string_view context::parameter(std::string_view name) const noexcept {
    for (auto const& [n, value] : route_.parameters) {
        if (n == name) return value;
    }
    return {};
}

outcome<form const*> context::query() {
    if (!query_) query_.emplace(form::parse(request_.query));
    return seen(*query_);
}

outcome<form const*> context::body_form() {
    if (!body_form_) body_form_.emplace(read_form(request_));
    return seen(*body_form_);
}

outcome<boost::json::value const*> context::body_json() {
    if (!body_json_) body_json_.emplace(read_json(request_));
    return seen(*body_json_);
}

std::vector<std::pair<std::string, std::string>> context::notes() const {
    std::vector<std::pair<std::string, std::string>> all;
    auto const add = [&](std::string_view key, std::string const& value) {
        if (!value.empty()) all.emplace_back(std::string(key), value);
    };
    auto const& f = facts_;
    add("client_id", f.client_id);
    add("subject", f.subject);
    add("grant", f.grant_type);
    add("family", f.family);
    add("session", f.session);
    add("mcp_method", f.mcp_method);
    add("tool", f.tool);
    add("decision", f.decision);
    for (auto const& fault : f.faults)
        add("fault", fault);
    add("error", f.error);
    add("why", f.refused_by);
    all.insert(all.end(), notes_.begin(), notes_.end());
    return all;
}

void context::take_over(context const& part) {
    auto const& from = part.facts_;
    auto const over = [](std::string& to, std::string const& value) {
        if (!value.empty()) to = value;
    };
    over(facts_.session, from.session);
    over(facts_.mcp_method, from.mcp_method);
    over(facts_.tool, from.tool);
    over(facts_.error, from.error);
    over(facts_.refused_by, from.refused_by);
    facts_.faults.insert(facts_.faults.end(), from.faults.begin(), from.faults.end());
    notes_.insert(notes_.end(), part.notes_.begin(), part.notes_.end());
}

void context::note(std::string_view key, std::string value) {
    notes_.emplace_back(std::string(key), std::move(value));
}

}  // namespace tollgate::http
