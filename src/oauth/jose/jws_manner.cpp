#include "oauth/jose/jws_manner.hpp"

#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;
using how_signed = jws_manner::signature;

json::object header_of(signing_key const& key, std::string_view typ, jws_manner const& how) {
    json::object header;
    header["alg"] = key.algorithm();
    if (how.by == how_signed::none) header["alg"] = "none";
    if (how.by == how_signed::public_key) header["alg"] = "HS256";
    header["typ"] = typ;
    header["kid"] = key.key_id();
    for (auto const& member : how.header) {
        if (member.value().is_null())
            header.erase(member.key());
        else
            header[member.key()] = member.value();
    }
    return header;
}

// {"a":1} and {"b":2}: {"a":1,"b":2}, whatever names they have.
std::string payload_of(json::object const& claims, json::object const& twice) {
    auto text = json::serialize(claims);
    if (twice.empty()) return text;
    text.back() = claims.empty() ? ' ' : ',';
    return text + json::serialize(twice).substr(1);
}

std::string signature_of(signing_key const& key, std::string_view bytes, how_signed by) {
    switch (by) {
        case how_signed::none:
            return {};
        case how_signed::other_key:
            return signing_key::generate(key.algorithm_id()).sign(bytes);
        case how_signed::public_key: {
            auto const secret = key.public_pem();
            if (secret.empty()) return key.sign(bytes);
            return signing_key::from_secret(secret)->sign(bytes);
        }
        default:
            break;
    }
    auto right = key.sign(bytes);
    if (by == how_signed::flipped) right.front() = static_cast<char>(right.front() ^ 1);
    if (by == how_signed::truncated) right.resize(right.size() / 2);
    return right;
}

// RFC 7516 §3.1: header, encrypted key, initialization vector, ciphertext, tag.
std::string looks_encrypted(std::string const& token) {
    json::object header;
    header["alg"] = "RSA-OAEP-256";
    header["enc"] = "A256GCM";
    header["cty"] = "JWT";
    return base64url(json::serialize(header)) + '.' + base64url(random_token(96)) + '.' +
           base64url(random_token(8)) + '.' + base64url(digest_of(token) + token) + '.' +
           base64url(random_token(8));
}

std::string compact(signing_key const& key, json::object const& header, std::string_view payload,
                    how_signed by) {
    auto token = base64url(json::serialize(header)) + '.' + base64url(payload);
    auto const signature = signature_of(key, token, by);
    return token + '.' + base64url(signature);
}

}  // namespace

std::string sign_jwt(signing_key const& key, std::string_view typ, json::object const& claims,
                     jws_manner const& how) {
    auto const header = header_of(key, typ, how);
    auto const token = compact(key, header, payload_of(claims, how.twice), how.by);
    if (how.in == jws_manner::wrapping::encrypted) return looks_encrypted(token);
    if (how.in == jws_manner::wrapping::none) return token;
    auto outer = header;
    outer["cty"] = "JWT";
    return sign_jws(key, outer, token);
}

}  // namespace tollgate::oauth
