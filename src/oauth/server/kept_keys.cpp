#include "oauth/server/kept_keys.hpp"

#include <exception>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "oauth/model/errors.hpp"
#include "store/document.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

constexpr std::string_view document_of_keys = "keys";

json::object json_of(signing_key const& key) {
    json::object o;
    o["alg"] = key.algorithm();
    o["kid"] = key.key_id();
    o["key"] = key.private_text();
    return o;
}

signing_key key_from(json::value const& v) {
    auto const& o = v.as_object();
    auto const algorithm = algorithm_named(std::string_view(o.at("alg").as_string())).value();
    std::string_view const text = o.at("key").as_string();
    auto const key = algorithm == jws_algorithm::hs256 ? signing_key::from_secret(text)
                                                       : signing_key::from_pem(text, algorithm);
    return key.value().named(std::string(o.at("kid").as_string()));
}

key_ring::image image_from(std::string_view text) {
    auto const document = json::parse(text);
    key_ring::image all;
    for (auto const& one : document.at("keys").as_array()) {
        auto key = key_from(one);
        auto const place = static_cast<std::size_t>(key.algorithm_id());
        all.keys.at(place) = std::move(key);
    }
    for (auto const& one : document.at("old").as_array()) {
        time_point const until(time_point::duration(one.at("until").as_int64()));
        all.old.push_back({key_from(one), until});
    }
    return all;
}

problem damaged_keys() {
    return errors::server_error.log("the signing keys in the store cannot be read");
}

}  // namespace

std::string key_keeper::sealed(std::string_view realm, key_ring::image const& all) const {
    json::array keys;
    for (auto const& key : all.keys)
        if (key) keys.push_back(json_of(*key));
    json::array old;
    for (auto const& one : all.old) {
        auto o = json_of(one.key);
        o["until"] = one.until.time_since_epoch().count();
        old.push_back(std::move(o));
    }
    json::object document;
    document["keys"] = std::move(keys);
    document["old"] = std::move(old);
    return sealer_.seal(json::serialize(document), realm);
}

outcome<key_ring::image> key_keeper::opened(std::string_view realm, std::string_view body) const {
    auto const text = sealer_.open(body, realm);
    if (!text) return damaged_keys();
    try {
        return image_from(*text);
    } catch (std::exception const&) {
        return damaged_keys();
    }
}

kept_record key_keeper::record_of(std::string const& realm, key_ring::image const& own) const {
    return {kind::state, std::string(document_of_keys),
            record(sealed(realm, own), {}, time_point::max())};
}

task<outcome<void>> key_keeper::keep(std::string realm, key_ring const& ring) {
    std::function<std::string()> const make = [this, realm, &ring] {
        return sealed(realm, ring.own());
    };
    std::string key(document_of_keys);
    co_return co_await keep_newest(store_, realm, kind::state, std::move(key), make);
}

task<outcome<std::optional<key_ring::image>>> key_keeper::find(std::string realm) {
    auto const there = co_await store_.get(realm, kind::state, document_of_keys);
    if (!there && there.error().status() == 404) co_return std::optional<key_ring::image>();
    if (!there) co_return there.error();
    auto all = opened(realm, there->body);
    if (!all) co_return all.error();
    co_return std::optional<key_ring::image>(std::move(*all));
}

task<outcome<std::vector<signing_key>>> key_keeper::first_keys() {
    std::string const everywhere(server_wide);
    auto kept = co_await find(everywhere);
    if (!kept) co_return kept.error();
    auto all = std::move(*kept);
    if (!all) {
        all.emplace();
        for (auto const& name : algorithm_names) {
            auto const algorithm = algorithm_named(name).value();
            all->keys.at(static_cast<std::size_t>(algorithm)) = signing_key::generate(algorithm);
        }
        auto one = record_of(everywhere, *all);
        auto const done = co_await store_.put(everywhere, one.kind, one.key, std::move(one.record));
        if (!done && done.error().status() != 409) co_return done.error();
        // Another instance that begins at this moment was faster: its keys are those of all.
        if (!done) {
            auto theirs = co_await find(everywhere);
            if (!theirs) co_return theirs.error();
            if (!*theirs) co_return damaged_keys();
            all = std::move(*theirs);
        }
    }
    std::vector<signing_key> keys;
    for (auto& key : all->keys)
        if (key) keys.push_back(std::move(*key));
    co_return keys;
}

}  // namespace tollgate::oauth
