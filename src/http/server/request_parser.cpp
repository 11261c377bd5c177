#include "http/server/request_parser.hpp"

#include <algorithm>

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace tollgate::http {
namespace {

namespace beast_http = boost::beast::http;

std::string_view plain(boost::beast::string_view v) noexcept {
    return {v.data(), v.size()};
}

verb verb_of(beast_http::verb v) noexcept {
    switch (v) {
        case beast_http::verb::get:
            return verb::get;
        case beast_http::verb::head:
            return verb::head;
        case beast_http::verb::post:
            return verb::post;
        case beast_http::verb::put:
            return verb::put;
        case beast_http::verb::patch:
            return verb::patch;
        case beast_http::verb::delete_:
            return verb::delete_;
        case beast_http::verb::options:
            return verb::options;
        default:
            return verb::other;
    }
}

constexpr refusal line_too_long{414, "The request line is too long."};
constexpr refusal fields_too_large{431, "The header fields of the request are too large."};
constexpr refusal body_too_large{413, "The request body is too large."};

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// RFC 9112 §2.3: "HTTP/" DIGIT "." DIGIT of another major version, or "HTTP/2" as people call it.
// What is none of these is no version at all, and 400.
bool names_another_version(std::string_view request_line) noexcept {
    constexpr std::string_view name = "HTTP/";
    auto version = request_line.substr(request_line.rfind(' ') + 1);
    if (!version.starts_with(name)) return false;
    version.remove_prefix(name.size());
    bool const whole = version.size() == 3 && version[1] == '.' && is_digit(version[2]);
    return (whole || version.size() == 1) && is_digit(version[0]) && version[0] != '1';
}

// Beast lets bytes above ASCII pass; a URL has none (RFC 3986 §2).
bool is_ascii(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x7f; });
}

// Marks a failure whose reason is in refusal_: any error stops Beast.
constexpr auto stop = boost::system::errc::operation_canceled;

}  // namespace

request_parser::request_parser(limits const& allowed, request& into, std::string& body)
    : allowed_(allowed), request_(into), body_(body) {
    eager(true);
    body_limit(allowed.max_body);
    // Beast counts the request line in; the fields alone are counted in on_field_impl.
    auto const whole = allowed.max_request_line + allowed.max_header + 4;
    header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(whole, 0xffffffffu)));
    request_.headers.clear();
}

void request_parser::refuse(unsigned status, std::string_view sentence, error_code& ec) noexcept {
    refusal_ = {status, sentence};
    ec = boost::system::errc::make_error_code(stop);
}

refusal request_parser::why(boost::system::error_code ec,
                            std::string_view request_line) const noexcept {
    if (refusal_.status != 0) return refusal_;
    using beast_http::error;
    if (ec == error::header_limit) return fields_too_large;
    if (ec == error::body_limit) return body_too_large;
    if (ec == error::bad_version && names_another_version(request_line))
        return {505, "This server speaks HTTP/1.1 and HTTP/1.0."};
    if (ec == error::bad_version) return {400, "The request line is not METHOD TARGET HTTP/1.1."};
    if (ec == error::bad_method) return {400, "The method is malformed."};
    if (ec == error::bad_target)
        return {400, "The request target holds a character that a URL may not hold."};
    // RFC 9112 §6.1, §6.3: both framings together are how requests are smuggled.
    if (ec == error::bad_content_length || ec == error::multiple_content_length)
        return {400, "Content-Length is malformed, or contradicts the rest of the request."};
    if (ec == error::bad_transfer_encoding)
        return {400, "Transfer-Encoding is repeated, or contradicts Content-Length."};
    if (ec == error::bad_chunk || ec == error::bad_chunk_extension)
        return {400, "The chunked body is malformed."};
    if (ec == error::bad_field || ec == error::bad_value || ec == error::bad_obs_fold)
        return {400, "A header field is malformed."};
    return {400, "The request is malformed."};
}

void request_parser::on_request_impl(beast_http::verb method, text name, text target, int version,
                                     error_code& ec) {
    request_.method = verb_of(method);
    request_.method_text = plain(name);
    request_.version = static_cast<unsigned>(version);
    if (name.size() + target.size() + 10 > allowed_.max_request_line)
        return refuse(line_too_long.status, line_too_long.sentence, ec);
    if (!is_ascii(plain(target)) || !take_target(plain(target)))
        return refuse(400, "The request target is neither a path nor an http URL with a host.", ec);
    // RFC 9110 §7.4: a request for an https resource that did not come over TLS is rejected. Of the
    // other way round it says the same in general, and two origins must not become one.
    if (named_tls_ && *named_tls_ != request_.tls)
        refuse(421,
               request_.tls ? "This port speaks TLS and answers for no http URL."
                            : "This port speaks plain HTTP and answers for no https URL.",
               ec);
    // RFC 9112 §3.2.4: "The 'asterisk-form' of request-target is only used for a server-wide
    // OPTIONS request".
    if (request_.path == "*" && request_.method != verb::options)
        refuse(400, "The request target * belongs to OPTIONS alone.", ec);
}

// RFC 9112 §3.2.2: the absolute form must be accepted, and its authority replaces Host.
bool request_parser::take_target(std::string_view target) noexcept {
    // RFC 9112 §3.2: no form of it has a fragment.
    if (target.find('#') != std::string_view::npos) return false;
    if (target.front() != '/' && target != "*") {
        auto const scheme = target.find("://");
        if (scheme == std::string_view::npos) return false;
        named_tls_ = iequals(target.substr(0, scheme), "https");
        if (!*named_tls_ && !iequals(target.substr(0, scheme), "http")) return false;
        target.remove_prefix(scheme + 3);
        auto const end = std::min(target.find_first_of("/?"), target.size());
        authority_ = target.substr(0, end);
        if (authority_.empty() || authority_.find('@') != std::string_view::npos) return false;
        target.remove_prefix(end);
        // RFC 9112 §3.2.4: OPTIONS of a URL without a path means the server as a whole.
        if (target.empty()) target = request_.method == verb::options ? "*" : "/";
    }
    request_.target = target;
    auto const question = std::min(target.find('?'), target.size());
    request_.path = target.substr(0, question);
    request_.query = target.substr(std::min(question + 1, target.size()));
    if (request_.path.empty()) request_.path = "/";
    return true;
}

void request_parser::on_field_impl(beast_http::field f, text name, text value, error_code& ec) {
    // Trailer fields: nothing here wants one (RFC 9110 §6.5.1: they may be discarded).
    if (is_header_done()) return;
    field_bytes_ += name.size() + value.size() + 4;
    if (field_bytes_ > allowed_.max_header)
        return refuse(fields_too_large.status, fields_too_large.sentence, ec);
    if (request_.headers.size() == allowed_.max_header_count)
        return refuse(431, "The request has too many header fields.", ec);
    // A folded value is one that Beast had to assemble: it does not stand behind its name
    // (RFC 9112 §5.2: a server may refuse it).
    if (!value.empty() && (value.data() < name.data() ||
                           value.data() > name.data() + name.size() + allowed_.max_header))
        return refuse(400, "A header field is folded over two lines.", ec);
    request_.headers.push_back({plain(name), plain(value)});
    if (f == beast_http::field::host) return host(request_.headers.back(), ec);
    if (f == beast_http::field::expect) return expect(plain(value), ec);
    if (f == beast_http::field::content_length) return content_length_field(plain(value), ec);
    if (f == beast_http::field::connection && beast_http::token_list{value}.exists("close"))
        closes_ = true;
    // RFC 9112 §6.1: a coding that is not understood is answered with 501.
    if (f == beast_http::field::transfer_encoding && !iequals(plain(value), "chunked"))
        refuse(501, "The only transfer coding understood is chunked.", ec);
}

void request_parser::host(header_view& field, error_code& ec) {
    if (has_host_) return refuse(400, "The request has two Host fields.", ec);
    has_host_ = true;
    if (!authority_.empty()) field.value = authority_;
}

// RFC 9110 §10.1.1: an expectation other than 100-continue may be refused with 417.
void request_parser::expect(std::string_view value, error_code& ec) {
    if (!iequals(value, "100-continue"))
        return refuse(417, "The only expectation understood is 100-continue.", ec);
    expects_continue_ = request_.version >= 11;
}

// RFC 9112 §6.3: a list of equal lengths may be collapsed or refused; whoever stands before us may
// have chosen the other way.
void request_parser::content_length_field(std::string_view value, error_code& ec) {
    if (has_length_ || value.find(',') != std::string_view::npos)
        return refuse(400, "The request has more than one Content-Length.", ec);
    has_length_ = true;
}

void request_parser::on_header_impl(error_code& ec) {
    // RFC 9112 §3.2: a HTTP/1.1 request without Host is answered with 400.
    if (!has_host_ && request_.version >= 11)
        return refuse(400, "The request has no Host field.", ec);
    if (!has_host_ && !authority_.empty()) request_.headers.push_back({"Host", authority_});
    if (chunked() && request_.version == 10) refuse(400, "HTTP/1.0 has no transfer codings.", ec);
}

std::size_t request_parser::on_body_impl(text bytes, error_code&) {
    body_.append(bytes.data(), bytes.size());
    return bytes.size();
}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t, text bytes, error_code& ec) {
    if (body_.size() + bytes.size() > allowed_.max_body) {
        refuse(body_too_large.status, body_too_large.sentence, ec);
        return 0;
    }
    return on_body_impl(bytes, ec);
}

}  // namespace tollgate::http
