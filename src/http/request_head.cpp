#include "http/request_head.hpp"

#include <algorithm>
#include <array>

#include "http/text.hpp"

namespace tollgate::http {
namespace {

constexpr std::array<bool, 256> make_token_table() {
    std::array<bool, 256> table{};
    for (unsigned char c = '0'; c <= '9'; ++c)
        table[c] = true;
    for (unsigned char c = 'a'; c <= 'z'; ++c)
        table[c] = true;
    for (unsigned char c = 'A'; c <= 'Z'; ++c)
        table[c] = true;
    for (unsigned char c :
         {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~'})
        table[c] = true;
    return table;
}
constexpr auto token_table = make_token_table();

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

// RFC 9110 §5.5: visible characters, obs-text, spaces and tabs; NUL, CR and other controls never.
bool is_field_value(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return (c >= 0x20 && c != 0x7f) || c == '\t'; });
}

verb verb_of(std::string_view method) noexcept {
    for (auto v :
         {verb::post, verb::get, verb::head, verb::put, verb::patch, verb::delete_, verb::options})
        if (to_string(v) == method) return v;
    return verb::other;
}

bool has_token(std::string_view list, std::string_view wanted) noexcept {
    while (!list.empty())
        if (iequals(next_part(list, ','), wanted)) return true;
    return false;
}

std::optional<std::uint64_t> parse_length(std::string_view digits) noexcept {
    if (digits.empty() || digits.size() > 18) return std::nullopt;
    std::uint64_t n = 0;
    for (char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        n = n * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return n;
}

class head_parser {
public:
    head_parser(limits const& allowed, request& into, head_facts& facts)
        : allowed_(allowed), request_(into), facts_(facts) {}

    std::optional<refusal> parse(std::string_view head) {
        auto const end_of_line = head.find("\r\n");
        if (end_of_line == std::string_view::npos) return refusal{400, "The request is cut short."};
        if (auto bad = request_line(head.substr(0, end_of_line))) return bad;
        if (auto bad = fields(head.substr(end_of_line + 2))) return bad;
        return verdict();
    }

private:
    std::optional<refusal> request_line(std::string_view line) {
        if (line.size() > allowed_.max_request_line)
            return refusal{414, "The request line is too long."};
        auto const first = line.find(' ');
        auto const last = line.rfind(' ');
        if (first == std::string_view::npos || first == last)
            return refusal{400, "The request line is not METHOD TARGET HTTP/1.1."};
        request_.method_text = line.substr(0, first);
        if (!is_token(request_.method_text)) return refusal{400, "The method is malformed."};
        request_.method = verb_of(request_.method_text);
        if (auto bad = version(line.substr(last + 1))) return bad;
        return target(line.substr(first + 1, last - first - 1));
    }

    std::optional<refusal> version(std::string_view text) {
        if (text == "HTTP/1.1") {
            request_.version = 11;
        } else if (text == "HTTP/1.0") {
            request_.version = 10;
            facts_.keep_alive = false;
        } else if (text.starts_with("HTTP/")) {
            return refusal{505, "This server speaks HTTP/1.1 and HTTP/1.0."};
        } else {
            return refusal{400, "The request line does not end with an HTTP version."};
        }
        return std::nullopt;
    }

    std::optional<refusal> target(std::string_view text) {
        bool const printable = std::all_of(text.begin(), text.end(),
                                           [](unsigned char c) { return c > 0x20 && c < 0x7f; });
        if (text.empty() || !printable)
            return refusal{400, "The request target holds a character that a URL may not hold."};
        if (text.front() != '/' && text != "*" && request_.method_text != "CONNECT")
            if (auto bad = absolute_form(text)) return bad;
        request_.target = text;
        auto const question = std::min(text.find('?'), text.size());
        request_.path = text.substr(0, question);
        request_.query = text.substr(std::min(question + 1, text.size()));
        if (request_.path.empty()) request_.path = "/";
        return std::nullopt;
    }

    // RFC 9112 §3.2.2: a server must accept it, and its authority replaces the Host field.
    // Leaves path and query in `text`.
    std::optional<refusal> absolute_form(std::string_view& text) {
        auto const scheme = std::min(text.find("://"), text.size());
        if (!iequals(text.substr(0, scheme), "http") && !iequals(text.substr(0, scheme), "https"))
            return refusal{400, "The request target is neither a path nor an http URL."};
        text.remove_prefix(scheme + 3);
        auto const end = std::min(text.find_first_of("/?"), text.size());
        authority_ = text.substr(0, end);
        if (authority_.empty() || authority_.find('@') != std::string_view::npos)
            return refusal{400, "The request target has no usable host."};
        text.remove_prefix(end);
        if (text.empty()) text = "/";
        return std::nullopt;
    }

    std::optional<refusal> fields(std::string_view rest) {
        request_.headers.clear();
        for (;;) {
            auto const end = rest.find("\r\n");
            if (end == std::string_view::npos) return refusal{400, "The request is cut short."};
            if (end == 0) return std::nullopt;
            if (request_.headers.size() == allowed_.max_header_count)
                return refusal{431, "The request has too many header fields."};
            if (auto bad = field(rest.substr(0, end))) return bad;
            rest.remove_prefix(end + 2);
        }
    }

    std::optional<refusal> field(std::string_view line) {
        // RFC 9112 §5.2: a server may refuse folded lines.
        if (line.front() == ' ' || line.front() == '\t')
            return refusal{400, "A header field is folded over two lines."};
        auto const colon = line.find(':');
        // RFC 9112 §5.1: white space before the colon must be refused.
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
            return refusal{400, "A header field is malformed."};
        header_view const one{line.substr(0, colon), trim(line.substr(colon + 1))};
        if (!is_field_value(one.value))
            return refusal{400, "A header field holds a control character."};
        request_.headers.push_back(one);
        return special(request_.headers.back());
    }

    // The fields that frame the message.
    std::optional<refusal> special(header_view& one) {
        switch (one.name.size()) {
            case 4:
                if (iequals(one.name, "Host")) return host(one);
                break;
            case 6:
                if (iequals(one.name, "Expect")) return expect(one.value);
                break;
            case 10:
                if (iequals(one.name, "Connection")) connection(one.value);
                break;
            case 14:
                if (iequals(one.name, "Content-Length")) return content_length(one.value);
                break;
            case 17:
                if (iequals(one.name, "Transfer-Encoding")) return transfer_encoding(one.value);
                break;
            default:
                break;
        }
        return std::nullopt;
    }

    std::optional<refusal> host(header_view& one) {
        if (has_host_) return refusal{400, "The request has two Host fields."};
        has_host_ = true;
        if (!authority_.empty()) one.value = authority_;
        return std::nullopt;
    }

    // RFC 9110 §10.1.1: an expectation other than 100-continue may be refused with 417.
    std::optional<refusal> expect(std::string_view value) {
        if (!iequals(value, "100-continue"))
            return refusal{417, "The only expectation understood is 100-continue."};
        facts_.expects_continue = request_.version >= 11;
        return std::nullopt;
    }

    void connection(std::string_view value) {
        if (has_token(value, "close")) close_ = true;
        if (request_.version == 10 && has_token(value, "keep-alive")) facts_.keep_alive = true;
    }

    std::optional<refusal> content_length(std::string_view value) {
        if (facts_.content_length)
            return refusal{400, "The request has two Content-Length fields."};
        facts_.content_length = parse_length(value);
        if (!facts_.content_length) return refusal{400, "Content-Length is not a number."};
        return std::nullopt;
    }

    std::optional<refusal> transfer_encoding(std::string_view value) {
        if (facts_.chunked) return refusal{400, "The request has two Transfer-Encoding fields."};
        // RFC 9112 §6.1: a coding that is not understood is answered with 501.
        if (!iequals(value, "chunked"))
            return refusal{501, "The only transfer coding understood is chunked."};
        facts_.chunked = true;
        return std::nullopt;
    }

    std::optional<refusal> verdict() {
        // RFC 9112 §6.1, §6.3: both framings together are how requests are smuggled.
        if (facts_.chunked && facts_.content_length)
            return refusal{400, "The request has both Content-Length and Transfer-Encoding."};
        if (facts_.chunked && request_.version == 10)
            return refusal{400, "HTTP/1.0 has no transfer codings."};
        // RFC 9112 §3.2: a HTTP/1.1 request without Host is answered with 400.
        if (!has_host_ && request_.version >= 11)
            return refusal{400, "The request has no Host field."};
        if (!has_host_ && !authority_.empty()) request_.headers.push_back({"Host", authority_});
        if (facts_.content_length.value_or(0) > allowed_.max_body)
            return refusal{413, "The request body is too large."};
        if (close_) facts_.keep_alive = false;
        return std::nullopt;
    }

    limits const& allowed_;
    request& request_;
    head_facts& facts_;
    std::string_view authority_;
    bool has_host_ = false;
    bool close_ = false;
};

}  // namespace

bool is_token_char(char c) noexcept {
    return token_table[static_cast<unsigned char>(c)];
}

std::optional<refusal> parse_head(std::string_view head, limits const& allowed, request& into,
                                  head_facts& facts) {
    facts = head_facts{};
    return head_parser(allowed, into, facts).parse(head);
}

}  // namespace tollgate::http
