#include "http/pipeline/router.hpp"

#include <array>
#include <stdexcept>
#include <unordered_map>

#include "base/text.hpp"
#include "http/message/form.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::http {

namespace {

constexpr std::size_t verb_count = static_cast<std::size_t>(verb::other);
// 404, 405 and OPTIONS keep what the layers need to know of the path, but nothing that would
// ask for a token or make a realm.
constexpr unsigned kept_flags =
    no_cors | navigation | control_plane | origin_root | public_document;

struct row {
    std::string endpoint;
    unsigned flags = plain_route;
    handler run;
};

// Everything that answers at one path.
struct path_rows {
    std::array<std::unique_ptr<row>, verb_count> by_verb;

    row const* find(verb method) const noexcept {
        if (method == verb::other) return nullptr;
        auto const& exact = by_verb[static_cast<std::size_t>(method)];
        if (exact || method != verb::head) return exact.get();
        auto const* const get = by_verb[static_cast<std::size_t>(verb::get)].get();
        // RFC 9110 §9.2.1: HEAD is safe, also where GET is not.
        return get != nullptr && (get->flags & once) != 0 ? nullptr : get;
    }

    bool lists(verb method) const noexcept {
        auto const* r = method == verb::options ? nullptr : find(method);
        return r != nullptr && (method != verb::head || (r->flags & no_head) == 0);
    }

    std::string allow() const {
        std::string methods;
        for (std::size_t i = 0; i < verb_count; ++i) {
            auto const method = static_cast<verb>(i);
            if (!lists(method)) continue;
            methods += to_string(method);
            methods += ", ";
        }
        return methods + "OPTIONS";
    }

    row const& any() const noexcept {
        for (auto const& r : by_verb) {
            if (r) return *r;
        }
        return *by_verb.front();  // not reached: no path without a row
    }

    unsigned common_flags() const noexcept {
        unsigned flags = 0;
        for (auto const& r : by_verb) {
            if (r) flags |= r->flags;
        }
        return flags & kept_flags;
    }
};

struct segment {
    std::string text;  // literal, or the parameter's name
    bool is_parameter = false;
};

struct pattern {
    std::string path;
    std::vector<segment> segments;
    std::shared_ptr<path_rows> rows;
};

std::vector<segment> split_pattern(std::string_view path) {
    std::vector<segment> segments;
    path.remove_prefix(1);
    for (;;) {
        auto const end = path.find('/');
        auto const text = path.substr(0, end);
        bool const named = text.size() > 2 && text.front() == '{' && text.back() == '}';
        segments.push_back({std::string(named ? text.substr(1, text.size() - 2) : text), named});
        if (end == std::string_view::npos) return segments;
        path.remove_prefix(end + 1);
    }
}

// May leave parameters in `found` although it does not fit in the end.
bool fits(pattern const& p, std::string_view path, route_match& found) {
    if (path.empty() || path.front() != '/') return false;
    path.remove_prefix(1);
    for (std::size_t i = 0; i < p.segments.size(); ++i) {
        auto const end = path.find('/');
        bool const last = i + 1 == p.segments.size();
        if (last != (end == std::string_view::npos)) return false;
        auto const text = path.substr(0, end);
        auto const& s = p.segments[i];
        if (!s.is_parameter && s.text != text) return false;
        if (s.is_parameter) {
            auto value = percent_decode(text);
            if (!value || value->empty()) return false;
            found.parameters.emplace_back(s.text, std::move(*value));
        }
        if (!last) path.remove_prefix(end + 1);
    }
    return true;
}

// A person with a browser gets a page, programs get JSON.
problem::shown_as page_or_json(context const& c) {
    return wants_page(c.request()) ? problem::shown_as::page : problem::shown_as::oauth_json;
}

task<outcome<reply>> answer_not_found(context& c) {
    auto sentence = "nothing is served at " + printable(c.path());
    co_return problem(404, "not_found", std::move(sentence)).as(page_or_json(c));
}

task<outcome<reply>> answer_wrong_method(context& c) {
    auto const& allow = c.route().allow;
    auto const methods = allow.substr(0, allow.rfind(", OPTIONS"));
    auto sentence = printable(c.path()) + " answers " + methods + ", not " +
                    printable(c.request().method_text, 32);
    auto const how = page_or_json(c);
    if (how == problem::shown_as::page)
        sentence += ". It is an address for programs: opening it in a browser shows nothing.";
    problem wrong(405, "method_not_allowed", std::move(sentence));
    // RFC 9110 §9.1: a method that is unknown here on any resource.
    if (c.request().method == verb::other)
        wrong = problem(501, "not_implemented", wrong.description());
    co_return wrong.with("Allow", allow).as(how);
}

task<outcome<reply>> answer_options(context& c) {
    reply r(204);
    r.headers.add("Allow", c.route().allow);
    co_return r;
}

handler const not_found(&answer_not_found);
handler const wrong_method(&answer_wrong_method);
handler const options(&answer_options);

struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept {
        return std::hash<std::string_view>()(s);
    }
};

}  // namespace

struct router::table {
    std::unordered_map<std::string, std::shared_ptr<path_rows>, text_hash, std::equal_to<>> exact;
    std::vector<pattern> patterns;

    std::shared_ptr<path_rows> find_declared(std::string_view path) const {
        if (auto const at = exact.find(path); at != exact.end()) return at->second;
        for (auto const& p : patterns) {
            if (p.path == path) return p.rows;
        }
        return nullptr;
    }

    // What some path or other answers, as Allow has it.
    std::string every_method() const {
        std::array<bool, verb_count> known{};
        auto const take = [&](path_rows const& rows) {
            for (std::size_t i = 0; i < verb_count; ++i)
                known[i] = known[i] || rows.lists(static_cast<verb>(i));
        };
        for (auto const& [path, rows] : exact)
            take(*rows);
        for (auto const& p : patterns)
            take(*p.rows);
        std::string methods;
        for (std::size_t i = 0; i < verb_count; ++i) {
            if (!known[i]) continue;
            methods += to_string(static_cast<verb>(i));
            methods += ", ";
        }
        return methods + "OPTIONS";
    }

    void declare(std::string_view path, std::shared_ptr<path_rows> rows) {
        if (path.empty() || path.front() != '/') {
            throw std::logic_error("a route must start with '/': " + std::string(path));
        }
        if (path.find('{') == std::string_view::npos) {
            exact.emplace(std::string(path), std::move(rows));
        } else {
            patterns.push_back({std::string(path), split_pattern(path), std::move(rows)});
        }
    }

    path_rows const* look_up(std::string_view path, route_match& found) const {
        if (auto const at = exact.find(path); at != exact.end()) return at->second.get();
        for (auto const& p : patterns) {
            // What a pattern has taken that fitted halfway.
            found.parameters.clear();
            if (fits(p, path, found)) return p.rows.get();
        }
        found.parameters.clear();
        return nullptr;
    }
};

router::router() : table_(std::make_unique<table>()) {}
router::~router() = default;
router::router(router&&) noexcept = default;
router& router::operator=(router&&) noexcept = default;

void router::add_row(std::string_view path, verb method, std::string_view endpoint, unsigned flags,
                     handler run) {
    if (method == verb::other || !run) {
        throw std::logic_error("a route needs a method and a handler: " + std::string(path));
    }
    auto rows = table_->find_declared(path);
    if (!rows) {
        rows = std::make_shared<path_rows>();
        table_->declare(path, rows);
    }
    auto& slot = rows->by_verb[static_cast<std::size_t>(method)];
    if (slot) {
        throw std::logic_error("two routes for " + std::string(to_string(method)) + ' ' +
                               std::string(path));
    }
    slot = std::make_unique<row>(row{std::string(endpoint), flags, std::move(run)});
}

void router::alias(std::string_view path, std::string_view existing) {
    auto rows = table_->find_declared(existing);
    if (!rows) throw std::logic_error("alias of a route that is not: " + std::string(existing));
    if (table_->find_declared(path)) {
        throw std::logic_error("an alias over a route: " + std::string(path));
    }
    table_->declare(path, std::move(rows));
}

route_match router::match(verb method, std::string_view path) const {
    route_match found;
    // RFC 9110 §9.3.7: the server as a whole. No other method comes with this target.
    if (path == "*" && method == verb::options) {
        found.run = &options;
        found.allow = table_->every_method();
        return found;
    }
    auto const* rows = table_->look_up(path, found);
    if (!rows) {
        found.run = &not_found;
        // Whatever stands below it, or does not: the control plane's rules come first.
        if (path == "/control" || path.starts_with("/control/"))
            found.flags = control_plane | no_cors;
        return found;
    }
    if (auto const* r = rows->find(method)) {
        found.run = &r->run;
        found.endpoint = r->endpoint;
        found.flags = r->flags;
        return found;
    }
    found.run = method == verb::options ? &options : &wrong_method;
    found.endpoint = rows->any().endpoint;
    found.flags = rows->common_flags();
    found.allow = rows->allow();
    return found;
}

}  // namespace tollgate::http
