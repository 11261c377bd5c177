// Minting: what is done to the JWTs that a request makes before they are signed, and how they are
// signed. Usually nothing; whoever wants it otherwise puts another one on the context
// (http::context::keep), and whoever makes tokens does what stands there.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include <boost/json/object.hpp>

#include "oauth/jose/jws_manner.hpp"

namespace tollgate::oauth {

enum class minted { access_token, id_token };

// Immutable; used by any thread.
class minting_step {
public:
    virtual ~minting_step() = default;
    virtual void alter(minted, boost::json::object& /*claims*/, jws_manner&) const {}
    // False: the authorization server will not know the access token that comes of it, where it is
    // a JWT: introspection says that it is none.
    virtual bool keeps_record() const noexcept { return true; }
};

struct minting {
    std::vector<std::shared_ptr<minting_step const>> steps{};

    bool keeps_record() const {
        return std::ranges::all_of(steps, [](auto const& s) { return s->keeps_record(); });
    }
};

// Null stands for the usual one.
inline minting const& minting_of(std::shared_ptr<minting const> const& kept) {
    static minting const usual;
    return kept ? *kept : usual;
}

}  // namespace tollgate::oauth
