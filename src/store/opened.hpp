// What opening a durable store gives, and what is taken out of one to be moved.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/ownership.hpp"
#include "store/store.hpp"

namespace tollgate::oauth {

struct opened_store {
    std::unique_ptr<oauth::store> store;
    // Seals what the records may not show (key_file.hpp): the same whenever this store is opened.
    std::string secret;
    std::string key_check;
    // This is the first program that has it open: no record is older. False where nobody can tell.
    bool is_new = false;
    // Whether calls can be answered now. Any thread, as long as the store lives. Empty: always.
    std::function<bool()> answers;
    // Which process has which realm, where several share the store; as long as that lives. Null:
    // one process has all of them.
    realm_owners* owners = nullptr;
    // What is over may be removed from here on: realms have their clocks. Empty: nothing to do.
    std::function<void()> begin_sweeping;
};

// What a store has, taken out of it: realms by their names, and by what whoever brings it elsewhere
// knows that the right key came with it (key_check of key_file.hpp).
struct taken_out {
    std::vector<std::pair<std::string, realm_records>> realms;
    std::string key_check;
};

}  // namespace tollgate::oauth
