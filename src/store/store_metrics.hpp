// What /metrics tells of the store, whichever backend counts it.
#pragma once

#include "base/metrics.hpp"

namespace tollgate::oauth {

extern metric store_reads;
extern metric store_writes;
extern metric failed_store_reads;
extern metric failed_store_writes;

}  // namespace tollgate::oauth
