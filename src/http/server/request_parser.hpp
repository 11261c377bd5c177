// Request parser: one request, parsed by Beast as its bytes arrive; what it hands out are views
// into the caller's buffer. Knows no socket.
#pragma once

#include <optional>

#include <boost/beast/http/basic_parser.hpp>

#include "http/message/request.hpp"
#include "http/server/server.hpp"

namespace tollgate::http {

// Why a request never reaches the service.
struct refusal {
    unsigned status;
    std::string_view sentence;  // one line for the peer
};

// Deriving from basic_parser instead of using request_parser<string_body> saves an allocation a
// field: Beast shows each field in place and nothing is copied.
class request_parser final : public boost::beast::http::basic_parser<true> {
public:
    // Fills `into` (method, target, fields) and appends the body to `body`.
    request_parser(limits const& allowed, request& into, std::string& body);

    bool expects_continue() const noexcept { return expects_continue_; }
    // RFC 9112 §9.3: "close" wins over "keep-alive", in HTTP/1.0 as well.
    bool persists() const { return keep_alive() && !closes_; }
    // What to answer after put() failed with `ec` on a request with that first line.
    refusal why(boost::system::error_code ec, std::string_view request_line) const noexcept;

private:
    using error_code = boost::beast::error_code;
    using text = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb method, text name, text target, int version,
                         error_code& ec) override;
    void on_response_impl(int, text, int, error_code&) override {}
    void on_field_impl(boost::beast::http::field f, text name, text value, error_code& ec) override;
    void on_header_impl(error_code& ec) override;
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(text bytes, error_code&) override;
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text bytes, error_code& ec) override;
    void on_finish_impl(error_code&) override {}

    void refuse(unsigned status, std::string_view sentence, error_code& ec) noexcept;
    bool take_target(std::string_view target) noexcept;
    void host(header_view& field, error_code& ec);
    void expect(std::string_view value, error_code& ec);
    void content_length_field(std::string_view value, error_code& ec);

    limits const& allowed_;
    request& request_;
    std::string& body_;
    refusal refusal_{0, {}};
    std::string_view authority_;     // of a target in absolute form
    std::optional<bool> named_tls_;  // likewise: its scheme is https
    std::size_t field_bytes_ = 0;
    bool expects_continue_ = false;
    bool has_host_ = false;
    bool has_length_ = false;
    bool closes_ = false;
};

}  // namespace tollgate::http
