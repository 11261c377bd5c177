// A store in front of another, in which something goes wrong.
#pragma once

#include <memory>

#include "oauth/store_trouble.hpp"
#include "store/store.hpp"

namespace tollgate::oauth {

// `behind` must outlive it.
std::unique_ptr<store> make_troubled_store(store& behind, store_trouble what);

}  // namespace tollgate::oauth
