// Scripts: every change of the records is one of them, done as a whole or not at all.
//
// Redis runs one at a time. Each may be sent again where its reply was lost: it knows by the
// versions that it brings what it has done already. ARGV[1] of those that change something is the
// moment, in milliseconds of the clock of the server, after which they do nothing and say "late":
// whoever was told that the store does not answer must not be surprised by a change later. A token
// of an ownership may follow it, and the key where that lies stands behind the other KEYS then:
// where another token lies there they do nothing and say "lost" (store/ownership.hpp).
//
// They say what has happened by their first word: "done", "none", "conflict", "dead", "first",
// "again", "late", "lost".
#pragma once

#include <string>

namespace tollgate::oauth::redis {

class script {
public:
    // `text` in Lua 5.1; what `helpers` of script.cpp define is there, too.
    explicit script(std::string const& text);

    std::string const& text() const noexcept { return text_; }
    std::string const& digest() const noexcept { return digest_; }  // for EVALSHA

private:
    std::string text_;
    std::string digest_;
};

// KEYS: due, members, dead, then the kind of each record. ARGV: deadline, time of the realm, real
// milliseconds, then kind, key, record and when it is due of each.
script const& put_script();
// KEYS: the kind. ARGV: deadline, key, time of the realm, new version. With the record.
script const& redeem_script();
// KEYS: due, members, dead, the kind. ARGV: deadline, kind, key, time of the realm, real
// milliseconds, version that it must have, record, when it is due.
script const& replace_script();
// KEYS: due, members, dead, the kind. ARGV: deadline, kind, key.
script const& erase_script();
// KEYS: all. ARGV: deadline, group, time of the realm, real milliseconds, until when it is dead.
// With how many of them were alive.
script const& erase_group_script();
// KEYS: all. ARGV: deadline, time of the realm, kinds. Likewise.
script const& erase_kinds_script();
// KEYS: all. ARGV: deadline, then as put_script.
script const& replace_all_script();
// KEYS: all. ARGV: deadline, milliseconds until which what is due is over, how many at most, real
// milliseconds. With how many there were, and whether records are left.
script const& sweep_script();
// KEYS: the kind. ARGV: time of the realm, where the page begins ("0" at first), about how many.
// With where the next one begins ("0": nowhere) and the keys of what is alive and was not redeemed.
script const& page_script();
// KEYS: the kinds. For each, keys and records by turns.
script const& copy_script();
// KEYS: the realms. ARGV: deadline, name, the score that it must have.
script const& forget_realm_script();
// instance_scripts.cpp

// KEYS: what the key of an instance begins with, instances, meta, lock (of versions that shared
// nothing). ARGV: id, milliseconds for which it lives, its record, and "again" where it has one
// there, else "first". "held", whether the meta is there, and id and record of each other; or
// "taken" or "differs", the record of whom, and for how long it lives; or, where it was to have one
// and has none, "lapsed".
script const& join_script();
// KEYS: likewise the first two. ARGV: id.
script const& leave_script();
// KEYS: owner. ARGV: deadline, id of who claims, the token that may be taken away. "mine" or
// "other", and the token.
script const& claim_script();
// KEYS: owner. ARGV: deadline, the token, milliseconds after which nobody needs to know; empty:
// never.
script const& release_script();
// KEYS: meta, realms, due, members, dead, a kind: of the realm "". "empty", or "known", schema,
// check of the key, import that was not finished; or "foreign" and the key that is of another type.
script const& look_script();

}  // namespace tollgate::oauth::redis
