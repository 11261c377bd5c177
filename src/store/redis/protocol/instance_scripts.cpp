// Scripts about the processes that share the records, and whose realms are.
#include "store/redis/protocol/script.hpp"

namespace tollgate::oauth::redis {

// Whoever has had a record and finds it gone is told so, and nothing is written: where that is sent
// twice, the second reply says the same.
script const& join_script() {
    static script const one(R"lua(
local function mode_of(record) return string.match(record, '^[^\n]*') end
local function same_of(record) return string.match(record, '[^\n]*$') end
local old = redis.call('GET', KEYS[4])
if old then
  local host, process = string.match(old, '^%S+ (%S+) (%S+)$')
  local shown = 'alone\n\n' .. (host or '') .. '\n' .. (process or '') .. '\n'
  return {'taken', shown, redis.call('PTTL', KEYS[4])}
end
local mine = KEYS[1] .. ':' .. ARGV[1]
local had = redis.call('GET', mine)
if ARGV[4] == 'again' and not had then return {'lapsed'} end
local mode, same = mode_of(ARGV[3]), same_of(ARGV[3])
local all = {'held', redis.call('EXISTS', KEYS[3])}
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if id ~= ARGV[1] then
    local key = KEYS[1] .. ':' .. id
    local record = redis.call('GET', key)
    if not record then
      redis.call('ZREM', KEYS[2], id)
    elseif mode == 'alone' or mode_of(record) == 'alone' then
      return {'taken', record, redis.call('PTTL', key)}
    elseif same_of(record) ~= same then
      return {'differs', record, redis.call('PTTL', key)}
    else
      all[#all + 1] = id
      all[#all + 1] = record
    end
  end
end
-- A server that is out of memory still lets a record be renewed.
if had == ARGV[3] then
  redis.call('PEXPIRE', mine, ARGV[2])
else
  redis.call('ZADD', KEYS[2], 0, ARGV[1])
  redis.call('SET', mine, ARGV[3], 'PX', ARGV[2])
end
return all
)lua");
    return one;
}

script const& leave_script() {
    static script const one(R"lua(
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[1] .. ':' .. ARGV[1])
return {'done'}
)lua");
    return one;
}

// The epoch grows, and none comes twice, also where the key was forgotten: it is no less than the
// microseconds of the clock.
script const& claim_script() {
    static script const one(R"lua(
if is_late() then return late() end
local holder = redis.call('GET', KEYS[1])
local epoch, id = string.match(holder or '0 -', '^(%d+) (.*)$')
if id == ARGV[2] then return {'mine', holder} end
if id ~= '-' and holder ~= ARGV[3] then return {'other', holder} end
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000000 + tonumber(t[2])
local token = string.format('%.0f', math.max(tonumber(epoch) + 1, now)) .. ' ' .. ARGV[2]
redis.call('SET', KEYS[1], token)
return {'mine', token}
)lua");
    return one;
}

script const& release_script() {
    static script const one(R"lua(
if is_late() then return late() end
if redis.call('GET', KEYS[1]) ~= ARGV[2] then return {'none'} end
local free = string.match(ARGV[2], '^%d+') .. ' -'
if ARGV[3] == '' then redis.call('SET', KEYS[1], free)
else redis.call('SET', KEYS[1], free, 'PX', ARGV[3]) end
return {'done'}
)lua");
    return one;
}

}  // namespace tollgate::oauth::redis
