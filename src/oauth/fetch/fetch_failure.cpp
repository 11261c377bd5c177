#include "oauth/fetch/fetch_failure.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

#include "base/text.hpp"
#include "http/message/url.hpp"
#include "oauth/fetch/provider_failure.hpp"
#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

constexpr unsigned longest_wait = 3'600;  // seconds

std::string shown(fetched_thing const& t, std::string const& whole) {
    if (t.reach != http::allowed_addresses::only_loopback) return whole;
    return t.noun +
           " on this machine could not be fetched, or is none; the log of this server says why";
}

// RFC 9110 §10.2.3. A date is not worth the trouble.
std::optional<unsigned> wait_of(http::client_response const& got) {
    auto const text = trim(got.headers.get("Retry-After"));
    unsigned seconds = 0;
    auto const* end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, seconds);
    if (text.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return std::clamp(seconds, 1u, longest_wait);
}

bool asks_dns(std::string const& url) {
    auto const to = http::split_url(url);
    if (!to || to->host.front() == '[') return false;
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(to->host, not_an_address);
    return not_an_address && !http::is_localhost(to->host);
}

problem without_address(fetched_thing const& t, boost::system::error_code const& ec) {
    bool const hides = t.reach == http::allowed_addresses::only_public;
    std::string const told =
        hides ? "has no public address" : "could not be fetched: " + ec.message();
    auto const why = asks_dns(t.url) ? document_away(t, told) : bad_document(t, told);
    return why.log(t.noun + ' ' + told + ": " + ec.message());
}

bool says_later(unsigned status) {
    constexpr std::array later{408u, 425u, 429u};
    return status >= 500 || std::ranges::find(later, status) != later.end();
}

}  // namespace

problem bad_document(fetched_thing const& t, std::string_view sentence) {
    auto const whole = t.noun + ' ' + std::string(sentence);
    return errors::invalid_client.because(shown(t, whole)).log(whole);
}

problem document_away(fetched_thing const& t, std::string_view sentence, unsigned seconds) {
    auto const whole = t.noun + ' ' + std::string(sentence);
    return problem(503, "temporarily_unavailable", shown(t, whole) + "; try again later")
        .with("Retry-After", std::to_string(seconds))
        .log(whole);
}

problem not_fetched(fetched_thing const& t, boost::system::error_code const& ec) {
    namespace errc = boost::system::errc;
    namespace error = boost::asio::error;
    bool const nowhere = ec == errc::permission_denied || ec == error::host_not_found;
    if (nowhere) return without_address(t, ec);
    if (ec == error::message_size)
        return bad_document(t, "is larger than " + std::to_string(t.most) + " bytes");
    if (ec == error::timed_out) return document_away(t, "did not come within 5 seconds");
    if (ec == error::host_not_found_try_again)
        return document_away(t, "could not be fetched: no name server knows its host now");
    if (ec == errc::resource_unavailable_try_again)
        return document_away(t, "is not fetched now: too many host names are being looked up", 1);
    return document_away(t, "could not be fetched: " + ec.message());
}

problem not_answered(fetched_thing const& t, http::client_response const& got) {
    if (got.status / 100 == 3)
        return bad_document(t, "is a redirect, and redirects are not followed");
    auto const sentence = "was answered with status " + std::to_string(got.status) + ", not 200";
    if (!says_later(got.status)) return bad_document(t, sentence);
    auto const wait = wait_of(got);
    return wait ? document_away(t, sentence, *wait) : document_away(t, sentence);
}

bool is_away(problem const& p) noexcept {
    return p.status() == 503;
}

problem with_ways_out(problem const& why, std::string_view url) {
    return why.because(
        why.description() + " (" + printable(url) +
        ", as seen from this server). A file can stand in for it: "
        "[[client_documents]] with url and file. With "
        "registration.client_id_metadata_documents = false clients register instead");
}

}  // namespace tollgate::oauth
