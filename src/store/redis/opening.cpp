#include "store/redis/opening.hpp"

#include <charconv>
#include <stdexcept>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/log/log.hpp"
#include "store/key_file.hpp"

namespace tollgate::oauth::redis {

namespace {

[[noreturn]] void refuse_server(session const& s, std::string const& why) {
    throw std::runtime_error(s.name() + ' ' + why);
}

// "role:master" of INFO.
std::string_view value_of(std::string_view info, std::string_view field) {
    auto const wanted = '\n' + std::string(field) + ':';
    auto const at = info.find(wanted);
    if (at == std::string_view::npos) return {};
    auto const rest = info.substr(at + wanted.size());
    return rest.substr(0, rest.find_first_of("\r\n"));
}

// What a person can do about it.
std::string advice_for(std::string_view why, url const& server) {
    auto const begins = [&](std::string_view with) { return why.starts_with(with); };
    if (begins("NOAUTH")) return "; write redis://user:password@… in store.url";
    if (begins("WRONGPASS") || begins("ERR AUTH") || begins("ERR invalid password"))
        return "; correct user and password in store.url";
    if (begins("NOPERM"))
        return "; its user must be allowed the keys of store.prefix, and the commands eval, "
               "evalsha, "
               "info and those of strings, hashes and sorted sets";
    if (begins("TLS"))
        return "; the certificate must be known (SSL_CERT_FILE names those that are), and made out "
               "to " +
               server.where.host;
    if (begins("ERR DB index") || begins("ERR SELECT"))
        return "; store.url must end in the number of a database that there is";
    if (begins("LOADING")) return "; start again when it has read its data";
    return "; start the server, or name another one in store.url";
}

request command(session const& s, std::vector<std::string> words) {
    request r(s.keys.slot(), std::move(words));
    r.needs_lock = false;
    return r;
}

void check_server(session& s) {
    auto const info = '\n' + must(s, command(s, {"INFO"})).text;
    if (value_of(info, "role") != "master")
        refuse_server(s, "is a replica, which takes no writes; name its master in store.url");
    auto const policy = value_of(info, "maxmemory_policy");
    if (!policy.empty() && policy != "noeviction")
        log(log_level::warning, "store_evicts",
            {{"maxmemory_policy", policy},
             {"why",
              "the server forgets records when its memory is full, and with them what was "
              "revoked or used; set maxmemory-policy noeviction"}});
    if (value_of(info, "aof_enabled") == "0")
        log(log_level::warning, "store_not_durable",
            {{"why",
              "the server keeps no append-only file: what it has not saved is lost when it "
              "ends; set appendonly yes"}});
}

struct found_records {
    bool empty = true;
    std::string key_check;
    bool half_imported = false;
};

// At a start nobody looks for longer.
constexpr std::chrono::milliseconds looking_life{5'000};

found_records look_at(session& s) {
    std::vector<std::string> keys{s.keys.of("meta"), s.keys.of("realms"),
                                  s.keys.of("due"),  s.keys.of("members"),
                                  s.keys.of("dead"), s.keys.of(kind::realm)};
    request r(s.keys.slot(), look_script(), std::move(keys), {}, false);
    r.needs_lock = false;
    auto const got = must(s, std::move(r));
    auto const what = got.item(0);
    found_records found;
    if (what == "empty") return found;
    if (what == "foreign")
        refuse_server(s, "has keys of another program (" + std::string(got.item(1)) +
                             "); use another store.prefix");
    if (got.item(1) != schema_version)
        refuse_server(s, "was written by a later tollgate (schema " + std::string(got.item(1)) +
                             ", and this one knows " + schema_version +
                             "); use that one, or another store.prefix");
    found.empty = false;
    found.key_check = got.item(2);
    found.half_imported = !got.item(3).empty();
    return found;
}

void take_key(session& s, redis_options const& o, found_records const& found) {
    key_place where;
    where.path = o.key_file;
    where.setting = "store.key_file";
    where.seals = s.name();
    where.instead = "use another store.prefix";
    where.locks = false;  // others may use it too
    key_file key(where, found.empty && o.may_make);
    if (!found.empty && !key.fits(found.key_check))
        throw std::runtime_error("store.key_file: " + key.path() +
                                 " is not the key that the records of " + s.name() +
                                 " were sealed with; bring the right one, or use another "
                                 "store.prefix");
    s.secret = key.secret();
    s.key_check = found.empty ? key.check() : found.key_check;
}

std::vector<std::string> meta_words(session const& s) {
    return {"HSET",   s.keys.of("meta"), "program", "tollgate",
            "schema", schema_version,    "key",     s.key_check};
}

}  // namespace

session::session(url server, redis_options const& o)
    : prefix(o.prefix),
      keys(o.prefix, server_wide),
      over(std::move(server), o.ca_file, o.timeout),
      in(over, o.prefix),
      held(over, keys, o.same, o.alone) {}

std::string session::name() const {
    return "store.url: " + over.server().shown() + " with the prefix " + prefix;
}

void session::keep() {
    held.keep([this](bool emptied) {
        // Another process may have been here meanwhile, or the data may have gone.
        in.names().let_all_go();
        in.fenced().doubt();
        if (!emptied) return;
        log(log_level::error, "store_was_emptied",
            {{"why", "the server has lost what was written: tokens of before are unknown"}});
        auto restoring = restore_meta();
        boost::asio::co_spawn(over.io(), std::move(restoring), boost::asio::detached);
    });
}

task<void> session::restore_meta() {
    auto words = meta_words(*this);
    words.push_back("starts");
    words.push_back(starts);
    request r(keys.slot(), std::move(words));
    co_await in.write(std::move(r));
}

void session::begin_looking() {
    auto const ours = held.id();
    for (auto const end = steady::now() + 2 * looking_life; steady::now() < end;) {
        auto const got = must(*this, command(*this, {"SET", keys.of("opening"), ours, "NX", "PX",
                                                     std::to_string(looking_life.count())}));
        if (got.text == "OK") return;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    refuse_server(*this, "is being opened by others without end; start again");
}

// It runs out where the server does not hear this.
void session::end_looking() {
    over.ask_now(command(*this, {"DEL", keys.of("opening")}));
}

void session::close() {
    held.release();
    over.stop();
}

reply must(session& s, request r) {
    auto const got = s.over.ask_now(std::move(r));
    if (auto const why = got.why_not(); !why.empty())
        refuse_server(s, "cannot be used: " + why + advice_for(why, s.over.server()));
    return got.value;
}

std::unique_ptr<session> open_session(redis_options const& o, bool half_is_fine) {
    auto server = parse_url(o.url);
    if (!server) throw std::runtime_error("store.url " + server.error().why);
    auto made = std::make_unique<session>(std::move(*server), o);
    auto& s = *made;
    check_server(s);
    // Before anything is written there; and again, for nobody else makes anything from then on.
    look_at(s);
    s.held.take(s.name());
    try {
        s.begin_looking();
        auto const found = look_at(s);
        if (found.empty && !o.may_make) refuse_server(s, "has no records");
        if (found.half_imported && !half_is_fine)
            refuse_server(s, "has a part of an import that was interrupted; do the import again");
        take_key(s, o, found);
        must(s, command(s, meta_words(s)));
        auto const starts = must(s, command(s, {"HINCRBY", s.keys.of("meta"), "starts", "1"}));
        s.starts = std::to_string(starts.number);
        s.in.begin_versions(static_cast<std::uint64_t>(starts.number));
        s.end_looking();
    } catch (...) {
        s.end_looking();
        s.close();
        throw;
    }
    s.over.be_patient();
    return made;
}

}  // namespace tollgate::oauth::redis
