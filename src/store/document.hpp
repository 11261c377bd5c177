// Documents: what is one thing and changes as a whole, kept as a record.
#pragma once

#include <functional>
#include <string>

#include "store/store.hpp"

namespace tollgate::oauth {

// Writes what `make` says at a moment after everything that was written before: of many who keep
// the same document, the one who writes last has seen what the others had done. `s` must outlive
// it.
task<outcome<void>> keep_newest(store& s, std::string realm, kind k, std::string key,
                                std::function<std::string()> make);

}  // namespace tollgate::oauth
