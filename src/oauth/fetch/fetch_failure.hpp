// Fetch failure: why a document that a stranger named is of no use, because of what is wrong with
// it or because nobody could tell. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/system/error_code.hpp>

#include "http/client/client.hpp"
#include "http/message/problem.hpp"

namespace tollgate::oauth {

// A document, as sentences about it need it.
struct fetched_thing {
    std::string const& noun;  // "the client metadata document"
    std::string const& url;
    http::allowed_addresses reach;
    std::size_t most;  // bytes

    fetched_thing(std::string const& w, std::string const& u, http::allowed_addresses r,
                  std::size_t m)
        : noun(w), url(u), reach(r), most(m) {}
};

// It is not what it should be: 401 invalid_client, "`what` `sentence`". Of a document on this
// machine one sentence says all, whatever is wrong: nobody learns which of its ports are open, or
// what answers there. The log has the reason.
problem bad_document(fetched_thing const& t, std::string_view sentence);

// Nobody could tell, which is no fault of the client: 503 temporarily_unavailable with Retry-After
// (RFC 9110 §15.6.4) of `seconds`.
problem document_away(fetched_thing const& t, std::string_view sentence, unsigned seconds = 5);

// It could not be fetched. Definite: it is too large, or the URL has an address that we may not
// ask. What DNS says of a name, it may say otherwise tomorrow; a name without an address and one
// with an address of ours are told in the same words.
problem not_fetched(fetched_thing const& t, boost::system::error_code const& ec);

// It was answered with something else than 200. 408, 425, 429 and 5xx say nothing about it; their
// Retry-After is passed on, up to an hour.
problem not_answered(fetched_thing const& t, http::client_response const& got);

// A problem of these that says nothing about the document.
bool is_away(problem const& p) noexcept;

// The same problem, and what a person can do about it who runs this server: `url` may be out of
// reach from here and fine elsewhere.
problem with_ways_out(problem const& why, std::string_view url);

}  // namespace tollgate::oauth
