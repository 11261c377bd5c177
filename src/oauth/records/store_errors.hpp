// Store failures in the words of the protocol: it cannot be reached. For the vault's own files.
#pragma once

#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

// Not-found and conflict are for the callers to interpret.
inline problem as_oauth_error(problem const& why) {
    if (why.status() == 404 || why.status() == 409) return why;
    return errors::temporarily_unavailable.log("store: " + why.error());
}

template <class T>
outcome<T> as_oauth_error(outcome<T> result) {
    if (result) return result;
    return as_oauth_error(result.error());
}

}  // namespace tollgate::oauth
