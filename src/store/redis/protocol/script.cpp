#include "store/redis/protocol/script.hpp"

#include <openssl/evp.h>

namespace tollgate::oauth::redis {

namespace {

// What a script may use. Everything that could fail stands before the first change.
constexpr char const* helpers = R"lua(
-- What a change may be done under: until when, and the token of an ownership, whose key then stands
-- behind the others.
local deadline, fence = string.match(ARGV[1] or '', '^(%-?%d+) ?(.*)$')
local last_key = #KEYS
if fence and fence ~= '' then last_key = last_key - 1 end
local function is_lost() return last_key < #KEYS and redis.call('GET', KEYS[#KEYS]) ~= fence end
local function is_late()
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000) > tonumber(deadline) or is_lost()
end
local function late()
  local t = redis.call('TIME')
  if is_lost() then return {'lost'} end
  return {'late', t[1], t[2]}
end
local function end_of(value) return string.sub(value, 1, 20) end
local function version_of(value) return string.sub(value, 21, 40) end
local function groups_of(value)
  local names, at, last = {}, 52, 51 + tonumber(string.sub(value, 42, 51))
  while at <= last do
    local colon = string.find(value, ':', at, true)
    local size = tonumber(string.sub(value, at, colon - 1))
    if size > 0 then names[#names + 1] = string.sub(value, colon + 1, colon + size) end
    at = colon + size + 1
  end
  return names
end
local function is_dead(dead, value, now)
  for _, name in ipairs(groups_of(value)) do
    local till = redis.call('ZSCORE', dead, name)
    if till and tonumber(till) > tonumber(now) then return true end
  end
  return false
end
local function member(name, id) return #name .. ':' .. name .. '/' .. id end
-- What `value` says stands in the hash under that key, and in the groups that are its own.
local function add(hash, due, members, kind, key, value, when)
  local id = kind .. ':' .. key
  redis.call('HSET', hash, key, value)
  if when ~= '' then redis.call('ZADD', due, when, id) end
  for _, name in ipairs(groups_of(value)) do redis.call('ZADD', members, 0, member(name, id)) end
end
local function drop(hash, due, members, kind, key)
  local value = redis.call('HGET', hash, key)
  if not value then return false end
  local id = kind .. ':' .. key
  redis.call('HDEL', hash, key)
  for _, name in ipairs(groups_of(value)) do redis.call('ZREM', members, member(name, id)) end
  redis.call('ZREM', due, id)
  return value
end
-- Of realm_keys::all(): those of the kinds stand behind the first three.
local function hash_of(kind) return KEYS[4 + tonumber(kind)] end
local function drop_id(id)
  local colon = string.find(id, ':', 1, true)
  local kind = string.sub(id, 1, colon - 1)
  return drop(hash_of(kind), KEYS[1], KEYS[2], kind, string.sub(id, colon + 1))
end
)lua";

std::string sha1_in_hex(std::string const& text) {
    static constexpr char hex[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
    std::string all;
    for (unsigned i = 0; i < size; ++i) {
        all += hex[digest[i] >> 4];
        all += hex[digest[i] & 15];
    }
    return all;
}

}  // namespace

script::script(std::string const& text) : text_(helpers + text), digest_(sha1_in_hex(text_)) {}

script const& put_script() {
    static script const one(R"lua(
if is_late() then return late() end
local function hash_at(i) return KEYS[3 + i / 4] end
-- Sent again: what a version of ours stands for is there as a whole.
local first = redis.call('HGET', hash_at(4), ARGV[5])
if first and version_of(first) == version_of(ARGV[6]) then return {'done'} end
for i = 4, #ARGV, 4 do
  if is_dead(KEYS[3], ARGV[i + 2], ARGV[3]) then return {'dead'} end
  local there = redis.call('HGET', hash_at(i), ARGV[i + 1])
  if there and end_of(there) > ARGV[2] then return {'conflict'} end
end
for i = 4, #ARGV, 4 do
  -- One that is over and was not swept yet makes room.
  drop(hash_at(i), KEYS[1], KEYS[2], ARGV[i], ARGV[i + 1])
  add(hash_at(i), KEYS[1], KEYS[2], ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
end
return {'done'}
)lua");
    return one;
}

script const& redeem_script() {
    static script const one(R"lua(
if is_late() then return late() end
local value = redis.call('HGET', KEYS[1], ARGV[2])
if not value or end_of(value) <= ARGV[3] then return {'none'} end
if string.sub(value, 41, 41) == '1' then
  if version_of(value) == ARGV[4] then return {'first', value} end  -- sent again
  return {'again', value}
end
-- Whoever is about to replace it has to look again: a new version.
value = end_of(value) .. ARGV[4] .. '1' .. string.sub(value, 42)
redis.call('HSET', KEYS[1], ARGV[2], value)
return {'first', value}
)lua");
    return one;
}

script const& replace_script() {
    static script const one(R"lua(
if is_late() then return late() end
local old = redis.call('HGET', KEYS[4], ARGV[3])
if old and version_of(old) == version_of(ARGV[7]) then return {'done'} end  -- sent again
if is_dead(KEYS[3], ARGV[7], ARGV[5]) then return {'dead'} end
if not old or end_of(old) <= ARGV[4] then return {'none'} end
if version_of(old) ~= ARGV[6] then return {'conflict'} end
-- What was used stays used, whatever else of it is changed.
local value = string.sub(ARGV[7], 1, 40) .. string.sub(old, 41, 41) .. string.sub(ARGV[7], 42)
drop(KEYS[4], KEYS[1], KEYS[2], ARGV[2], ARGV[3])
add(KEYS[4], KEYS[1], KEYS[2], ARGV[2], ARGV[3], value, ARGV[8])
return {'done'}
)lua");
    return one;
}

script const& erase_script() {
    static script const one(R"lua(
if is_late() then return late() end
drop(KEYS[4], KEYS[1], KEYS[2], ARGV[2], ARGV[3])
return {'done'}
)lua");
    return one;
}

// Members go before the tombstone is set: a server that is out of memory refuses a script that
// begins by taking some, and lets one go on that gave some back.
script const& erase_group_script() {
    static script const one(R"lua(
if is_late() then return late() end
local start = #ARGV[2] .. ':' .. ARGV[2]
local found = redis.call('ZRANGEBYLEX', KEYS[2], '[' .. start .. '/', '(' .. start .. '0')
local alive = 0
for _, name in ipairs(found) do
  local value = drop_id(string.sub(name, #start + 2))
  if value and end_of(value) > ARGV[3] then alive = alive + 1 end
end
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', ARGV[4])
return {'done', alive}
)lua");
    return one;
}

script const& erase_kinds_script() {
    static script const one(R"lua(
if is_late() then return late() end
local alive = 0
for i = 3, #ARGV do
  for _, key in ipairs(redis.call('HKEYS', hash_of(ARGV[i]))) do
    local value = drop(hash_of(ARGV[i]), KEYS[1], KEYS[2], ARGV[i], key)
    if end_of(value) > ARGV[2] then alive = alive + 1 end
  end
end
return {'done', alive}
)lua");
    return one;
}

script const& replace_all_script() {
    static script const one(R"lua(
if is_late() then return late() end
for i = 1, last_key do redis.call('DEL', KEYS[i]) end
for i = 2, #ARGV, 4 do
  add(hash_of(ARGV[i]), KEYS[1], KEYS[2], ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
end
return {'done'}
)lua");
    return one;
}

script const& sweep_script() {
    static script const one(R"lua(
if is_late() then return late() end
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[2], 'LIMIT', 0, ARGV[3])
for _, id in ipairs(found) do
  -- Without a record it would stay for ever.
  if not drop_id(id) then redis.call('ZREM', KEYS[1], id) end
end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', ARGV[4])
local left = 0
for i = 3, last_key do left = left + redis.call('EXISTS', KEYS[i]) end
return {'done', #found, left}
)lua");
    return one;
}

script const& page_script() {
    static script const one(R"lua(
local some = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', ARGV[3])
local found = {some[1]}
for i = 1, #some[2], 2 do
  local value = some[2][i + 1]
  if end_of(value) > ARGV[1] and string.sub(value, 41, 41) == '0' then
    found[#found + 1] = some[2][i]
  end
end
return found
)lua");
    return one;
}

script const& copy_script() {
    static script const one(R"lua(
local all = {}
for i, key in ipairs(KEYS) do all[i] = redis.call('HGETALL', key) end
return all
)lua");
    return one;
}

script const& forget_realm_script() {
    static script const one(R"lua(
if is_late() then return late() end
if redis.call('ZSCORE', KEYS[1], ARGV[2]) ~= ARGV[3] then return {'conflict'} end
redis.call('ZREM', KEYS[1], ARGV[2])
return {'done'}
)lua");
    return one;
}

script const& look_script() {
    static script const one(R"lua(
local types = {'hash', 'zset', 'zset', 'zset', 'zset', 'hash'}
local any = 0
for i, key in ipairs(KEYS) do
  local is = redis.call('TYPE', key).ok
  if is ~= 'none' and is ~= types[i] then return {'foreign', key} end
  if i > 1 and is ~= 'none' then any = 1 end
end
if redis.call('EXISTS', KEYS[1]) == 0 then
  if any == 1 then return {'foreign', KEYS[1]} end
  return {'empty'}
end
if redis.call('HGET', KEYS[1], 'program') ~= 'tollgate' then return {'foreign', KEYS[1]} end
return {'known', redis.call('HGET', KEYS[1], 'schema') or '', redis.call('HGET', KEYS[1], 'key') or '',
        redis.call('HGET', KEYS[1], 'importing') or ''}
)lua");
    return one;
}

}  // namespace tollgate::oauth::redis
