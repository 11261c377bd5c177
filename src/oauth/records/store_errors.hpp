// Store failures in the words of the protocol: it cannot be reached. For the vault's own files.
#pragma once

#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

// Not-found and conflict are for the callers to interpret.
inline problem told(problem const& why) {
    if (why.status() == 404 || why.status() == 409) return why;
    return errors::temporarily_unavailable.log("store: " + why.error());
}

template <class T>
outcome<T> told(outcome<T> result) {
    if (result) return result;
    return told(result.error());
}

}  // namespace tollgate::oauth
