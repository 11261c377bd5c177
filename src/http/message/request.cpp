#include "http/message/request.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tollgate::http {

std::string_view to_string(verb v) noexcept {
    switch (v) {
        case verb::get:
            return "GET";
        case verb::head:
            return "HEAD";
        case verb::post:
            return "POST";
        case verb::put:
            return "PUT";
        case verb::patch:
            return "PATCH";
        case verb::delete_:
            return "DELETE";
        case verb::options:
            return "OPTIONS";
        case verb::other:
            break;
    }
    return "other";
}

std::string_view request::header(std::string_view name) const noexcept {
    for (auto const& h : headers) {
        if (iequals(h.name, name)) return h.value;
    }
    return {};
}

std::string request::list(std::string_view name) const {
    std::string out;
    for (auto const& h : headers) {
        if (!iequals(h.name, name)) continue;
        if (!out.empty()) out += ", ";
        out += h.value;
    }
    return out;
}

std::size_t request::count(std::string_view name) const noexcept {
    auto const n = std::count_if(headers.begin(), headers.end(),
                                 [name](header_view const& h) { return iequals(h.name, name); });
    return static_cast<std::size_t>(n);
}

namespace {

// RFC 9110 §12.4.2: a weight of 0 ("0", "0.", "0.000") means not acceptable.
bool weight_is_zero(std::string_view parameters) noexcept {
    while (!parameters.empty()) {
        auto const p = next_part(parameters, ';');
        if (p.size() < 3 || (p[0] != 'q' && p[0] != 'Q') || p[1] != '=') continue;
        return p[2] == '0' && p.find_first_not_of("0.", 2) == std::string_view::npos;
    }
    return false;
}

// 0: does not admit; 1: "*/*"; 2: "type/*"; 3: the very type. The most specific range decides.
int precision(std::string_view range, std::string_view type) noexcept {
    if (range == "*/*") return 1;
    if (range.ends_with("/*")) {
        auto const main = range.substr(0, range.size() - 1);
        return type.size() > main.size() && iequals(type.substr(0, main.size()), main) ? 2 : 0;
    }
    return iequals(range, type) ? 3 : 0;
}

}  // namespace

std::string media_type(std::string_view content_type) {
    return to_lower(trim(content_type.substr(0, content_type.find(';'))));
}

bool accepts(std::string_view accept, std::string_view type) {
    int best = 0;
    bool admitted = false;
    while (!accept.empty()) {
        auto element = next_part(accept, ',');
        auto const range = next_part(element, ';');
        auto const p = precision(range, type);
        if (p <= best) continue;
        best = p;
        admitted = !weight_is_zero(element);
    }
    return admitted;
}

bool accepts(request const& r, std::string_view type) {
    if (r.count("Accept") < 2) return accepts(r.header("Accept"), type);
    return accepts(std::string_view(r.list("Accept")), type);
}

bool wants_page(request const& r) {
    auto const accept = r.list("Accept");
    return accept.find("text/html") != std::string::npos && accepts(accept, "text/html") &&
           accept.find("application/json") == std::string::npos;
}

}  // namespace tollgate::http
