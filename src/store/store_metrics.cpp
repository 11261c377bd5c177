#include "store/store_metrics.hpp"

namespace tollgate::oauth {

metric store_reads(metric::kind::counter, "tollgate_store_reads_total", "Questions to the store.");
metric store_writes(metric::kind::counter, "tollgate_store_writes_total",
                    "Changes of the store that were written.");
metric failed_store_reads(metric::kind::counter, "tollgate_store_failures_total{call=\"read\"}",
                          "Calls to the store that could not be done.");
metric failed_store_writes(metric::kind::counter, "tollgate_store_failures_total{call=\"write\"}",
                           "Calls to the store that could not be done.");

}  // namespace tollgate::oauth
